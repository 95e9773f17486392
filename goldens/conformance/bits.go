package conformance

import (
	"bytes"
	"crypto/sha256"
	_ "embed" // the committed digests
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"strings"

	"sawmill/kpn"
)

// BitTable holds the digests of what a device gave for each case: the SHA-256
// of the samples that the case's own job renders, as float32, little-endian,
// output by output, each a dense [B, C, F] tensor; and that of the gradients
// for cotangents drawn with [CotangentSeed], in the order of
// [kpn.Gradients], those without values left out, float32 or float64 as the
// engine gives them. An engine whose samples are float64 has neither.
type BitTable struct {
	// Device is what gave the bits.
	Device string
	Lines  []BitLine
}

// BitLine is one case of the table.
type BitLine struct {
	Case string
	Digests
}

// Digests are SHA-256 in hexadecimal, empty where there is none.
type Digests struct {
	Samples, Gradients string
}

// The table's file.
const (
	bitsFile   = "goldens/conformance/bits.txt"
	bitsHeader = "sawmill bits 1"
	noDigest   = "-"
)

//go:embed bits.txt
var committedBits []byte

// CommittedBits are the digests that come with this package, written by
// go run ./goldens/regenerate bits.
func CommittedBits() (*BitTable, error) { return ParseBits(bitsFile, committedBits) }

// ParseBits reads what [BitTable.Encode] writes, strictly. It fails with
// *[FileError].
func ParseBits(file string, data []byte) (*BitTable, error) {
	if len(data) > maxTableBytes {
		return nil, &FileError{file, "", fmt.Sprintf("it has %d bytes, allowed is %d", len(data), maxTableBytes)}
	}
	t := &BitTable{}
	lines := strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
	if lines[0] != bitsHeader {
		return nil, &FileError{file, "line 1", fmt.Sprintf("want %q", bitsHeader)}
	}
	seen := map[string]bool{}
	for i, line := range lines[1:] {
		fault := func(format string, args ...any) error {
			return &FileError{file, fmt.Sprintf("line %d", i+2), fmt.Sprintf(format, args...)}
		}
		if device, ok := strings.CutPrefix(line, "device "); ok && i == 0 && device != "" {
			t.Device = device
			continue
		}
		if i == 0 {
			return nil, fault("want the device that gave the bits")
		}
		fields := strings.Split(line, " ")
		if len(fields) != 3 || fields[0] == "" {
			return nil, fault("want a case, the digest of its samples and that of its gradients")
		}
		if seen[fields[0]] {
			return nil, fault("case %s is there twice", fields[0])
		}
		seen[fields[0]] = true
		l := BitLine{Case: fields[0]}
		for k, to := range []*string{&l.Samples, &l.Gradients} {
			text := fields[k+1]
			if text == noDigest {
				continue
			}
			if raw, err := hex.DecodeString(text); err != nil || len(raw) != sha256.Size || strings.ToLower(text) != text {
				return nil, fault("%q is no SHA-256", text)
			}
			*to = text
		}
		t.Lines = append(t.Lines, l)
	}
	if t.Device == "" {
		return nil, &FileError{file, "line 2", "want the device that gave the bits"}
	}
	return t, nil
}

// Encode writes the table as text, a line a case.
func (t *BitTable) Encode() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s\ndevice %s\n", bitsHeader, strings.Join(strings.Fields(t.Device), " "))
	or := func(s string) string {
		if s == "" {
			return noDigest
		}
		return s
	}
	for _, l := range t.Lines {
		fmt.Fprintf(&b, "%s %s %s\n", l.Case, or(l.Samples), or(l.Gradients))
	}
	return b.Bytes()
}

// find returns a case's digests.
func (t *BitTable) find(name string) (Digests, bool) {
	for i := range t.Lines {
		if t.Lines[i].Case == name {
			return t.Lines[i].Digests, true
		}
	}
	return Digests{}, false
}

// hasGradients says whether the table has digests of gradients.
func (t *BitTable) hasGradients() bool {
	return slices.ContainsFunc(t.Lines, func(l BitLine) bool { return l.Gradients != "" })
}

// state compares a digest with a committed one.
func state(got, want string) BitState {
	switch {
	case got == "" || want == "":
		return NoValue
	case got == want:
		return Same
	}
	return Differ
}

// digestSamples is the digest of dense outputs that float32 holds.
func digestSamples(outputs [][]float64) string {
	h := sha256.New()
	var word []byte
	for _, samples := range outputs {
		for _, x := range samples {
			word = binary.LittleEndian.AppendUint32(word[:0], math.Float32bits(float32(x)))
			_, _ = h.Write(word)
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

// digestGradients is the digest of gradients: none if nothing has one.
func digestGradients(all *kpn.Gradients) string {
	h := sha256.New()
	var word []byte
	found := false
	for i := range all.List {
		g := &all.List[i]
		if g.Code != kpn.Done {
			continue
		}
		found = true
		for _, x := range g.F64 {
			word = binary.LittleEndian.AppendUint64(word[:0], math.Float64bits(x))
			_, _ = h.Write(word)
		}
		for _, x := range g.F32 {
			word = binary.LittleEndian.AppendUint32(word[:0], math.Float32bits(x))
			_, _ = h.Write(word)
		}
	}
	if !found {
		return ""
	}
	return hex.EncodeToString(h.Sum(nil))
}

package main

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// dataset checks a finished dataset of 16-bit mono files as a user would who
// knows only its formats: dataset DIR COUNT. The manifest's hashes are those
// of the files, nothing else is there, and each label is that of its sound:
// its peak and RMS, and its frequency where the preset samples osc.freq of a
// sine.
func dataset(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: dataset DIR COUNT")
	}
	count, err := strconv.Atoi(args[1])
	ts.Check(err)
	files := readDir(ts, args[0])
	if len(files) != count+2 {
		ts.Fatalf("%d files in %s, want %d and the labels and the manifest", len(files), args[0], count)
	}
	ts.Check(checkManifest(files, count))
	lines := bufio.NewScanner(strings.NewReader(files["labels.jsonl"]))
	n := 0
	for ; lines.Scan(); n++ {
		if err := checkLabel(files, n, lines.Bytes()); err != nil {
			ts.Fatalf("%s, line %d: %v", filepath.Join(args[0], "labels.jsonl"), n+1, err)
		}
	}
	if n != count {
		ts.Fatalf("%d labels, want %d", n, count)
	}
}

func checkManifest(files map[string]string, count int) error {
	var m struct {
		Count  int
		Preset struct{ SHA256, Source string }
		Labels struct{ SHA256 string }
		Files  []struct{ File, SHA256 string }
	}
	if err := json.Unmarshal([]byte(files["manifest.json"]), &m); err != nil {
		return err
	}
	if m.Count != count || len(m.Files) != count {
		return fmt.Errorf("the manifest lists %d of %d files, want %d", len(m.Files), m.Count, count)
	}
	if hash(m.Preset.Source) != m.Preset.SHA256 || hash(files["labels.jsonl"]) != m.Labels.SHA256 {
		return fmt.Errorf("a hash in the manifest is wrong")
	}
	for _, f := range m.Files {
		if hash(files[f.File]) != f.SHA256 {
			return fmt.Errorf("%s: its hash is not the manifest's", f.File)
		}
	}
	return nil
}

func hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

func checkLabel(files map[string]string, index int, line []byte) error {
	var l struct {
		Index  int
		File   string
		Params map[string]struct{ Value, Unit float64 }
		Peak   float64
		RMS    float64
	}
	if err := json.Unmarshal(line, &l); err != nil {
		return err
	}
	if l.Index != index || l.File != fmt.Sprintf("%06d.wav", index) {
		return fmt.Errorf("got index %d and file %s", l.Index, l.File)
	}
	file := files[l.File]
	const header = 44
	if len(file) < header || file[:4] != "RIFF" || file[36:40] != "data" {
		return fmt.Errorf("%s is no plain WAV file", l.File)
	}
	rate := float64(binary.LittleEndian.Uint32([]byte(file[24:])))
	peak, sum, rising := 0.0, 0.0, 0
	frames := (len(file) - header) / 2
	last := 0.0
	for f := range frames {
		x := float64(int16(binary.LittleEndian.Uint16([]byte(file[header+2*f:])))) / 32768
		peak, sum = max(peak, math.Abs(x)), sum+x*x
		if last < 0 && x >= 0 {
			rising++
		}
		last = x
	}
	rms := math.Sqrt(sum / float64(frames))
	// Labels are rounded to float32 and then to its shortest decimal: half a
	// unit in the last place each.
	const rounding = 0x1p-23
	if math.Abs(l.Peak-peak) > rounding*peak || math.Abs(l.RMS-rms) > rounding*rms {
		return fmt.Errorf("peak %g and RMS %g, but the sound has %g and %g", l.Peak, l.RMS, peak, rms)
	}
	if freq, ok := l.Params["osc.freq"]; ok {
		// Phase starts at 0: the cycles that begin up to the last frame are the
		// whole number below its phase.
		if want := freq.Value * float64(frames-1) / rate; math.Abs(float64(rising)-want) > 1 {
			return fmt.Errorf("osc.freq is %g Hz, which makes %g cycles, but the sound has %d", freq.Value, want, rising)
		}
	}
	return nil
}

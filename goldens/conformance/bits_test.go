package conformance_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sawmill/cpuref"
	"sawmill/goldens/cases"
	"sawmill/goldens/conformance"
	"sawmill/goldens/conformance/faulty"
)

// TestEveryCaseHasItsBits names the cases that the table lacks, and those that
// it has for nothing.
func TestEveryCaseHasItsBits(t *testing.T) {
	const advice = "; run: go run ./goldens/regenerate bits"
	table, err := conformance.CommittedBits()
	require.NoError(t, err)
	all, err := cases.All()
	require.NoError(t, err)
	want := append(caseNames(all), conformance.ManyRows)
	var got []string
	for _, l := range table.Lines {
		if l.Samples != "" {
			got = append(got, l.Case)
		}
	}
	lacking, unused := without(want, got), without(got, want)
	assert.Empty(t, lacking, "goldens/conformance/bits.txt lacks these cases"+advice)
	assert.Empty(t, unused, "goldens/conformance/bits.txt has these cases, which there are not"+advice)
}

// without are the members of list that others lacks.
func without(list, others []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(name string) bool { return slices.Contains(others, name) })
}

func caseNames(all []*cases.Case) []string {
	var names []string
	for _, c := range all {
		names = append(names, c.Name)
	}
	return names
}

func TestBitTablesAreReadStrictly(t *testing.T) {
	digest := strings.Repeat("0a", 32)
	good := "sawmill bits 1\ndevice made up, 1.0\na/b " + digest + " -\nc/d " + digest + " " + digest + "\n"
	table, err := conformance.ParseBits("made-up.txt", []byte(good))
	require.NoError(t, err)
	assert.Equal(t, "made up, 1.0", table.Device)
	assert.Len(t, table.Lines, 2)
	assert.Equal(t, good, string(table.Encode()))
	for name, text := range map[string]string{
		"nothing":        "",
		"another file":   "RIFF",
		"no device":      "sawmill bits 1\n",
		"a case first":   "sawmill bits 1\na/b " + digest + " -\n",
		"twice":          good + "a/b " + digest + " -\n",
		"a column short": good + "e/f " + digest + "\n",
		"a column more":  good + "e/f " + digest + " - -\n",
		"a digest short": good + "e/f " + digest[1:] + " -\n",
		"upper case":     good + "e/f " + strings.ToUpper(digest) + " -\n",
		"an empty line":  good + "\n",
		"oversized":      good + strings.Repeat("x", 1<<20),
	} {
		_, err := conformance.ParseBits("made-up.txt", []byte(text))
		var fault *conformance.FileError
		assert.ErrorAs(t, err, &fault, name)
	}
}

// TestOtherBitsAreSeen flips the last bit of one sample, as it were: it
// compares with a table that one engine gave and another does not.
func TestOtherBitsAreSeen(t *testing.T) {
	right := &faulty.Engine{Engine: cpuref.New(), Single: true}
	o := options()
	o.Cases = []string{"gain/*"}
	r, failure := verify(t, right, o)
	require.Nil(t, failure)
	o.Bits = r.Bits()
	require.Len(t, o.Bits.Lines, 5)
	assert.NotEmpty(t, o.Bits.Lines[0].Gradients)

	r, failure = verify(t, right, o)
	require.Nil(t, failure)
	total := r.Total()
	assert.Equal(t, conformance.BitCount{Same: 5}, total.Samples)
	assert.Equal(t, conformance.BitCount{Same: 5}, total.Gradients)
	assert.Equal(t, conformance.Passed, r.Cases[0].Bits.Verdict)

	digest := []byte(o.Bits.Lines[1].Samples)
	digest[0] ^= 1
	o.Bits.Lines[1].Samples = string(digest)
	o.Bits.Lines = o.Bits.Lines[:4]
	r, failure = verify(t, right, o)
	require.Nil(t, failure, "other bits are only reported")
	total = r.Total()
	assert.Equal(t, conformance.BitCount{Same: 3, Differ: 1, NoValue: 1}, total.Samples)
	assert.Equal(t, conformance.Unchecked, r.Cases[1].Bits.Verdict)
	assert.Contains(t, r.String(), "3 same, 1 differ, 1 no value")

	o.RequireBits = true
	_, failure = verify(t, right, o)
	require.NotNil(t, failure)
	assert.Equal(t, 2, failure.Failed, "one line differs and one is gone")
	assert.Len(t, failure.Failures, 3)
	var other *conformance.DigestError
	require.ErrorAs(t, failure, &other)
	assert.Contains(t, other.Error(), "go run ./goldens/regenerate bits")

	o.Waivers = []conformance.Waiver{waiver("faulty", "gain/*", conformance.Bits)}
	r, failure = verify(t, right, o)
	require.Nil(t, failure)
	assert.Equal(t, conformance.Waived, r.Cases[1].Verdict())
}

// TestBitsAreThoseOfFloat32: an engine that gives float64 has neither samples
// nor gradients with the bits of the table, whatever it calls itself.
func TestBitsAreThoseOfFloat32(t *testing.T) {
	o := options()
	o.Cases, o.Bits = []string{"gain/constant"}, nil
	r, failure := verify(t, &faulty.Engine{Engine: cpuref.New()}, o)
	require.Nil(t, failure)
	assert.Equal(t, conformance.Digests{}, r.Cases[0].Digests)
	assert.Equal(t, conformance.NoValue, r.Cases[0].GradientBits)
	assert.Empty(t, r.Cases[0].Bits.Failures)
}

package alias_test

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sawmill/cpuref"
	"sawmill/goldens/alias"
	"sawmill/kpn"
)

// measured is the table, measured once for all tests.
var measured = sync.OnceValues(func() (alias.Table, error) {
	return alias.Measure(context.Background(), cpuref.New())
})

func table(t *testing.T) alias.Table {
	t.Helper()
	m, err := measured()
	require.NoError(t, err)
	return m
}

// TestPolyBLEP4At4x is what the product promises of its recommended setting.
func TestPolyBLEP4At4x(t *testing.T) {
	found := 0
	for _, l := range table(t) {
		if l.Limit == kpn.BandLimitPolyBLEP4 && l.Ratio == 4 && l.Slave == 0 && l.Depth == 0 {
			found++
			assert.LessOrEqual(t, l.Alias, -100.0, "%+v", l)
		}
	}
	assert.Equal(t, 3*3*2, found)
}

// TestMovingAt4x is what it promises where steps do not come once a cycle: of
// waveforms that are straight between them, synced, and of pulses whose width
// moves, where no single alias is stronger.
func TestMovingAt4x(t *testing.T) {
	synced, swept := 0, 0
	for _, l := range table(t) {
		if l.Limit != kpn.BandLimitPolyBLEP4 || l.Ratio != 4 || l.Shape == kpn.OscSine {
			continue
		}
		if l.Slave > 0 {
			synced++
			assert.LessOrEqual(t, l.Alias, -100.0, "%+v", l)
		}
		if l.Depth > 0 {
			swept++
			assert.LessOrEqual(t, l.Worst, -100.0, "%+v", l)
		}
	}
	assert.Equal(t, 3*3, synced)
	assert.Equal(t, 3, swept)
}

// TestAgreementWithTheReferenceFigures allows at 1×, where the method is the
// same to the last sample, the rounding of the printed figures. Oversampled,
// the decimators differ: between 19 kHz and the end of our pass band the
// reference's takes up to 2 dB off the sum of the aliases, which are strongest
// there; and where it lets through more than the oscillator makes, below
// −95 dB, ours need only be no worse. The reference's table of windowed sincs has
// a cutoff of its own and no cubic between its points: what such tables are for
// is that the aliases stay below −120 dB.
func TestAgreementWithTheReferenceFigures(t *testing.T) {
	found := 0
	for _, l := range table(t) {
		r, ok := alias.Reference(l.Setting)
		if !ok {
			continue
		}
		found++
		assert.InDelta(t, r.Harmonic, l.Harmonic, 0.015, "%+v", l)
		if l.Limit == kpn.BandLimitKaiser {
			assert.Less(t, max(r.Alias, l.Alias, l.Worst), -120.0, "%+v", l)
			continue
		}
		if l.Ratio == 1 {
			assert.InDelta(t, r.Alias, l.Alias, 0.051, "%+v", l)
			assert.InDelta(t, r.Worst, l.Worst, 0.051, "%+v", l)
			continue
		}
		const margin = 2
		assert.LessOrEqual(t, l.Alias, r.Alias+margin, "%+v", l)
		assert.LessOrEqual(t, l.Worst, r.Worst+margin, "%+v", l)
		if r.Alias > -95 {
			assert.GreaterOrEqual(t, l.Alias, r.Alias-margin, "%+v", l)
		}
		if r.Worst > -95 {
			assert.GreaterOrEqual(t, l.Worst, r.Worst-margin, "%+v", l)
		}
	}
	assert.Equal(t, (3*5+1)*3, found)
}

// TestMeasurementSeesAliases checks the measurement itself against what a
// naive saw must give: its harmonics fold at 1/k of the fundamental.
func TestMeasurementSeesAliases(t *testing.T) {
	l := table(t)[0]
	require.Equal(t, alias.Setting{Shape: kpn.OscSaw, Limit: kpn.BandLimitNone, Ratio: 1, Quality: kpn.High, Cycles: alias.Notes[0]}, l.Setting)
	wanted, folded := 0.0, 0.0
	last := int(22050 / l.Frequency())
	for k := 1; k <= last; k++ {
		wanted += 1 / float64(k*k)
	}
	for k := last + 1; k < 1<<20; k++ {
		folded += 1 / float64(k*k)
	}
	// Folded partials beyond the first pass add to others' lines with any
	// sign: a few in a hundred of the power.
	assert.InDelta(t, 10*math.Log10(folded/wanted), l.Alias, 0.1)
	assert.InDelta(t, -20*math.Log10(float64(last+1)), l.Worst, 0.1)
}

var number = regexp.MustCompile(`[-+]?\d+(\.\d+)?`)

// TestPageIsUpToDate compares docs/alias.md with a new measurement: the same
// text, and numbers within 0.1 dB.
func TestPageIsUpToDate(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "alias.md"))
	require.NoError(t, err)
	want := table(t).Markdown()
	const hint = "docs/alias.md is out of date; look at what changed, then run: go run ./goldens/regenerate alias"
	require.Equal(t, number.ReplaceAllString(want, "#"), number.ReplaceAllString(string(page), "#"), hint)
	old := number.FindAllString(string(page), -1)
	for i, text := range number.FindAllString(want, -1) {
		x, err := strconv.ParseFloat(text, 64)
		require.NoError(t, err)
		y, err := strconv.ParseFloat(old[i], 64)
		require.NoError(t, err)
		// 0.1 dB, and the rounding of two printed figures.
		require.InDelta(t, x, y, 0.1001, hint)
	}
}

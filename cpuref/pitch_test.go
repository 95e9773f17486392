package cpuref_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sawmill/kpn"
)

func TestPitchOfNotes(t *testing.T) {
	for _, c := range []struct{ note, reference, want float64 }{
		{69, 440, 440},
		{57, 440, 220},
		{81, 442, 884},
		{60, 440, 261.6255653005986},
		{0, 440, 8.175798915643707},
		{127, 440, 12543.853951415975},
		{69.5, 440, 440 * math.Exp2(1./24)},
	} {
		x := one(t, single(kpn.KindPitch, constants(map[string]float64{"note": c.note, "reference": c.reference})), 3)
		for _, got := range x {
			require.InEpsilon(t, c.want, got, 1e-15, "note %v", c.note)
		}
	}
}

// played is a graph that feeds a tensor to a kind.
func played(t *testing.T, kind kpn.Kind, params map[string]float64, in []float32) []float64 {
	t.Helper()
	job := &kpn.Job{
		Shape: kpn.Shape{B: 1, C: 1, F: len(in)}, Rate: rate,
		Inputs: map[string]*kpn.Tensor{"a": {Shape: kpn.Shape{B: 1, C: 1, F: len(in)}, Data: in}},
	}
	return render(t, sources(kind, 1, params), job)[0]
}

// TestQuantizeKnownNotes has notes by hand, ties and both sides of 0 among
// them.
func TestQuantizeKnownNotes(t *testing.T) {
	cases := []struct {
		name   string
		params map[string]float64
		in     []float32
		want   []float64
	}{
		{"none", map[string]float64{"scale": kpn.ScaleNone, "root": 3}, []float32{60.3, -1.5}, []float64{float64(float32(60.3)), -1.5}},
		{"chromatic", nil, []float32{60.3, 60.5, 60.7, -0.5, -0.6, -12.2}, []float64{60, 61, 61, 0, -1, -12}},
		{"next to the middle", nil, []float32{60.4994, 60.4992, 60.500004, 60.499996, -0.5006, -0.5008}, []float64{61, 60, 61, 61, 0, -1}},
		{"c major", map[string]float64{"scale": kpn.ScaleMajor}, []float32{60, 61, 60.9, 61.1, 63, 65.6, 71.4, -1.4}, []float64{60, 62, 60, 62, 64, 65, 71, -1}},
		{"a minor", map[string]float64{"scale": kpn.ScaleMinor, "root": 9}, []float32{68, 68.1, 70, 61}, []float64{69, 69, 71, 62}},
		{"e harmonic minor", map[string]float64{"scale": kpn.ScaleHarmonicMinor, "root": 4}, []float32{62.4, 62.6, 63.4}, []float64{63, 63, 63}},
		{"f pentatonic", map[string]float64{"scale": kpn.ScalePentatonic, "root": -7}, []float32{58.4, 59, 63.6}, []float64{57, 60, 65}},
		{"one note", map[string]float64{"scale": kpn.ScaleMask, "mask": 1 << 4}, []float32{60, 70, 69.9}, []float64{64, 76, 64}},
		{"two notes", map[string]float64{"scale": kpn.ScaleMask, "mask": 1<<11 + 1 + 0.9}, []float32{65.4, 65.6, 65.5}, []float64{60, 71, 71}},
		{"quarter tones off", map[string]float64{"root": 0.5}, []float32{60, 60.9, 61.1}, []float64{60.5, 60.5, 61.5}},
		{"beyond reach", nil, []float32{1e6, -1e6}, []float64{1200, -1200}},
	}
	for _, c := range cases {
		require.Equal(t, c.want, played(t, kpn.KindQuantize, c.params, c.in), c.name)
	}
}

// TestQuantizeIsNearest tries every mask: no allowed note is nearer.
func TestQuantizeIsNearest(t *testing.T) {
	in := make([]float32, 97)
	for i := range in {
		in[i] = -24 + float32(i)*0.5
	}
	for mask := 1; mask < 1<<12; mask += 7 {
		for i, got := range played(t, kpn.KindQuantize, map[string]float64{"scale": kpn.ScaleMask, "mask": float64(mask)}, in) {
			x := float64(in[i])
			best := math.Inf(-1)
			for n := -48.0; n <= 48; n++ {
				if mask>>(int(n+48)%12)&1 == 1 && math.Abs(n-x) <= math.Abs(best-x) {
					best = n
				}
			}
			require.Equal(t, best, got, "mask %012b, %v", mask, x)
		}
	}
}

// TestGlideIsExponential: after time·rate frames 1/e of the way is left. The
// first note is there at once, and time 0 follows at once.
func TestGlideIsExponential(t *testing.T) {
	const n, at = 1000, 200
	in := make([]float32, n)
	for i := range in {
		in[i] = 60
		if i >= at {
			in[i] = 72
		}
	}
	x := played(t, kpn.KindGlide, map[string]float64{"time": 100. / rate}, in)
	for i, got := range x {
		want := 60.0
		if i >= at {
			want = 72 - 12*math.Exp(-float64(i-at+1)/100)
		}
		assert.InDelta(t, want, got, 1e-12, "frame %d", i)
	}
	for i, got := range played(t, kpn.KindGlide, map[string]float64{"time": 0}, in) {
		assert.Equal(t, float64(in[i]), got)
	}
}

package cpuref_test

import (
	"math"
	"math/cmplx"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"

	"sawmill/kpn"
)

// filtered is what a kind makes of a signal on one channel.
func filtered(t *testing.T, kind kpn.Kind, params map[string]float64, in []float32) []float64 {
	t.Helper()
	shape := kpn.Shape{B: 1, C: 1, F: len(in)}
	job := &kpn.Job{Shape: shape, Rate: rate, Inputs: map[string]*kpn.Tensor{"a": {Shape: shape, Data: in}}}
	return render(t, sources(kind, 1, params), job)[0]
}

// impulse is 1 and then zeros.
func impulse(frames int) []float32 {
	in := make([]float32, frames)
	in[0] = 1
	return in
}

// response is the frequency response of which a signal is the impulse response.
func response(signal []float64, freq float64) complex128 {
	var sum complex128
	for n, x := range signal {
		sum += complex(x, 0) * cmplx.Exp(complex(0, -2*math.Pi*freq/rate*float64(n)))
	}
	return sum
}

// testFreqs are frequencies at which responses are compared.
var testFreqs = []float64{10, 100, 440, 1000, 5000, 12000, 20000, 23900}

// decay is how many frames an impulse response is looked at: the slowest of
// those here, a pole of 100 Hz, is down to e^−26 then.
const decay = 2000

// requireResponse compares a kind's response with that of the analogue filter,
// whose complex frequencies are warped to 2·rate·j·tan(π·freq/rate).
func requireResponse(t *testing.T, kind kpn.Kind, params map[string]float64, want func(p complex128) complex128) {
	t.Helper()
	h := filtered(t, kind, params, impulse(decay))
	for _, freq := range testFreqs {
		p := complex(0, 2*rate*math.Tan(math.Pi*freq/rate))
		assert.InDelta(t, 0, cmplx.Abs(response(h, freq)-want(p)), 1e-9, "%s %v at %v Hz", kind, params, freq)
	}
}

// TestOnePoleIsTheAnalogueFilter has its half power at the cutoff, wherever
// that is.
func TestOnePoleIsTheAnalogueFilter(t *testing.T) {
	for _, cutoff := range []float64{100, 1000, 23000} {
		w := complex(2*rate*math.Tan(math.Pi*cutoff/rate), 0)
		requireResponse(t, kpn.KindOnePole, map[string]float64{"cutoff": cutoff}, func(p complex128) complex128 { return w / (p + w) })
		requireResponse(t, kpn.KindOnePole, map[string]float64{"cutoff": cutoff, "output": kpn.OnePoleHigh}, func(p complex128) complex128 { return p / (p + w) })
	}
}

// TestSVFIsTheAnalogueFilter checks all four outputs.
func TestSVFIsTheAnalogueFilter(t *testing.T) {
	for _, c := range []struct{ cutoff, resonance float64 }{{300, 0.5}, {1000, math.Sqrt2 / 2}, {2000, 4}, {23000, 1}} {
		w, k := complex(2*rate*math.Tan(math.Pi*c.cutoff/rate), 0), complex(1/c.resonance, 0)
		below := func(p complex128) complex128 { return p*p + k*w*p + w*w }
		for output, above := range map[float64]func(p complex128) complex128{
			kpn.SVFLow:   func(complex128) complex128 { return w * w },
			kpn.SVFBand:  func(p complex128) complex128 { return w * p },
			kpn.SVFHigh:  func(p complex128) complex128 { return p * p },
			kpn.SVFNotch: func(p complex128) complex128 { return p*p + w*w },
		} {
			requireResponse(t, kpn.KindSVF, map[string]float64{"cutoff": c.cutoff, "resonance": c.resonance, "output": output},
				func(p complex128) complex128 { return above(p) / below(p) })
		}
	}
}

// TestFiltersAtTheEndsOfTheirCutoffs hold still at 0 and let everything, or
// nothing, through at half the sample rate.
func TestFiltersAtTheEndsOfTheirCutoffs(t *testing.T) {
	in := tensor(kpn.Shape{B: 1, C: 1, F: 50}, 3, -1, 1).Data
	for _, kind := range []kpn.Kind{kpn.KindOnePole, kpn.KindSVF} {
		for cutoff, passes := range map[float64]float64{0: 0, rate / 2: 1} {
			for i, y := range filtered(t, kind, map[string]float64{"cutoff": cutoff}, in) {
				assert.InDelta(t, passes*float64(in[i]), y, 1e-13, "%s at %v Hz", kind, cutoff)
			}
		}
	}
}

// TestSVFNeverGrowsByItself changes cutoff and resonance wildly after an
// impulse: what rings stays within what the first frame left.
func TestSVFNeverGrowsByItself(t *testing.T) {
	shape := kpn.Shape{B: 1, C: 1, F: 3000}
	random := rand.New(rand.NewPCG(5, 0))
	cutoff, resonance := kpn.NewTensor(shape), kpn.NewTensor(shape)
	for i := range cutoff.Data {
		cutoff.Data[i] = float32(rate / 2 * random.Float64())
		resonance.Data[i] = float32(math.Exp(14*random.Float64() - 7.1)) // to 1000, from below ½
		resonance.Data[i] = max(resonance.Data[i], 0.025)
	}
	most := map[float64][]float64{}
	for _, output := range []float64{kpn.SVFLow, kpn.SVFBand} {
		g := sources(kpn.KindSVF, 1, map[string]float64{"output": output})
		g.Nodes[0].Params["cutoff"] = kpn.Param{Rate: kpn.PerFrame}
		g.Nodes[0].Params["resonance"] = kpn.Param{Rate: kpn.PerFrame}
		most[output] = render(t, g, &kpn.Job{
			Shape: shape, Rate: rate, Inputs: map[string]*kpn.Tensor{"a": {Shape: shape, Data: impulse(shape.F)}},
			Frames: map[kpn.ParamRef]*kpn.Tensor{{Node: "node", Param: "cutoff"}: cutoff, {Node: "node", Param: "resonance"}: resonance},
		})[0]
	}
	limit := 2 * math.Hypot(most[kpn.SVFLow][0], most[kpn.SVFBand][0])
	for i := 1; i < shape.F; i++ {
		assert.LessOrEqual(t, math.Hypot(most[kpn.SVFLow][i], most[kpn.SVFBand][i]), limit*(1+1e-12))
	}
}

// TestDCBlockerForgets has the impulse response 1, −(1−pole), −(1−pole)·pole, ….
func TestDCBlockerForgets(t *testing.T) {
	for _, pole := range []float64{0, 0.5, 0.995, 1} {
		for n, y := range filtered(t, kpn.KindDCBlocker, map[string]float64{"pole": pole}, impulse(500)) {
			want := 1.0
			if n > 0 {
				want = -(1 - pole) * math.Pow(pole, float64(n-1))
			}
			assert.InDelta(t, want, y, 1e-14, "pole %v, frame %d", pole, n)
		}
	}
}

// TestSlewIsNoFasterThanItsRates climbs and falls along straight lines, and is
// the input itself where it can be.
func TestSlewIsNoFasterThanItsRates(t *testing.T) {
	in := make([]float32, 40)
	for i := range in[:20] {
		in[i] = 1
	}
	y := filtered(t, kpn.KindSlew, map[string]float64{"rise": rate / 8, "fall": rate / 16}, in)
	for i := range 40 {
		want := min(1, float64(i+1)/8)
		if i >= 20 {
			want = max(0, 1-float64(i-19)/16)
		}
		assert.InDelta(t, want, y[i], 1e-15, "frame %d", i)
	}
	for i, x := range filtered(t, kpn.KindSlew, map[string]float64{"rise": 1e9, "fall": 1e9}, in) {
		assert.Equal(t, float64(in[i]), x)
	}
	assert.Equal(t, make([]float64, 40), filtered(t, kpn.KindSlew, map[string]float64{"rise": 0}, in))
}

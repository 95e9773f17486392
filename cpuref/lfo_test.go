package cpuref_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sawmill/kpn"
)

// lfo renders frames of an lfo at 16 Hz and 1 Hz: frame n is at (n+1)/16 of
// its cycle, which fixed point holds.
func lfo(t *testing.T, params map[string]float64) []float64 {
	t.Helper()
	return render(t, single(kpn.KindLfo, constants(params)), &kpn.Job{Shape: kpn.Shape{B: 1, C: 1, F: 48}, Rate: 16})[0]
}

// TestLfoShapes compares each shape with its definition, from a frequency's
// own frame on.
func TestLfoShapes(t *testing.T) {
	shapes := map[string]func(x float64) float64{
		"sin":  func(x float64) float64 { return (math.Cos(2*math.Pi*x+math.Pi) + 1) / 2 },
		"tri":  func(x float64) float64 { return 1 - math.Abs(2*x-1) },
		"saw":  func(x float64) float64 { return x },
		"rsaw": func(x float64) float64 { return 1 - x },
		"sqr": func(x float64) float64 {
			if x >= 0.25 && x < 0.75 {
				return 1
			}
			return 0
		},
	}
	for name, shape := range shapes {
		for _, phase := range []float64{0, 0.375, -0.125, -1, 1} {
			got := lfo(t, map[string]float64{"sin": 0, name: 0.3, "phase": phase})
			for n, y := range got {
				x := float64(n+1)/16 + phase
				require.InDelta(t, shape(x-math.Floor(x)), y, 1e-15, "%s, phase %v, frame %d", name, phase, n)
			}
		}
	}
}

// TestLfoMixes by powers of the weights, however small these are.
func TestLfoMixes(t *testing.T) {
	for _, scale := range []float64{1, 1e-3, 1e-20} {
		got := lfo(t, map[string]float64{"sin": 0, "saw": 0.5 * scale, "sqr": 0.25 * scale, "exponent": 3})
		for n, y := range got {
			x := float64((n+1)%16) / 16
			want := x * 8 / 9
			if x >= 0.25 && x < 0.75 {
				want += 1. / 9
			}
			require.InDelta(t, want, y, 1e-14, "scale %v, frame %d", scale, n)
		}
	}
	assert.Equal(t, make([]float64, 48), lfo(t, map[string]float64{"sin": 0}), "without a weight")
	assert.Equal(t, make([]float64, 48), lfo(t, map[string]float64{"sin": 0.9e-30}), "a weight that counts as 0")
	assert.Equal(t, lfo(t, map[string]float64{"sin": 1}), lfo(t, map[string]float64{"sin": 1, "saw": 0.9e-30, "exponent": 0.05}), "a weight that counts as 0")
}

// TestLfoFollowsItsFrequency in the frame in which it changes.
func TestLfoFollowsItsFrequency(t *testing.T) {
	shape := kpn.Shape{B: 1, C: 1, F: 4}
	freq := kpn.NewTensor(shape)
	copy(freq.Data, []float32{1, 2, 0, 4})
	got := render(t, single(kpn.KindLfo, map[string]kpn.Param{
		"freq": {Rate: kpn.PerFrame}, "sin": kpn.Const(0), "saw": kpn.Const(1),
	}), &kpn.Job{Shape: shape, Rate: 16, Frames: map[kpn.ParamRef]*kpn.Tensor{{Node: "node", Param: "freq"}: freq}})[0]
	assert.Equal(t, []float64{1. / 16, 3. / 16, 3. / 16, 7. / 16}, got)
}

// TestLfoWithoutWeights has no gradient but finite ones: those of weights that
// are 0 exist for exponents of 1 and more, and are infinite below.
func TestLfoWithoutWeights(t *testing.T) {
	shape := kpn.Shape{B: 1, C: 1, F: 20}
	w := cotangents(1, shape)
	for _, exponent := range []float64{0.5, 1, 2.718281828} {
		for _, sin := range []float64{0, 0.5} {
			g := single(kpn.KindLfo, constants(map[string]float64{"freq": 777, "sin": sin, "exponent": exponent}))
			job := &kpn.Job{Shape: shape, Rate: rate}
			all := adjoint(t, g, &kpn.AdjointJob{Job: job, Cotangents: w})
			for _, v := range all.List {
				require.False(t, math.IsNaN(v.F64[0]) || math.IsInf(v.F64[0], 0), "%v", v.Ref)
			}
			tri, _ := all.Find(kpn.ParamRef{Node: "node", Param: "tri"})
			require.Equal(t, exponent == 1 && sin > 0, tri.F64[0] != 0)
			if tri.F64[0] == 0 {
				continue
			}
			// Weights have no values below 0 for a central difference.
			const h = 0x1p-20
			g.Nodes[0].Params["tri"] = kpn.Const(h)
			above, below := one(t, g, 20), one(t, single(kpn.KindLfo, constants(map[string]float64{"freq": 777, "sin": sin, "exponent": 1})), 20)
			sum := 0.0
			for i := range above {
				sum += float64(w[0].Data[i]) * (above[i] - below[i]) / h
			}
			require.InEpsilon(t, sum, tri.F64[0], 1e-5)
		}
	}
}

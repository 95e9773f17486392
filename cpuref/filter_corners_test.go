package cpuref_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"sawmill/kpn"
)

// TestFilterGradientsAreFinite at all ends of all ranges, for inputs that are
// loud, still, silent and at the corners of shapes.
func TestFilterGradientsAreFinite(t *testing.T) {
	shape := kpn.Shape{B: 1, C: 2, F: 40}
	signals := map[string]*kpn.Tensor{
		"noise": tensor(shape, 11, -1, 1), "loud": tensor(shape, 12, -1e6, 1e6),
		"ones": tensor(shape, 13, 1, 1), "silence": kpn.NewTensor(shape),
	}
	for _, kind := range []kpn.Kind{
		kpn.KindOnePole, kpn.KindSVF, kpn.KindDCBlocker, kpn.KindRLC, kpn.KindSlew, kpn.KindWaveshaper, kpn.KindPan, kpn.KindSubharmonic,
	} {
		spec, _ := kpn.Lookup(kind)
		for _, params := range corners(spec) {
			for name, signal := range signals {
				g := sources(kind, 1, params)
				job := &kpn.Job{Shape: shape, Rate: rate, Inputs: map[string]*kpn.Tensor{"a": signal}}
				all := adjoint(t, g, &kpn.AdjointJob{Job: job, Cotangents: cotangents(1, shape)})
				for _, v := range all.List {
					for _, x := range v.F64 {
						if math.IsNaN(x) || math.IsInf(x, 0) {
							t.Errorf("%s %v of %s: the gradient of %v is %v", kind, params, name, v.Ref, x)
						}
					}
				}
			}
		}
	}
}

// corners are all combinations of the ends of a kind's parameters, and of its
// choices.
func corners(spec *kpn.Spec) []map[string]float64 {
	list := []map[string]float64{{}}
	for i := range spec.Params {
		p := &spec.Params[i]
		values := []float64{p.Min, p.Upper(rate)}
		for v := p.Min + 1; p.Choices != nil && v < p.Max; v++ {
			values = append(values, v)
		}
		var more []map[string]float64
		for _, before := range list {
			for _, v := range values {
				own := map[string]float64{p.Name: v}
				for k, x := range before {
					own[k] = x
				}
				more = append(more, own)
			}
		}
		list = more
	}
	return list
}

// TestLimitsPassAtTheirEnds counts an input that just keeps up as the input
// itself, and hard limiting as 1 up to its corners.
func TestLimitsPassAtTheirEnds(t *testing.T) {
	shape := kpn.Shape{B: 1, C: 1, F: 4}
	gradient := func(kind kpn.Kind, params map[string]float64, in []float32) []float64 {
		all := adjoint(t, sources(kind, 1, params), &kpn.AdjointJob{
			Job:        &kpn.Job{Shape: shape, Rate: rate, Inputs: map[string]*kpn.Tensor{"a": {Shape: shape, Data: in}}},
			Cotangents: kpn.TensorCotangents{tensor(shape, 0, 1, 1)},
		})
		v, _ := all.Find(kpn.ParamRef{Node: "a"})
		return v.F64
	}
	slew := map[string]float64{"rise": rate / 4, "fall": rate / 4}
	assert.Equal(t, []float64{1, 1, 1, 1}, gradient(kpn.KindSlew, slew, []float32{0.25, 0.5, 0.25, 0}))
	// The last two follow the second, which follows the input.
	assert.Equal(t, []float64{1, 3, 0, 0}, gradient(kpn.KindSlew, slew, []float32{0.25, 0.5, 1, 2}))
	hard := map[string]float64{"shape": kpn.WaveshaperHard, "antialias": kpn.AntialiasNone}
	assert.Equal(t, []float64{1, 1, 0, 0}, gradient(kpn.KindWaveshaper, hard, []float32{-1, 1, 1.5, -1.5}))
	fold := map[string]float64{"shape": kpn.WaveshaperFold, "antialias": kpn.AntialiasNone}
	assert.Equal(t, []float64{1, 1, -1, -1}, gradient(kpn.KindWaveshaper, fold, []float32{-1, 1, 1.5, -1.5}))
}

package cpuref_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"sawmill/kpn"
)

// TestClip limits, and passes the cotangent to what the output follows; at an
// end that is the input.
func TestClip(t *testing.T) {
	in := []float32{-2, -0.5, -0.25, 0, 1, 1.5}
	shape := kpn.Shape{B: 1, C: 1, F: len(in)}
	for _, c := range []struct {
		name         string
		low, high    float64
		want, passes []float64
		byLow, byTop float64
	}{
		{"both", -0.5, 1, []float64{-0.5, -0.5, -0.25, 0, 1, 1}, []float64{0, 1, 1, 1, 1, 0}, 1, 1},
		{"a point", 0, 0, make([]float64, 6), []float64{0, 0, 0, 1, 0, 0}, 3, 2},
		{"turned", 1, -0.5, []float64{-0.5, -0.5, -0.5, -0.5, -0.5, -0.5}, make([]float64, 6), 0, 6},
	} {
		g := sources(kpn.KindClip, 1, map[string]float64{"low": c.low, "high": c.high})
		job := &kpn.Job{Shape: shape, Rate: rate, Inputs: map[string]*kpn.Tensor{"a": {Shape: shape, Data: in}}}
		assert.Equal(t, c.want, render(t, g, job)[0], c.name)
		all := adjoint(t, g, &kpn.AdjointJob{Job: job, Cotangents: kpn.TensorCotangents{tensor(shape, 0, 1, 1)}})
		for param, want := range map[string]float64{"low": c.byLow, "high": c.byTop} {
			v, _ := all.Find(kpn.ParamRef{Node: "node", Param: param})
			assert.Equal(t, []float64{want}, v.F64, "%s, %s", c.name, param)
		}
		v, _ := all.Find(kpn.ParamRef{Node: "a"})
		assert.Equal(t, c.passes, v.F64, c.name)
	}
}

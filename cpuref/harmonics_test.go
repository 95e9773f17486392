package cpuref_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sawmill/kpn"
)

// TestHarmonics has known values, and holds its ends beyond them.
func TestHarmonics(t *testing.T) {
	pitches := []float32{69, 81, 0, -36, -37, -1e9, 300, 301, 1e9}
	shape := kpn.Shape{B: 1, C: 1, F: len(pitches)}
	g := sources(kpn.KindHarmonics, 1, nil)
	job := &kpn.Job{Shape: shape, Rate: rate, Inputs: map[string]*kpn.Tensor{"a": {Shape: shape, Data: pitches}}}
	got := render(t, g, job)[0]
	assert.InEpsilon(t, 12000/(440*math.Log10(440)), got[0], 1e-13)
	assert.InEpsilon(t, 12000/(880*math.Log10(880)), got[1], 1e-13)
	assert.InEpsilon(t, 12000/(8.175798915643707*math.Log10(8.175798915643707)), got[2], 1e-13)
	lowest, highest := 440*math.Exp2(-105./12), 440*math.Exp2(231./12)
	for _, i := range []int{3, 4, 5} {
		assert.InEpsilon(t, 12000/(lowest*math.Log10(lowest)), got[i], 1e-11)
	}
	for _, i := range []int{6, 7, 8} {
		assert.InEpsilon(t, 12000/(highest*math.Log10(highest)), got[i], 1e-11)
	}
	all := adjoint(t, g, &kpn.AdjointJob{Job: job, Cotangents: kpn.TensorCotangents{tensor(shape, 0, 1, 1)}})
	v, _ := all.Find(kpn.ParamRef{Node: "a"})
	for i, x := range v.F64 {
		require.Equal(t, i <= 3 || i == 6, x < 0, "pitch %v", pitches[i])
		require.Equal(t, pitches[i] < -36 || pitches[i] > 300, x == 0, "pitch %v", pitches[i])
	}
}

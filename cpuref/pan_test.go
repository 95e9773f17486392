package cpuref_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"sawmill/kpn"
)

// TestPanKeepsThePower puts squares that add up to 1 on two channels, and
// leaves a third alone.
func TestPanKeepsThePower(t *testing.T) {
	shape := kpn.Shape{B: 1, C: 3, F: 65}
	pan := kpn.NewTensor(kpn.Shape{B: 1, C: 1, F: 65})
	for i := range pan.Data {
		pan.Data[i] = float32(i-32) / 32
	}
	g := sources(kpn.KindPan, 1, nil)
	g.Nodes[0].Params["pan"] = kpn.Param{Rate: kpn.PerFrame}
	y := render(t, g, &kpn.Job{
		Shape: shape, Rate: rate, Inputs: map[string]*kpn.Tensor{"a": tensor(shape, 1, 1, 1)},
		Frames: map[kpn.ParamRef]*kpn.Tensor{{Node: "node", Param: "pan"}: pan},
	})[0]
	left, right, other := y[:65], y[65:130], y[130:]
	for i := range left {
		assert.InDelta(t, 1, left[i]*left[i]+right[i]*right[i], 1e-15)
		assert.InDelta(t, math.Tan(float64(i)/64*math.Pi/2)*left[i], right[i], 1e-12)
		assert.InDelta(t, left[i], right[64-i], 1e-15)
		assert.Equal(t, 1.0, other[i])
	}
	assert.Equal(t, []float64{1, 0}, []float64{left[0], right[0]})
}

package cpuref_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"sawmill/kpn"
)

// TestDelayIsLate by whole frames exactly, and by fractions along straight
// lines; the job is longer than a chunk, and so are some delays.
func TestDelayIsLate(t *testing.T) {
	in := tensor(kpn.Shape{B: 1, C: 1, F: 900}, 21, -1, 1).Data
	at := func(n int) float64 {
		if n < 0 {
			return 0
		}
		return float64(in[n])
	}
	for _, d := range []float64{0, 1, 0.25, 7.5, 255, 256, 300.75, 600} {
		k, w := int(d), d-math.Floor(d)
		for n, y := range filtered(t, kpn.KindDelay, map[string]float64{"most": 600, "frames": d}, in) {
			assert.InDelta(t, (1-w)*at(n-k)+w*at(n-k-1), y, 1e-15, "%v frames, frame %d", d, n)
		}
	}
	// What is longer than the longest is the longest.
	assert.Equal(t, filtered(t, kpn.KindDelay, map[string]float64{"most": 5, "frames": 5}, in),
		filtered(t, kpn.KindDelay, map[string]float64{"most": 5, "frames": 5000}, in))
}

// TestAMovingDelayBendsPitch: a delay that grows by a part of a frame in each
// plays a ramp that much slower.
func TestAMovingDelayBendsPitch(t *testing.T) {
	shape := kpn.Shape{B: 1, C: 1, F: 400}
	in, frames := kpn.NewTensor(shape), kpn.NewTensor(shape)
	for n := range in.Data {
		in.Data[n] = float32(n) / 512
		frames.Data[n] = 3 + float32(n)/8
	}
	g := sources(kpn.KindDelay, 1, map[string]float64{"most": 60})
	g.Nodes[0].Params["frames"] = kpn.Param{Rate: kpn.PerFrame}
	y := render(t, g, &kpn.Job{
		Shape: shape, Rate: rate, Inputs: map[string]*kpn.Tensor{"a": in},
		Frames: map[kpn.ParamRef]*kpn.Tensor{{Node: "node", Param: "frames"}: frames},
	})[0]
	for n := 8; n < 400; n++ {
		assert.InDelta(t, (float64(n)*7/8-3)/512, y[n], 1e-15, "frame %d", n)
	}
}

package cpuref_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"sawmill/kpn"
)

// envelope renders an adsr at 100 Hz, so that 0.01 s is a frame.
func envelope(t *testing.T, frames int, params map[string]float64) []float64 {
	t.Helper()
	return render(t, single(kpn.KindAdsr, constants(params)), &kpn.Job{Shape: kpn.Shape{B: 1, C: 1, F: frames}, Rate: 100})[0]
}

func TestAdsrCorners(t *testing.T) {
	cases := []struct {
		name                                       string
		attack, decay, sustain, release, gate, cur float64
		want                                       []float64
	}{
		{"all stages", .04, .02, .5, .02, .08, 1, []float64{0, .25, .5, .75, 1, .75, .5, .5, .5, .25, 0, 0}},
		{"hollow", .04, .02, .5, .02, .08, 2, []float64{0, 1. / 16, .25, 9. / 16, 1, .625, .5, .5, .5, .125, 0, 0}},
		{"no attack", 0, .02, .5, .02, .04, 1, []float64{1, .75, .5, .5, .5, .25, 0}},
		{"no decay", .02, 0, .5, .02, .04, 1, []float64{0, .5, .5, .5, .5, .25, 0}},
		{"no release", .02, .02, .5, 0, .05, 1, []float64{0, .5, 1, .75, .5, 0, 0}},
		{"no attack or decay", 0, 0, .5, .02, .02, 1, []float64{.5, .5, .5, .25, 0}},
		{"no gate", .02, .02, .5, .02, 0, 1, []float64{.5, .25, 0, 0}},
		{"nothing", 0, 0, 1, 0, 0, 1, []float64{0, 0}},
		{"gate within attack", .04, .02, .5, .02, .02, 1, []float64{0, .5, .5, .25, 0}},
		{"gate within decay", .02, .04, .5, .02, .04, 1, []float64{0, .5, 1, .75, .5, .25, 0}},
		{"no sustain", .02, .02, 0, .02, .06, 1, []float64{0, .5, 1, .5, 0, 0, 0, 0}},
		{"fractional", .015, .02, .5, .01, .055, 1, []float64{0, 2. / 3, .875, .625, .5, .5, .25, 0}},
	}
	for _, c := range cases {
		got := envelope(t, len(c.want), map[string]float64{
			"attack": c.attack, "decay": c.decay, "sustain": c.sustain, "release": c.release, "gate": c.gate, "curve": c.cur,
		})
		assert.InDeltaSlice(t, c.want, got, 1e-13, c.name)
	}
}

func TestAdsrStaysInRangeAndFallsAfterAttack(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		p := map[string]float64{}
		for _, name := range []string{"attack", "decay", "release", "gate"} {
			p[name] = rapid.OneOf(rapid.Just(0.), rapid.Float64Range(0, 0.5), rapid.Float64Range(0, 1e5)).Draw(r, name)
		}
		p["sustain"] = rapid.Float64Range(0, 1).Draw(r, "sustain")
		p["curve"] = rapid.Float64Range(0.05, 20).Draw(r, "curve")
		got := envelope(t, 120, p)
		attack, gate := 100*min(p["attack"], p["gate"]), 100*p["gate"]
		for i, y := range got {
			if !(y >= 0 && y <= 1) {
				r.Fatalf("frame %d: %v", i, y)
			}
			if i == 0 {
				continue
			}
			n := float64(i)
			rising := n < attack
			if rising && y < got[i-1] {
				r.Fatalf("falls during its attack at frame %d", i)
			}
			// A decay that reaches the gate leaves a step to the sustain
			// level, never above what was before.
			settled := n-1 >= attack && n < gate || n-1 >= gate
			if settled && y > got[i-1]+1e-15 {
				r.Fatalf("rises after its attack at frame %d", i)
			}
		}
	})
}

func TestAdsrPerFrameParameter(t *testing.T) {
	shape := kpn.Shape{B: 1, C: 1, F: 6}
	sustain := tensor(shape, 3, 0, 1)
	got := render(t, single(kpn.KindAdsr, map[string]kpn.Param{
		"attack": kpn.Const(0), "decay": kpn.Const(0), "gate": kpn.Const(10), "sustain": {Rate: kpn.PerFrame},
	}), &kpn.Job{Shape: shape, Rate: 100, Frames: map[kpn.ParamRef]*kpn.Tensor{{Node: "node", Param: "sustain"}: sustain}})[0]
	for i, y := range got {
		require.Equal(t, float64(sustain.Data[i]), y)
	}
}

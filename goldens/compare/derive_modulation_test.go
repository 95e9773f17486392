package compare_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sawmill/goldens/compare"
	"sawmill/kpn"
)

// modulation is an edge into a parameter.
func modulation(from, to, param string, mode kpn.ModulationMode, scale float64) kpn.Edge {
	return kpn.Edge{From: from, To: to, Port: param, Modulation: &kpn.Modulation{Mode: mode, Scale: scale, Channel: kpn.AllChannels}}
}

// fed is an input of full scale into one parameter of a node.
func fed(n kpn.Node, param string, mode kpn.ModulationMode, scale float64, frames int) (*kpn.Graph, *kpn.Job) {
	g := only(kpn.Node{ID: "in", Kind: kpn.KindInput}, n)
	g.Edges = []kpn.Edge{modulation("in", n.ID, param, mode, scale)}
	return g, inputJob(frames)
}

// inputJob feeds the input "in" with ±1.
func inputJob(frames int) *kpn.Job {
	in := kpn.NewTensor(kpn.Shape{B: 1, C: 1, F: frames})
	for f := range in.Data {
		in.Data[f] = float32(1 - 2*(f%2))
	}
	return &kpn.Job{Shape: in.Shape, Rate: 48000, Inputs: map[string]*kpn.Tensor{"in": in}}
}

// TestExactModulatorsLeavePhasesExact: what feeds a phase is reckoned in
// float64 on every engine, by the same operations.
func TestExactModulatorsLeavePhasesExact(t *testing.T) {
	short := *job
	short.Shape.F = 1000
	for _, shape := range []int{kpn.OscSine, kpn.OscSaw, kpn.OscPulse, kpn.OscTriangle} {
		for _, param := range []string{"freq", "phase", "width"} {
			const scale = 0.125
			same := osc("a", shape, 4, 0)
			if param == "freq" {
				// A corner's errors grow with the increment.
				same.Params["freq"] = kpn.Const(440 + scale)
			}
			still := derive(t, only(same), &short, nil)
			g, j := fed(osc("a", shape, 4, 0), param, kpn.ModulationAdd, scale, 1000)
			moving := derive(t, g, j, nil)
			assert.Equal(t, still.MaxAbs, moving.MaxAbs, "%s of shape %d", param, shape)
			assert.Equal(t, still.RMSdB, moving.RMSdB)
		}
	}
}

// TestModulationsRoundInFloat32 holds the bound of a plain parameter to its
// three roundings and the product.
func TestModulationsRoundInFloat32(t *testing.T) {
	const u = 0x1p-24
	constant := kpn.Node{ID: "a", Kind: kpn.KindConstant, Params: map[string]kpn.Param{"value": kpn.Const(0.5)}}
	g, j := fed(constant, "value", kpn.ModulationAdd, 0.25, 32)
	// The product 0.25 and the sum, up to 0.75.
	assert.InDelta(t, u, derive(t, g, j, nil).MaxAbs, 1e-12)
	g, j = fed(constant, "value", kpn.ModulationAdd, 0.1, 32)
	off := math.Abs(0.1 - float64(float32(0.1)))
	assert.InDelta(t, off+u*(0.1+0.6), derive(t, g, j, nil).MaxAbs, 1e-12)
	g, j = fed(constant, "value", kpn.ModulationMultiply, 0.25, 32)
	// 0.25 rounded, times 0.5, and the product rounded.
	assert.InDelta(t, u*(0.125+0.125), derive(t, g, j, nil).MaxAbs, 1e-12)
	// Two in a row: the first one's errors count in both.
	g.Edges = append(g.Edges, modulation("in", "a", "value", kpn.ModulationMultiply, 4))
	assert.InDelta(t, 4*u*0.25+u*0.5+4*u*0.125, derive(t, g, j, nil).MaxAbs, 1e-12)
}

// TestModulatedValuesAreClamped: no value is beyond the parameter's range, and
// a channel that nothing modulates keeps its value.
func TestModulatedValuesAreClamped(t *testing.T) {
	in := func(scale float64, channel, channels int) compare.Tolerance {
		g := only(
			kpn.Node{ID: "in", Kind: kpn.KindInput},
			kpn.Node{ID: "noise", Kind: kpn.KindNoise},
			kpn.Node{ID: "a", Kind: kpn.KindGain},
		)
		g.Edges = []kpn.Edge{{From: "noise", To: "a", Port: "in"}, modulation("in", "a", "gain", kpn.ModulationAdd, scale)}
		g.Edges[1].Modulation.Channel = channel
		j := inputJob(32)
		j.Shape.C = channels
		return derive(t, g, j, nil)
	}
	assert.Equal(t, in(1e9, kpn.AllChannels, 1).MaxAbs, in(1e9, 0, 1).MaxAbs)
	assert.Greater(t, in(1e9, 0, 2).MaxAbs, 1.0)
	// A gain of 1 rounds nothing that the bound does not count anyway.
	quiet := in(1e9, 1, 1)
	assert.Less(t, quiet.MaxAbs, 1e-7)
	// The range ends at 10⁹.
	twice := in(1e9, kpn.AllChannels, 1)
	g, j := fed(kpn.Node{ID: "a", Kind: kpn.KindConstant}, "value", kpn.ModulationAdd, 1e9, 32)
	g.Edges = append(g.Edges, g.Edges[0], g.Edges[0])
	assert.Contains(t, derive(t, g, j, nil).Reason, "at most 1e+09")
	assert.NotZero(t, twice.MaxAbs)
}

// vibrato is a sine whose frequency a sine changes.
func vibrato(shape, limit int, freq, depth float64) *kpn.Graph {
	carrier := osc("a", shape, 1, 0)
	carrier.Params["freq"] = kpn.Const(freq)
	carrier.Params["band_limit"] = kpn.Const(float64(limit))
	g := only(osc("slow", kpn.OscSine, 1, 0), carrier)
	g.Edges = []kpn.Edge{modulation("slow", "a", "freq", kpn.ModulationAdd, depth)}
	return g
}

// TestFrequencyErrorsAddUp: a phase is off by the sum of its frequency's errors
// over the job, and steps by as much as they are steep.
func TestFrequencyErrorsAddUp(t *testing.T) {
	sine := func(frames int, depth float64) float64 {
		j := &kpn.Job{Shape: kpn.Shape{B: 1, C: 1, F: frames}, Rate: 48000}
		still := derive(t, only(osc("a", kpn.OscSine, 1, 0)), j, nil)
		return derive(t, vibrato(kpn.OscSine, 0, 1000, depth), j, nil).MaxAbs - still.MaxAbs
	}
	// 1.03·10⁻⁷ of 100 Hz for a second is 10⁻⁵ cycles.
	assert.InEpsilon(t, 2*math.Pi*100*1.03e-7, sine(48000, 100), 0.01)
	assert.InEpsilon(t, 10, sine(480000, 100)/sine(48000, 100), 0.001)
	assert.InEpsilon(t, 0.5, sine(48000, 50)/sine(48000, 100), 0.001)

	j := &kpn.Job{Shape: kpn.Shape{B: 1, C: 1, F: 480}, Rate: 48000}
	saw := derive(t, vibrato(kpn.OscSaw, kpn.BandLimitPolyBLEP4, 1000, 100), j, nil)
	// A cycle at 900 Hz has 53.3 samples.
	assert.InEpsilon(t, 1.03e-5*0.01*(2+4./3*48000/900), saw.MaxAbs-4.6e-7, 0.3)
	for _, bad := range []*kpn.Graph{
		vibrato(kpn.OscSaw, kpn.BandLimitNone, 1000, 100),
		vibrato(kpn.OscPulse, kpn.BandLimitNone, 1000, 100),
		// The frequency may be 0, and the step as steep as can be.
		vibrato(kpn.OscSaw, kpn.BandLimitPolyBLEP4, 100, 100),
	} {
		_, err := compare.Derive(bad, j, nil)
		var config *compare.ConfigError
		assert.ErrorAs(t, err, &config)
	}
	derive(t, vibrato(kpn.OscTriangle, kpn.BandLimitNone, 100, 100), j, nil)
}

// TestFrequencyErrorsAreBounded draws errors of the modulator and adds the phase
// up: no draw is outside, and one that always errs the same way is close.
func TestFrequencyErrorsAreBounded(t *testing.T) {
	const frames, depth = 2000, 300
	j := &kpn.Job{Shape: kpn.Shape{B: 1, C: 1, F: frames}, Rate: 48000}
	allowed := derive(t, vibrato(kpn.OscSine, 0, 1000, depth), j, nil).MaxAbs
	random := rand.New(rand.NewPCG(1, 1))
	largest := 0.0
	for draw := range 20 {
		want, got := 0.0, 0.0
		for f := range frames {
			x := math.Sin(2 * math.Pi * 0.01 * float64(f))
			e := 1.01e-7
			if draw > 0 {
				e *= 2*random.Float64() - 1
			}
			largest = max(largest, math.Abs(math.Sin(2*math.Pi*got)-math.Sin(2*math.Pi*want)))
			want += (1000 + depth*x) / 48000
			got += (1000 + depth*(x+e)) / 48000
		}
	}
	assert.Less(t, largest, allowed)
	assert.Greater(t, largest, allowed/2)
}

// TestControlSignalsKeepPhases: a chain of control nodes is float64, so that a
// phase behind it stays where it is for a minute.
func TestControlSignalsKeepPhases(t *testing.T) {
	chain := func(control bool) compare.Tolerance {
		g := only(
			kpn.Node{ID: "value", Kind: kpn.KindConstant, Params: map[string]kpn.Param{"value": kpn.Const(0.1)}},
			kpn.Node{ID: "gain", Kind: kpn.KindGain, Params: map[string]kpn.Param{"gain": kpn.Const(0.3)}},
			osc("a", kpn.OscSine, 1, 0),
		)
		g.Nodes[0].Control, g.Nodes[1].Control = control, control
		g.Edges = []kpn.Edge{
			{From: "value", To: "gain", Port: "in"},
			modulation("value", "gain", "gain", kpn.ModulationMultiply, 7),
			modulation("gain", "a", "freq", kpn.ModulationAdd, 1000),
		}
		if control {
			g.Control.Rate = 441
		}
		return derive(t, g, &kpn.Job{Shape: kpn.Shape{B: 1, C: 1, F: 60 * 48000}, Rate: 48000}, nil)
	}
	still := derive(t, only(osc("a", kpn.OscSine, 1, 0)), job, nil)
	wide := chain(true)
	assert.InDelta(t, still.MaxAbs, wide.MaxAbs, 1e-9)
	assert.Greater(t, wide.MaxAbs, still.MaxAbs)
	assert.Greater(t, chain(false).MaxAbs, 1e-4)
}

// TestControlSignalsAreRoundedAtPorts: interpolated in float32, they are rounded
// three times at their size and three times at that of a difference of two. A
// control signal that modulates a plain parameter is rounded once.
func TestControlSignalsAreRoundedAtPorts(t *testing.T) {
	const u = 0x1p-24
	g := only(
		kpn.Node{ID: "value", Kind: kpn.KindConstant, Control: true, Params: map[string]kpn.Param{"value": kpn.Const(0.1)}},
		kpn.Node{ID: "out", Kind: kpn.KindGain},
	)
	g.Control.Rate = 1000
	g.Edges = []kpn.Edge{{From: "value", To: "out", Port: "in"}}
	j := &kpn.Job{Shape: kpn.Shape{B: 1, C: 1, F: 100}, Rate: 48000}
	// And the gain's product.
	assert.InDelta(t, (3+3*2+1)*u*0.1, derive(t, g, j, nil).MaxAbs, 1e-12)
	g.Nodes[1] = kpn.Node{ID: "out", Kind: kpn.KindConstant, Params: map[string]kpn.Param{"value": kpn.Const(1)}}
	g.Edges = []kpn.Edge{modulation("value", "out", "value", kpn.ModulationAdd, 1)}
	assert.InDelta(t, u*(0.1+0.1+1.1), derive(t, g, j, nil).MaxAbs, 1e-12)
}

// TestEnvelopesInheritTheirTimes: what moves the end of a stage moves the
// envelope by its slope; a stage that may be no longer than that has none.
func TestEnvelopesInheritTheirTimes(t *testing.T) {
	ramp := func(attack, depth float64) *kpn.Graph {
		g := only(osc("slow", kpn.OscSine, 1, 0), kpn.Node{ID: "a", Kind: kpn.KindAdsr, Params: map[string]kpn.Param{
			"attack": kpn.Const(attack), "decay": kpn.Const(0.1), "release": kpn.Const(0.1), "gate": kpn.Const(0.5),
		}})
		g.Edges = []kpn.Edge{modulation("slow", "a", "attack", kpn.ModulationAdd, depth)}
		return g
	}
	still := derive(t, only(kpn.Node{ID: "a", Kind: kpn.KindAdsr}), job, nil)
	moving := derive(t, ramp(0.02, 0.01), job, nil)
	// 1.03·10⁻⁷ of 10 ms, over at least 10 ms.
	assert.InDelta(t, still.MaxAbs+1.03e-7, moving.MaxAbs, 2e-8)
	_, err := compare.Derive(ramp(0.01, 0.01), job, nil)
	var config *compare.ConfigError
	require.ErrorAs(t, err, &config)
}

// TestGradientsOfModulatedPhasesHaveAFloor: the share grows with the sums, and
// with what the phase is off by.
func TestGradientsOfModulatedPhasesHaveAFloor(t *testing.T) {
	share := func(g *kpn.Graph, frames int) float64 {
		j := inputJob(frames)
		if len(g.Nodes) == 2 && g.Nodes[0].ID != "in" {
			j.Inputs = nil
		}
		require.NoError(t, j.Validate(g))
		return compare.DeriveGradients(g, j).Share
	}
	exact, _ := fed(osc("a", kpn.OscSaw, 1, 0), "freq", kpn.ModulationAdd, 1, 100)
	phase, _ := fed(osc("a", kpn.OscSaw, 1, 0), "phase", kpn.ModulationAdd, 0.1, 100)
	assert.Greater(t, share(exact, 10000), 1.3*share(phase, 10000))
	off := share(vibrato(kpn.OscSaw, kpn.BandLimitPolyBLEP4, 1000, 100), 480) - share(exact, 480)
	assert.InEpsilon(t, 2*1.03e-5*0.01*(2+4./3*48000/900), off, 0.05)
	assert.Equal(t, 1e-3, share(vibrato(kpn.OscSaw, kpn.BandLimitNone, 1000, 100), 480))
}

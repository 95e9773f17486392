package gradcheck_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sawmill/cpuref"
	"sawmill/goldens/gradcheck"
	"sawmill/kpn"
)

// near is an envelope whose sustain level, 0.5 plus that of a constant, is so
// far below the end of its range. The constant is a control node, or not.
func near(below float64, control bool) (*kpn.Graph, *kpn.Job) {
	g := &kpn.Graph{
		Nodes: []kpn.Node{
			{ID: "by", Kind: kpn.KindConstant, Control: control, Params: map[string]kpn.Param{"value": kpn.Const(0.25 - below/2)}},
			{ID: "env", Kind: kpn.KindAdsr, Params: map[string]kpn.Param{"attack": kpn.Const(0.0001), "decay": kpn.Const(0.0001), "sustain": kpn.Const(0.5)}},
		},
		Edges:   []kpn.Edge{{From: "by", To: "env", Port: "sustain", Modulation: &kpn.Modulation{Scale: 2, Channel: kpn.AllChannels}}},
		Outputs: []string{"env"},
	}
	if control {
		g.Control.Rate = 12000
	}
	return g, &kpn.Job{Shape: kpn.Shape{B: 1, C: 1, F: 32}, Rate: 48000}
}

func checkNear(below float64, control bool) (gradcheck.Report, error) {
	g, job := near(below, control)
	return gradcheck.Check(context.Background(), cpuref.New(), nil, g, job, gradcheck.Options{Nudge: -1})
}

// lineOf is the line of a parameter.
func lineOf(t *testing.T, r gradcheck.Report, node, param string) gradcheck.Line {
	t.Helper()
	for _, l := range r.Lines {
		if l.Ref == (kpn.ParamRef{Node: node, Param: param}) && !l.All {
			return l
		}
	}
	require.Fail(t, "there is no such line", "%s.%s", node, param)
	return gradcheck.Line{}
}

// TestStepsDoNotCrossTheEndOfARange: beyond the end of its range a value has no
// effect. Steps that reach across do not count, and if all do, the check says
// so.
func TestStepsDoNotCrossTheEndOfARange(t *testing.T) {
	for _, control := range []bool{false, true} {
		r, err := checkNear(0.1, control)
		require.NoError(t, err, r.String())
		far := lineOf(t, r, "env", "sustain").Step
		r, err = checkNear(1e-6, control)
		require.NoError(t, err, r.String())
		assert.Less(t, lineOf(t, r, "env", "sustain").Step, 1e-6)
		assert.Less(t, lineOf(t, r, "env", "sustain").Step, far)
		assert.Less(t, lineOf(t, r, "by", "value").Step, 0.5e-6)
		r, err = checkNear(-1e-6, control)
		require.NoError(t, err, r.String())
		assert.Zero(t, lineOf(t, r, "env", "sustain").Difference, "beyond the end")

		r, err = checkNear(1e-13, control)
		var mismatch *gradcheck.MismatchError
		require.ErrorAs(t, err, &mismatch)
		assert.Contains(t, lineOf(t, r, "env", "sustain").Fault, "beyond its range")
	}
}

// TestLimitsOfControlNodesCount: the same where a control node's own parameter
// is limited.
func TestLimitsOfControlNodesCount(t *testing.T) {
	g := &kpn.Graph{
		Nodes: []kpn.Node{
			{ID: "by", Kind: kpn.KindConstant, Control: true, Params: map[string]kpn.Param{"value": kpn.Const(0.5 - 1e-6)}},
			{ID: "slow", Kind: kpn.KindLfo, Control: true, Params: map[string]kpn.Param{"sin": kpn.Const(0.5), "tri": kpn.Const(0.25), "freq": kpn.Const(900)}},
			{ID: "out", Kind: kpn.KindGain},
		},
		Edges: []kpn.Edge{
			{From: "by", To: "slow", Port: "sin", Modulation: &kpn.Modulation{Scale: 1, Channel: kpn.AllChannels}},
			{From: "slow", To: "out", Port: "in"},
		},
		Outputs: []string{"out"},
		Control: kpn.Control{Rate: 12000, AlignEnds: true},
	}
	job := &kpn.Job{Shape: kpn.Shape{B: 1, C: 1, F: 32}, Rate: 48000}
	r, err := gradcheck.Check(context.Background(), cpuref.New(), nil, g, job, gradcheck.Options{Nudge: -1})
	require.NoError(t, err, r.String())
	assert.Less(t, lineOf(t, r, "by", "value").Step, 1e-6)
	assert.Less(t, lineOf(t, r, "slow", "sin").Step, 1e-6)
	assert.NotZero(t, lineOf(t, r, "by", "value").Difference)
}

// TestAGradientBeyondTheEndOfARangeCounts: an adjoint that forgets the end of a
// range, or what modulates.
func TestAGradientBeyondTheEndOfARangeCounts(t *testing.T) {
	for name, c := range map[string]struct {
		below float64
		ref   kpn.ParamRef
		value float64
	}{
		"beyond":             {-0.1, kpn.ParamRef{Node: "env", Param: "sustain"}, 1},
		"of what modulates":  {-0.1, kpn.ParamRef{Node: "by", Param: "value"}, 1},
		"none of what does":  {0.1, kpn.ParamRef{Node: "by", Param: "value"}, 0},
		"none of the value":  {0.1, kpn.ParamRef{Node: "env", Param: "sustain"}, 0},
		"without the scale ": {0.1, kpn.ParamRef{Node: "by", Param: "value"}, 0.5},
	} {
		for _, control := range []bool{false, true} {
			g, job := near(c.below, control)
			engine := spoilt{Engine: cpuref.New(), gradients: func(all *kpn.Gradients) {
				v, _ := all.Find(c.ref)
				if c.value == 0.5 {
					v.F64[0] /= 2
				} else {
					v.F64[0] = c.value
				}
			}}
			_, err := gradcheck.Check(context.Background(), engine, nil, g, job, gradcheck.Options{})
			var mismatch *gradcheck.MismatchError
			require.ErrorAs(t, err, &mismatch, name)
			assert.Equal(t, c.ref, mismatch.Line.Ref, name)
		}
	}
}

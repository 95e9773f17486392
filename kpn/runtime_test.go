package kpn_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sawmill/cpuref"
	"sawmill/kpn"
)

const runtimeRate = 48000

// frames is a tensor of seeded numbers from −1 to 1.
func frames(s kpn.Shape, seed uint64) *kpn.Values {
	random := rand.New(rand.NewPCG(seed, 1))
	v := &kpn.Values{Shape: s, Data: make([]float64, s.Len())}
	for i := range v.Data {
		v.Data[i] = 2*random.Float64() - 1
	}
	return v
}

// chain is a constant and three gains whose factors are given frame by frame.
func chain(s kpn.Shape) *kpn.Network {
	n := &kpn.Network{
		Graph: &kpn.Graph{
			Nodes:   []kpn.Node{{ID: "source", Kind: kpn.KindConstant}},
			Outputs: []string{"c"},
		},
		Params: map[kpn.ParamRef]*kpn.Values{{Node: "source", Param: "value"}: kpn.Number(0.7)},
	}
	from := "source"
	for i, id := range []string{"a", "b", "c"} {
		n.Graph.Nodes = append(n.Graph.Nodes, kpn.Node{ID: id, Kind: kpn.KindGain})
		n.Graph.Edges = append(n.Graph.Edges, kpn.Edge{From: from, To: id, Port: "in"})
		n.Params[kpn.ParamRef{Node: id, Param: "gain"}] = frames(s, uint64(i))
		from = id
	}
	return n
}

// started is a runtime on the reference, configured.
func started(t *testing.T, n *kpn.Network, s kpn.Shape, options kpn.RuntimeOptions) *kpn.Runtime {
	t.Helper()
	r, err := kpn.NewRuntime(cpuref.New(), n, options)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, r.Close()) })
	require.NoError(t, r.Configure(s.B, s.C, s.F, runtimeRate))
	return r
}

// execute runs so many frames in blocks whose lengths repeat, and joins the
// first output's, frame by frame.
func execute(t *testing.T, r *kpn.Runtime, total int, lengths ...int) []float64 {
	t.Helper()
	var all []float64
	for done, k := 0, 0; done < total; k++ {
		n := min(lengths[k%len(lengths)], total-done)
		got, err := r.Execute(context.Background(), n, nil)
		require.NoError(t, err)
		all = append(all, got.Outputs[0].Data...)
		done += n
	}
	return all
}

func TestRuntimeMultipliesGains(t *testing.T) {
	shape := kpn.Shape{B: 2, C: 2, F: 64}
	n := chain(shape)
	override := frames(kpn.Shape{B: 2, C: 2, F: 128}, 9)
	const total = 320
	var first []float64
	for _, lengths := range [][]int{{160}, {64}, {7}, {1}} {
		r := started(t, n, shape, kpn.RuntimeOptions{})
		got := execute(t, r, total/2, lengths...)
		require.NoError(t, r.SetParam("b", "gain", override))
		// The caller's tensor is its own again.
		kept := override.Data[5]
		override.Data[5] = 1e6
		got = append(got, execute(t, r, total/2, lengths...)...)
		override.Data[5] = kept
		for f := range total {
			for row := range shape.Rows() {
				b, c := row/2, row%2
				want := 0.7
				for _, id := range []string{"a", "b", "c"} {
					v, at := n.Params[kpn.ParamRef{Node: id, Param: "gain"}], f%64
					if id == "b" && f >= total/2 {
						v, at = override, (f-total/2)%128
					}
					want *= v.At(b, c, at)
				}
				require.InDelta(t, want, got[f*4+row], 1e-12, "frame %d, row %d", f, row)
			}
		}
		if first == nil {
			first = got
		}
		require.Equal(t, first, got, "%v", lengths)
	}
}

// entries are the records that a runtime has logged.
func entries(t *testing.T, log *bytes.Buffer) []map[string]any {
	t.Helper()
	var list []map[string]any
	for line := range strings.Lines(log.String()) {
		var e map[string]any
		require.NoError(t, json.Unmarshal([]byte(line), &e))
		list = append(list, e)
	}
	return list
}

func TestRuntimeRefusesShapes(t *testing.T) {
	shape := kpn.Shape{B: 2, C: 2, F: 64}
	n := chain(shape)
	heat := kpn.ParamRef{Node: "a", Param: kpn.HeatParam}
	n.Params[heat] = frames(shape, 4)
	want := execute(t, started(t, n, shape, kpn.RuntimeOptions{}), 100, 100)
	for _, c := range []struct {
		node, param string
		given       kpn.Shape
	}{
		{"a", kpn.HeatParam, kpn.Shape{B: 2, C: 2, F: 65}},
		{"a", kpn.HeatParam, kpn.Shape{B: 2, C: 2, F: 32}},
		{"b", kpn.HeatParam, kpn.Shape{B: 2, C: 2, F: 63}},
		{"b", "gain", kpn.Shape{B: 1, C: 2, F: 64}},
		{"b", "gain", kpn.Shape{B: 2, C: 3, F: 64}},
		{"source", "value", kpn.Shape{B: 2, C: 1, F: 1}},
	} {
		var log bytes.Buffer
		r := started(t, n, shape, kpn.RuntimeOptions{Logger: slog.New(slog.NewJSONHandler(&log, nil))})
		before := execute(t, r, 30, 30)
		err := r.SetParam(c.node, c.param, frames(c.given, 7))
		require.Equal(t, kpn.ShapeMismatch, kpn.CodeOf(err), "%v", c)
		var param *kpn.ParamError
		require.ErrorAs(t, err, &param)
		assert.Equal(t, c.given, param.Got)
		list := entries(t, &log)
		require.Len(t, list, 1)
		assert.Equal(t, "amp_graph_runtime_set_param_shape_mismatch", list[0]["msg"])
		assert.Equal(t, c.node, list[0]["node"])
		assert.Equal(t, c.param, list[0]["parameter"])
		assert.Equal(t, param.Want.String(), list[0]["expected"])
		assert.Equal(t, c.given.String(), list[0]["given"])
		assert.Equal(t, want, append(before, execute(t, r, 70, 70)...))
	}
}

func TestRuntimeRefusesArguments(t *testing.T) {
	shape := kpn.Shape{B: 1, C: 1, F: 8}
	n := chain(shape)
	n.Graph.Nodes = append(n.Graph.Nodes, kpn.Node{ID: "filter", Kind: kpn.KindSVF})
	n.Graph.Edges = append(n.Graph.Edges, kpn.Edge{From: "c", To: "filter", Port: "in"})
	n.Graph.Outputs = append(n.Graph.Outputs, "filter")
	r := started(t, n, shape, kpn.RuntimeOptions{})
	execute(t, r, 4, 4)
	for _, c := range []struct {
		node, param string
		values      *kpn.Values
		code        kpn.Code
	}{
		{"none", "gain", kpn.Number(1), kpn.InvalidArgument},
		{"a", "gian", kpn.Number(1), kpn.InvalidArgument},
		{"a", "gain", nil, kpn.InvalidArgument},
		{"a", "gain", &kpn.Values{Shape: shape}, kpn.InvalidArgument},
		{"a", "gain", &kpn.Values{Shape: kpn.Shape{B: 1, C: 1}, Data: []float64{}}, kpn.InvalidArgument},
		{"a", "gain", &kpn.Values{Shape: shape, Data: make([]float64, 7)}, kpn.InvalidArgument},
		{"filter", "cutoff", kpn.Number(-1), kpn.InvalidArgument},
		{"filter", "output", kpn.Number(1), kpn.Unsupported},
		{"filter", "cutoff", frames(kpn.Shape{B: 1, C: 1, F: 7}, 1), kpn.ShapeMismatch},
		{"filter", "cutoff", kpn.Number(1000), kpn.Done},
	} {
		assert.Equal(t, c.code, kpn.CodeOf(r.SetParam(c.node, c.param, c.values)), "%v", c)
	}
}

// A parameter that the graph has as a number may be set at any time, for a
// while, and the filter that it moves keeps what it remembers.
func TestRuntimeSetsNumbers(t *testing.T) {
	shape := kpn.Shape{B: 1, C: 2, F: 16}
	n := &kpn.Network{Graph: &kpn.Graph{
		Nodes: []kpn.Node{
			{ID: "osc", Kind: kpn.KindOsc, Oversample: 2, Params: map[string]kpn.Param{"shape": kpn.Const(kpn.OscSaw)}},
			{ID: "filter", Kind: kpn.KindSVF},
		},
		Edges:   []kpn.Edge{{From: "osc", To: "filter", Port: "in"}},
		Outputs: []string{"filter"},
	}}
	var first []float64
	for _, lengths := range [][]int{{100}, {7}, {1}} {
		r := started(t, n, shape, kpn.RuntimeOptions{})
		got := execute(t, r, 100, lengths...)
		require.NoError(t, r.SetParam("filter", "cutoff", kpn.Number(3000)))
		got = append(got, execute(t, r, 100, lengths...)...)
		ring := frames(kpn.Shape{B: 1, C: 2, F: 32}, 3)
		for i := range ring.Data {
			ring.Data[i] = 500 + 400*ring.Data[i]
		}
		// What was set before says which shapes fit.
		require.Equal(t, kpn.ShapeMismatch, kpn.CodeOf(r.SetParam("filter", "cutoff", ring)))
		require.NoError(t, r.ClearParams())
		require.NoError(t, r.SetParam("filter", "cutoff", ring))
		got = append(got, execute(t, r, 100, lengths...)...)
		require.NoError(t, r.ClearParams())
		got = append(got, execute(t, r, 100, lengths...)...)
		if first == nil {
			first = got
		}
		require.Equal(t, first, got, "%v", lengths)
		// What was never set sounds otherwise from then on only.
		plain := execute(t, started(t, n, shape, kpn.RuntimeOptions{}), 400, 400)
		require.Equal(t, plain[:2*100], got[:2*100])
		require.NotEqual(t, plain[2*120:], got[2*120:])
	}
}

// A runtime that was interrupted in a block does not go on as if it had not
// been, until it is configured anew.
func TestRuntimeIsInterrupted(t *testing.T) {
	shape := kpn.Shape{B: 2, C: 2, F: 64}
	n := chain(shape)
	want := execute(t, started(t, n, shape, kpn.RuntimeOptions{}), 30, 30)
	// A context that is over before anything begins interrupts nothing.
	r := started(t, n, shape, kpn.RuntimeOptions{})
	first := execute(t, r, 10, 10)
	done, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := r.Execute(done, 10, nil)
	require.ErrorIs(t, err, context.Canceled)
	assert.Equal(t, want, append(first, execute(t, r, 20, 20)...))

	// One that is over in the middle of a block does.
	done, cancel = context.WithCancel(context.Background())
	n.Graph.Custom = map[kpn.Kind]*kpn.CustomKind{"stop": {
		Spec:  kpn.Spec{Kind: "stop", Inputs: []kpn.Port{{Name: "in", Least: 1}}},
		NewV1: func(*kpn.Node) (kpn.NodeV1, error) { return stopper(cancel), nil },
	}}
	n.Graph.Nodes = append(n.Graph.Nodes, kpn.Node{ID: "stop", Kind: "stop"})
	n.Graph.Edges = append(n.Graph.Edges, kpn.Edge{From: "c", To: "stop", Port: "in"})
	n.Graph.Outputs = []string{"stop"}
	r = started(t, n, shape, kpn.RuntimeOptions{})
	execute(t, r, 10, 10)
	_, err = r.Execute(done, 1000, nil)
	require.ErrorIs(t, err, context.Canceled)
	var interrupted *kpn.InterruptedError
	_, err = r.Execute(context.Background(), 10, nil)
	require.ErrorAs(t, err, &interrupted)
	assert.Equal(t, 10, interrupted.Frame)
	require.NoError(t, r.Configure(shape.B, shape.C, shape.F, runtimeRate))
	assert.Equal(t, want, execute(t, r, 30, 30))
}

// stopper passes its input on and cancels a context once it is called for many
// frames.
type stopper context.CancelFunc

func (s stopper) Run(c *kpn.Call) (*kpn.FrameTensor, any, error) {
	if c.Shape.F > 100 {
		s()
	}
	return c.Inputs[0], nil, nil
}

func TestRuntimeChecksItsUse(t *testing.T) {
	shape := kpn.Shape{B: 1, C: 1, F: 8}
	r, err := kpn.NewRuntime(cpuref.New(), chain(shape), kpn.RuntimeOptions{})
	require.NoError(t, err)
	var job *kpn.JobError
	_, err = r.Execute(context.Background(), 1, nil)
	require.ErrorAs(t, err, &job, "it is not configured")
	assert.Equal(t, kpn.InvalidArgument, kpn.CodeOf(r.SetParam("a", "gain", kpn.Number(1))))
	require.ErrorAs(t, r.Configure(0, 1, 1, runtimeRate), &job)
	var fault *kpn.ShapeError
	require.ErrorAs(t, chainedTo(t, r, 3), &fault, "a default of 1×1×8 serves 3 items, one of 2×1×8 does not")
	require.NoError(t, r.Configure(1, 1, 8, runtimeRate))
	_, err = r.Execute(context.Background(), 0, nil)
	require.ErrorAs(t, err, &job)
	_, err = r.Execute(context.Background(), 1, map[string][]float64{"source": {1}})
	require.ErrorAs(t, err, &job, "it is no input")
	_, err = r.DescribeNode("none")
	assert.Equal(t, kpn.InvalidArgument, kpn.CodeOf(err))
	require.NoError(t, r.Close())
	_, err = r.Execute(context.Background(), 1, nil)
	require.ErrorAs(t, err, &job, "it is closed")
	require.NoError(t, r.Close())
}

// chainedTo configures a runtime of two items for more.
func chainedTo(t *testing.T, r *kpn.Runtime, items int) error {
	t.Helper()
	require.NoError(t, r.Configure(items, 1, 8, runtimeRate))
	other, err := kpn.NewRuntime(cpuref.New(), chain(kpn.Shape{B: 2, C: 1, F: 8}), kpn.RuntimeOptions{})
	require.NoError(t, err)
	return other.Configure(items, 1, 8, runtimeRate)
}

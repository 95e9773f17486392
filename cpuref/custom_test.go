package cpuref_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sawmill/cpuref"
	"sawmill/kpn"
)

// leak is a custom kind that does what a dc_blocker does.
var leak = &kpn.CustomKind{
	Spec: kpn.Spec{
		Kind:   "leak",
		Inputs: []kpn.Port{{Name: "in", Least: 1}},
		Params: []kpn.Parameter{{Name: "pole", Default: 0.995, Max: 1, Differentiable: true}},
	},
	New: func(*kpn.Node) (kpn.NodeV2, error) { return &leaks{}, nil },
}

// leaks is its entry; it counts calls and the states that are alive.
type leaks struct{ calls int }

// means is its state: the mean of each row.
type means struct {
	rows  []float64
	alive *int
}

// Release implements [kpn.Releaser].
func (m *means) Release() { *m.alive-- }

var aliveMeans int

func (l *leaks) Forward(c *kpn.Call) (*kpn.FrameTensor, any, error) {
	l.calls++
	m := &means{rows: make([]float64, c.Shape.Rows()), alive: &aliveMeans}
	aliveMeans++
	if old, ok := c.State.(*means); ok {
		copy(m.rows, old.rows)
	}
	out := kpn.NewFrameTensor(c.Shape)
	for f := range c.Shape.F {
		in, pole, y := c.Inputs[0].Frame(f), c.Params[0].Frame(f), out.Frame(f)
		for row := range m.rows {
			y[row] = in[row] - m.rows[row]
			m.rows[row] += float64((1 - pole[row]) * y[row])
		}
	}
	return out, m, nil
}

func (l *leaks) Adjoint(c *kpn.Call, cotangents *kpn.FrameTensor) (*kpn.NodeGradients, error) {
	out, state, err := l.Forward(&kpn.Call{Shape: c.Shape, Inputs: c.Inputs, Params: c.Params})
	if err != nil {
		return nil, err
	}
	if m, ok := state.(*means); ok {
		m.Release()
	}
	in, pole := kpn.NewFrameTensor(c.Shape), kpn.NewFrameTensor(c.Shape)
	back := make([]float64, c.Shape.Rows())
	for f := c.Shape.F - 1; f >= 0; f-- {
		for row := range back {
			i := f*len(back) + row
			pole.Data[i] = -back[row] * out.Data[i]
			in.Data[i] = cotangents.Data[i] + float64((1-c.Params[0].Data[i])*back[row])
			back[row] -= in.Data[i]
		}
	}
	return &kpn.NodeGradients{Inputs: []*kpn.FrameTensor{in}, Params: []*kpn.FrameTensor{pole}}, nil
}

func (l *leaks) Metrics() (kpn.Metrics, bool) { return kpn.Metrics{Heat: float64(l.calls)}, true }

// leaky is a graph of two leaks, oversampled sources, a modulation and a whole
// row, of a kind for leaks; edges may close a loop.
func leaky(kind kpn.Kind, loop bool) (*kpn.Graph, *kpn.Job) {
	shape := kpn.Shape{B: 2, C: 2, F: 600}
	g := &kpn.Graph{
		Custom: map[kpn.Kind]*kpn.CustomKind{leak.Spec.Kind: leak},
		Nodes: []kpn.Node{
			{ID: "osc", Kind: kpn.KindOsc, Oversample: 2, Params: map[string]kpn.Param{"freq": kpn.Const(300)}},
			{ID: "lfo", Kind: kpn.KindLfo, Params: map[string]kpn.Param{"freq": kpn.Const(200)}},
			{ID: "in", Kind: kpn.KindInput},
			{ID: "one", Kind: kind, Params: map[string]kpn.Param{"pole": {Rate: kpn.PerItem}}},
			{ID: "sum", Kind: kpn.KindMix},
			{ID: "two", Kind: kind, Params: map[string]kpn.Param{"pole": {Rate: kpn.PerFrame}}},
			{ID: "late", Kind: kpn.KindGain, Params: map[string]kpn.Param{"gain": kpn.Const(0.5)}},
		},
		Edges: []kpn.Edge{
			{From: "osc", To: "one", Port: "in"},
			{From: "lfo", To: "one", Port: "pole", Modulation: &kpn.Modulation{Scale: -0.1, Channel: 1}},
			{From: "one", To: "sum", Port: "in_0"},
			{From: "in", To: "sum", Port: "in_1", DelayFrames: 5},
			{From: "sum", To: "two", Port: "in"},
			{From: "two", To: "late", Port: "in"},
		},
		Outputs: []string{"late", "one"},
	}
	if loop {
		g.Edges = append(g.Edges, kpn.Edge{From: "late", To: "sum", Port: "in_2", DelayFrames: 7})
	} else {
		g.Nodes = append(g.Nodes, kpn.Node{ID: "whole", Kind: kpn.KindNormalize})
		g.Edges = append(g.Edges, kpn.Edge{From: "late", To: "whole", Port: "in"})
		g.Outputs[0] = "whole"
	}
	pole := tensor(shape, 6, 0.9, 0.999)
	return g, &kpn.Job{
		Shape: shape, Rate: rate,
		Items:  map[kpn.ParamRef][]float64{{Node: "one", Param: "pole"}: {0.99, 0.98}},
		Frames: map[kpn.ParamRef]*kpn.Tensor{{Node: "two", Param: "pole"}: pole},
		Inputs: map[string]*kpn.Tensor{"in": tensor(shape, 8, -1, 1)},
	}
}

// A custom kind gives the bits of the catalogue's kind that does the same.
func TestCustomKindsRender(t *testing.T) {
	for _, loop := range []bool{false, true} {
		custom, job := leaky("leak", loop)
		builtin, _ := leaky(kpn.KindDCBlocker, loop)
		want := render(t, builtin, job)
		require.Equal(t, want, render(t, custom, job), "loop %v", loop)
		assert.Zero(t, aliveMeans, "states are released")
		job.BlockFrames = 13
		require.Equal(t, want, render(t, custom, job), "loop %v", loop)
		assert.Zero(t, aliveMeans)
	}
}

func TestCustomKindsStream(t *testing.T) {
	custom, job := leaky("leak", true)
	want := streamed(t, custom, job, 1000)
	for _, length := range []int{64, 7, 1} {
		require.Equal(t, want, streamed(t, custom, job, length), length)
	}
	assert.Zero(t, aliveMeans, "states are released")
}

func TestCustomKindsGradients(t *testing.T) {
	for _, loop := range []bool{false, true} {
		customGradients(t, loop)
	}
}

func customGradients(t *testing.T, loop bool) {
	t.Helper()
	custom, job := leaky("leak", loop)
	builtin, _ := leaky(kpn.KindDCBlocker, loop)
	cotangents := kpn.TensorCotangents{tensor(job.Shape, 1, -1, 1), tensor(job.Shape, 2, -1, 1)}
	all := func(g *kpn.Graph) *kpn.Gradients {
		x, err := compiled(g)
		require.NoError(t, err)
		got, err := x.Adjoint(context.Background(), &kpn.AdjointJob{Job: job, Cotangents: cotangents})
		require.NoError(t, err)
		return got
	}
	want, got := all(builtin), all(custom)
	assert.Zero(t, aliveMeans)
	assert.Empty(t, got.NoAdjoint)
	require.Len(t, got.List, len(want.List))
	for i := range want.List {
		require.Equal(t, want.List[i].Ref, got.List[i].Ref)
		require.Equal(t, want.List[i].Code, got.List[i].Code)
		for k := range want.List[i].Shape.Len() {
			w := want.List[i].At(k)
			// The same sums, but those that go by chunks of frames.
			require.InDelta(t, w, got.List[i].At(k), 1e-9*(1+max(w, -w)), "%v %d", want.List[i].Ref, k)
		}
	}
}

// swap is a version-1 entry that exchanges the channels, which no kind of the
// catalogue can.
type swap struct{}

func (swap) Run(c *kpn.Call) (*kpn.FrameTensor, any, error) {
	out := kpn.NewFrameTensor(c.Shape)
	for f := range c.Shape.F {
		for i := range out.Frame(f) {
			out.Frame(f)[i] = c.Inputs[0].Frame(f)[i^1]
		}
	}
	return out, nil, nil
}

// late is a kind that is late by what its nodes say.
type late struct{ frames int }

func (l late) Run(c *kpn.Call) (*kpn.FrameTensor, any, error) {
	held, ok := c.State.([]float64)
	if !ok {
		held = make([]float64, l.frames*c.Shape.Rows())
	}
	all := append(append([]float64(nil), held...), c.Inputs[0].Data...)
	return &kpn.FrameTensor{Shape: c.Shape, Data: all[:c.Shape.Len()]}, all[c.Shape.Len():], nil
}

func bridged(kind kpn.Kind, entry func(n *kpn.Node) kpn.NodeV1) *kpn.CustomKind {
	return &kpn.CustomKind{
		Spec:  kpn.Spec{Kind: kind, Inputs: []kpn.Port{{Name: "in", Least: 1}}},
		NewV1: func(n *kpn.Node) (kpn.NodeV1, error) { return entry(n), nil },
	}
}

// bridges is an input that goes through a bridged kind, beside itself.
func bridges(c *kpn.CustomKind, delay int) *kpn.Graph {
	return &kpn.Graph{
		Custom:  map[kpn.Kind]*kpn.CustomKind{c.Spec.Kind: c},
		Nodes:   []kpn.Node{{ID: "in", Kind: kpn.KindInput}, {ID: "node", Kind: c.Spec.Kind, Delay: delay}, {ID: "sum", Kind: kpn.KindMix}},
		Edges:   []kpn.Edge{{From: "in", To: "node", Port: "in"}, {From: "node", To: "sum", Port: "in_0"}, {From: "in", To: "sum", Port: "in_1"}},
		Outputs: []string{"sum", "node"},
	}
}

func TestBridgedKinds(t *testing.T) {
	g := bridges(bridged("swap", func(*kpn.Node) kpn.NodeV1 { return swap{} }), 0)
	shape := kpn.Shape{B: 2, C: 2, F: 300}
	job := &kpn.Job{Shape: shape, Rate: rate, Inputs: map[string]*kpn.Tensor{"in": tensor(shape, 1, -1, 1)}}
	got := render(t, g, job)
	for b := range shape.B {
		for c := range shape.C {
			for f := range shape.F {
				require.Equal(t, float64(job.Inputs["in"].Row(b, 1-c)[f]), got[1][shape.Index(b, c, f)])
			}
		}
	}
	x, err := compiled(g)
	require.NoError(t, err)
	ones := kpn.NewTensor(kpn.Shape{B: 1, C: 1, F: shape.F})
	for i := range ones.Data {
		ones.Data[i] = 1
	}
	all, err := x.Adjoint(context.Background(), &kpn.AdjointJob{Job: job, Cotangents: kpn.TensorCotangents{ones, ones}})
	require.NoError(t, err)
	assert.Equal(t, []string{"node"}, all.NoAdjoint)
	in, ok := all.Find(kpn.ParamRef{Node: "in"})
	require.True(t, ok)
	// Only the way beside the node counts.
	assert.InDelta(t, 1, in.At(0), 0)
}

// A kind that is late says so, and other paths are aligned with it.
func TestCustomDelaysAreAligned(t *testing.T) {
	g := bridges(bridged("late", func(n *kpn.Node) kpn.NodeV1 { return late{n.Delay} }), 40)
	shape := kpn.Shape{B: 1, C: 2, F: 300}
	job := &kpn.Job{Shape: shape, Rate: rate, Inputs: map[string]*kpn.Tensor{"in": tensor(shape, 1, -1, 1)}}
	x, err := compiled(g)
	require.NoError(t, err)
	assert.Equal(t, 40, x.Latency())
	got := render(t, g, job)
	for i, want := range job.Inputs["in"].Data {
		require.InDelta(t, 2*float64(want), got[0][i], 0)
	}
}

var errEntry = errors.New("no luck")

func TestCustomKindsThatFail(t *testing.T) {
	shape := kpn.Shape{B: 1, C: 1, F: 10}
	job := &kpn.Job{Shape: shape, Rate: rate, Inputs: map[string]*kpn.Tensor{"in": tensor(shape, 1, -1, 1)}}
	c := bridged("late", func(n *kpn.Node) kpn.NodeV1 { return late{n.Delay} })
	c.NewV1 = func(*kpn.Node) (kpn.NodeV1, error) { return nil, errEntry }
	x, err := cpuref.New().Compile(bridges(c, 0))
	require.NoError(t, err)
	require.ErrorIs(t, x.Forward(context.Background(), job, nil), errEntry)

	for name, change := range map[string]func(g *kpn.Graph, c *kpn.CustomKind){
		"no entry":       func(_ *kpn.Graph, c *kpn.CustomKind) { c.NewV1 = nil },
		"two entries":    func(_ *kpn.Graph, c *kpn.CustomKind) { c.New = leak.New },
		"another name":   func(_ *kpn.Graph, c *kpn.CustomKind) { c.Spec.Kind = "other" },
		"a whole row":    func(_ *kpn.Graph, c *kpn.CustomKind) { c.Spec.WholeRow = true },
		"a taken name":   func(g *kpn.Graph, c *kpn.CustomKind) { g.Custom[kpn.KindGain] = c; c.Spec.Kind = kpn.KindGain },
		"a builtin late": func(g *kpn.Graph, _ *kpn.CustomKind) { g.Nodes[2].Delay = 1 },
	} {
		c := bridged("late", func(n *kpn.Node) kpn.NodeV1 { return late{n.Delay} })
		g := bridges(c, 0)
		change(g, c)
		var fault *kpn.GraphError
		require.ErrorAs(t, g.Validate(), &fault, name)
	}
}

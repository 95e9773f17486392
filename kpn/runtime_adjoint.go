package kpn

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
)

// NoAdjointEntry is the message of the log entry for a node that has no
// adjoint.
const NoAdjointEntry = "amp_graph_runtime_adjoint_unsupported"

// RuntimeGradients are the derivatives of Σ cotangent·output.
type RuntimeGradients struct {
	// Params are those by the values of parameters, in the shapes of what is
	// bound: 1×1×1 for the graph's own numbers. A ring's are the sums over all
	// frames that they serve. What never has a derivative is left out.
	Params map[ParamRef]*Values
	// Inputs are those by the signals of the input nodes, frame by frame.
	Inputs map[string][]float64
	// Without names the nodes that have no adjoint (code [Unsupported]): they
	// passed zeros on.
	Without []string
}

// Adjoint takes the cotangents of the outputs back, over a window of frames
// that starts from rest: nothing remembered, the rings of what is bound now at
// their first frame, the clock at 0. Cotangents and inputs go frame by frame;
// the cotangents of each output count from its own first frame, as if nothing
// were late. What the runtime executes is left as it is.
//
// Nodes without a version-2 entry pass zeros on, which is logged once for each.
func (r *Runtime) Adjoint(ctx context.Context, frames int, inputs map[string][]float64, cotangents [][]float64) (*RuntimeGradients, error) {
	if err := r.ready(); err != nil {
		return nil, err
	}
	c, err := r.prepare()
	if err != nil {
		return nil, err
	}
	c.graph.Outputs = r.network.Graph.Outputs
	if err := r.fits(frames, len(c.perFrame)+len(inputs)+len(r.network.Curves)+len(c.graph.Outputs)); err != nil {
		return nil, err
	}
	w := &backWindow{runtime: r, graph: c.graph, shape: Shape{r.setup.shape.B, r.setup.shape.C, frames}}
	if err := w.bind(c, inputs); err != nil {
		return nil, err
	}
	if err := w.cut(ctx); err != nil {
		return nil, err
	}
	return w.take(ctx, cotangents)
}

// backWindow is an adjoint under way.
type backWindow struct {
	runtime *Runtime
	graph   *Graph
	shape   Shape
	job     *Job
	// without are the nodes that pass zeros on.
	without []string
}

// bind makes the job of the window.
func (w *backWindow) bind(c *compiled, inputs map[string][]float64) error {
	r := w.runtime
	w.job = &Job{
		Shape: w.shape, Rate: r.setup.rate, Seed: r.options.Seed, FirstItem: r.options.FirstItem,
		Items: c.items, Frames: map[ParamRef]*Tensor{}, Inputs: map[string]*Tensor{},
	}
	if err := w.job.validateExtent(); err != nil {
		return err
	}
	for ref := range c.perFrame {
		w.job.Frames[ref] = r.value(ref).values.spread(w.shape.C).repeated(w.shape.F).tensor()
	}
	for name, data := range inputs {
		v, err := batchMajor(name, data, w.shape)
		if err != nil {
			return err
		}
		w.job.Inputs[r.network.idOf(name)] = v.tensor()
	}
	for id, key := range r.network.Curves {
		w.job.Inputs[id] = r.curves[key].fill(0, w.shape.F, w.shape.C, w.job.Rate).tensor()
	}
	return nil
}

// tensor rounds values to float32.
func (v *Values) tensor() *Tensor {
	t := NewTensor(v.Shape)
	for i, x := range v.Data {
		t.Data[i] = float32(x)
	}
	return t
}

// cut puts input nodes that play what they gave into the place of nodes
// without a version-2 entry: no cotangent goes past those.
func (w *backWindow) cut(ctx context.Context) error {
	for i := range w.graph.Nodes {
		n := &w.graph.Nodes[i]
		if !w.runtime.network.Facts[n.ID].V1Only || n.Kind == KindInput {
			continue
		}
		if n.Control {
			return &UnsupportedError{w.runtime.network.nameOf(n.ID), n.Kind, "adjoint", "it has a version-1 entry only and runs at the control rate, where nothing can stand for it; let it run at the sample rate"}
		}
		w.without = append(w.without, n.ID)
	}
	for part := range slices.Chunk(w.without, MaxOutputs) {
		played := *w.graph
		played.Outputs = part
		signals, err := w.render(ctx, &played)
		if err != nil {
			return err
		}
		for o, id := range part {
			w.job.Inputs[id] = signals[o]
		}
	}
	// Not before all are rendered, which the inputs would be unknown to.
	for _, id := range w.without {
		n, _ := w.graph.Node(id)
		*n = Node{ID: id, Kind: KindInput}
	}
	w.graph.Edges = slices.DeleteFunc(slices.Clone(w.graph.Edges), func(e Edge) bool { return slices.Contains(w.without, e.To) })
	for ref := range w.job.Frames {
		if slices.Contains(w.without, ref.Node) {
			delete(w.job.Frames, ref)
		}
	}
	for ref := range w.job.Items {
		if slices.Contains(w.without, ref.Node) {
			delete(w.job.Items, ref)
		}
	}
	return nil
}

// render gives the whole outputs of a graph.
func (w *backWindow) render(ctx context.Context, g *Graph) ([]*Tensor, error) {
	x, err := w.runtime.engine.Compile(g)
	if err != nil {
		return nil, err
	}
	signals := make([]*Tensor, len(g.Outputs))
	for o := range signals {
		signals[o] = NewTensor(w.shape)
	}
	job := *w.job
	job.Inputs = map[string]*Tensor{}
	for id, t := range w.job.Inputs {
		if n, ok := g.Node(id); ok && n.Kind == KindInput {
			job.Inputs[id] = t
		}
	}
	err = x.Forward(ctx, &job, func(b *Block) error {
		for row := range b.Shape.Rows() {
			for f := range b.Shape.F {
				signals[b.Output].Data[row*w.shape.F+b.First+f] = float32(b.At(row*b.Shape.F + f))
			}
		}
		return nil
	})
	return signals, errors.Join(err, x.Close())
}

// take goes back.
func (w *backWindow) take(ctx context.Context, cotangents [][]float64) (*RuntimeGradients, error) {
	if len(cotangents) != len(w.graph.Outputs) {
		return nil, &JobError{"cotangents", fmt.Sprintf("got those of %d outputs, the graph has %d", len(cotangents), len(w.graph.Outputs))}
	}
	var tensors TensorCotangents
	for o, data := range cotangents {
		v, err := batchMajor("cotangent of "+w.runtime.network.nameOf(w.graph.Outputs[o]), data, w.shape)
		if err != nil {
			return nil, err
		}
		tensors = append(tensors, v.tensor())
	}
	x, err := w.runtime.engine.Compile(w.graph)
	if err != nil {
		return nil, err
	}
	all, err := x.Adjoint(ctx, &AdjointJob{Job: w.job, Cotangents: tensors})
	if err = errors.Join(err, x.Close()); err != nil {
		return nil, err
	}
	w.without = append(w.without, all.NoAdjoint...)
	w.runtime.note(w.without)
	return w.collect(all), nil
}

// note logs each node without an adjoint once.
func (r *Runtime) note(nodes []string) {
	for _, id := range nodes {
		if l := r.options.Logger; l != nil && !r.noted[id] {
			n, _ := r.network.Graph.Node(id)
			l.LogAttrs(context.Background(), slog.LevelWarn, NoAdjointEntry,
				slog.String("node", r.network.nameOf(id)), slog.String("kind", string(n.Kind)), slog.Int("code", int(Unsupported)))
		}
		r.noted[id] = true
	}
}

// collect brings gradients into the shapes of what is bound.
func (w *backWindow) collect(all *Gradients) *RuntimeGradients {
	r := w.runtime
	got := &RuntimeGradients{Params: map[ParamRef]*Values{}, Inputs: map[string][]float64{}}
	for _, id := range w.without {
		got.Without = append(got.Without, r.network.nameOf(id))
	}
	for i := range all.List {
		g := &all.List[i]
		if g.Ref.Param == "" {
			if _, follows := r.network.Curves[g.Ref.Node]; !follows && !slices.Contains(w.without, g.Ref.Node) {
				got.Inputs[r.network.nameOf(g.Ref.Node)] = frameMajorOf(g)
			}
			continue
		}
		if g.Code == Done && !r.network.inner[g.Ref.Node] {
			shape := Shape{1, 1, 1}
			if b := r.bound[g.Ref]; b != nil {
				shape = b.values.Shape
			}
			got.Params[r.network.hostRef(g.Ref)] = g.folded(shape)
		}
	}
	// Zeros where unused: also by what a node without an adjoint has.
	for _, id := range w.without {
		n, _ := r.network.Graph.Node(id)
		for _, p := range r.network.Graph.Parameters(n) {
			if ref := (ParamRef{id, p.Name}); p.Spec.Differentiable {
				shape := r.value(ref).values.Shape
				got.Params[r.network.hostRef(ref)] = &Values{shape, make([]float64, shape.Len())}
			}
		}
	}
	return got
}

// folded adds a gradient up to a shape: along axes of 1, and around rings.
func (g *Gradient) folded(s Shape) *Values {
	v := &Values{s, make([]float64, s.Len())}
	for i := range g.Shape.Len() {
		b, c, f := g.Shape.Coordinates(i)
		v.Data[s.Index(b%s.B, c%s.C, f%s.F)] += g.At(i)
	}
	return v
}

// frameMajorOf lays a gradient out frame by frame.
func frameMajorOf(g *Gradient) []float64 {
	rows, n := g.Shape.Rows(), g.Shape.F
	data := make([]float64, rows*n)
	for row := range rows {
		for f := range n {
			data[f*rows+row] = g.At(row*n + f)
		}
	}
	return data
}

package gradcheck_test

import (
	"context"
	"math"

	"sawmill/cpuref"
	"sawmill/kpn"
)

// analytic is the reference with the gradients of [sum] by formula, which a
// test may spoil.
type analytic struct {
	kpn.Engine
	// name is the device's, if it is another one.
	name string
	// spoil changes the gradients, and late delays the cotangents by frames.
	spoil func(*kpn.Gradients)
	late  int
	// adjoints counts calls.
	adjoints *int
}

func newAnalytic() *analytic { return &analytic{Engine: cpuref.New(), adjoints: new(int)} }

func (e *analytic) Device() kpn.Device {
	d := e.Engine.Device()
	if e.name != "" {
		d.Name, d.Class = e.name, kpn.Software
	}
	return d
}

func (e *analytic) Compile(g *kpn.Graph) (kpn.Executable, error) {
	x, err := e.Engine.Compile(g)
	return &analyticExecutable{x, e, g}, err
}

type analyticExecutable struct {
	kpn.Executable
	engine *analytic
	graph  *kpn.Graph
}

// sum is level_0·a·gain + level_1·sine, with a parameter of every rate.
func sum(shape kpn.Shape) (*kpn.Graph, *kpn.Job) {
	g := &kpn.Graph{
		Nodes: []kpn.Node{
			{ID: "a", Kind: kpn.KindInput},
			{ID: "gain", Kind: kpn.KindGain, Params: map[string]kpn.Param{"gain": {Rate: kpn.PerFrame}}},
			{ID: "sine", Kind: kpn.KindOsc, Params: map[string]kpn.Param{
				"freq": {Rate: kpn.PerItem}, "phase": kpn.Const(0.3), "band_limit": kpn.Const(kpn.BandLimitNone),
			}},
			{ID: "sum", Kind: kpn.KindMix, Params: map[string]kpn.Param{"level_0": kpn.Const(0.5), "level_1": {Rate: kpn.PerItem}}},
		},
		Edges: []kpn.Edge{
			{From: "a", To: "gain", Port: "in"},
			{From: "gain", To: "sum", Port: "in_0"},
			{From: "sine", To: "sum", Port: "in_1"},
		},
		Outputs: []string{"sum"},
	}
	job := &kpn.Job{
		Shape: shape, Rate: 48000,
		Items:  map[kpn.ParamRef][]float64{},
		Frames: map[kpn.ParamRef]*kpn.Tensor{},
		Inputs: map[string]*kpn.Tensor{},
	}
	for b := range shape.B {
		freq, level := kpn.ParamRef{Node: "sine", Param: "freq"}, kpn.ParamRef{Node: "sum", Param: "level_1"}
		job.Items[freq] = append(job.Items[freq], 100+float64(b)*33)
		for c := range shape.C {
			job.Items[level] = append(job.Items[level], 1+float64(b+c))
		}
	}
	job.Inputs["a"] = noise("a", shape)
	// One channel's gains serve all.
	job.Frames[kpn.ParamRef{Node: "gain", Param: "gain"}] = noise("gain", kpn.Shape{B: shape.B, C: 1, F: shape.F})
	return g, job
}

func noise(name string, s kpn.Shape) *kpn.Tensor {
	t := kpn.NewTensor(s)
	for i := range t.Data {
		t.Data[i] = float32(2*kpn.UnitDraw(1, uint64(i), name) - 1)
	}
	return t
}

// Adjoint is that of [sum].
func (x *analyticExecutable) Adjoint(_ context.Context, job *kpn.AdjointJob) (*kpn.Gradients, error) {
	*x.engine.adjoints++
	s := job.Shape
	all := kpn.NewGradients(x.graph, job.Job)
	c := make([]float32, s.Len())
	if err := job.Cotangents.Read(0, kpn.Window{Items: s.B, Frames: s.F}, c); err != nil {
		return nil, err
	}
	at := func(node, param string) *kpn.Gradient {
		g, _ := all.Find(kpn.ParamRef{Node: node, Param: param})
		if g.F64 == nil {
			g.F64 = make([]float64, g.Shape.Len())
		}
		return g
	}
	constant := func(node, param string) float64 {
		n, _ := x.graph.Node(node)
		return n.Params[param].Value
	}
	signal, gain := at("a", ""), at("gain", "gain")
	freq, phase := at("sine", "freq"), at("sine", "phase")
	pitch, shift := at("sine", "pitch"), math.Exp2(constant("sine", "pitch")/12)
	level0, level1 := at("sum", "level_0"), at("sum", "level_1")
	for row := range s.Rows() {
		b, channel := row/s.C, row%s.C
		in := job.Inputs["a"].Row(b, channel)
		gains := job.Frames[gain.Ref].Row(b, channel)
		hertz, level := shift*job.ItemValue(freq.Ref, b, channel), job.ItemValue(level1.Ref, b, channel)
		for f := range s.F {
			w := float64(c[row*s.F+max(f-x.engine.late, 0)])
			cycles := math.Mod(constant("sine", "phase")+float64(f)*hertz/job.Rate, 1)
			sin, cos := math.Sincos(2 * math.Pi * cycles)
			slope := w * level * 2 * math.Pi * cos
			signal.F64[row*s.F+f] += w * constant("sum", "level_0") * float64(gains[f])
			gain.F64[b*s.F+f] += w * constant("sum", "level_0") * float64(in[f])
			freq.F64[b] += slope * shift * float64(f) / job.Rate
			pitch.F64[0] += slope * hertz * math.Ln2 / 12 * float64(f) / job.Rate
			phase.F64[0] += slope
			level0.F64[0] += w * float64(in[f]) * float64(gains[f])
			level1.F64[row] += w * sin
		}
	}
	if x.engine.spoil != nil {
		x.engine.spoil(all)
	}
	return all, nil
}

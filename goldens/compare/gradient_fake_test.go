package compare_test

import (
	"context"
	"math"

	"sawmill/kpn"
)

// adjointFake is an engine whose gradients are known: of a signal a and a
// constant gain, with out = a·gain normalized to peak or, without normalize,
// out = a·gain. It multiplies cotangents as an engine would.
type adjointFake struct {
	name string
	// wide makes its values float64.
	wide bool
	// change spoils what it gives.
	change func(*kpn.Gradients)
	// signal is what its forward gives, for the graph's probes; what it is fed,
	// if nil.
	signal func(row, f int) float64
	// peaks are the frames that it names.
	peaks map[string][]int
	// asked keeps the jobs that its adjoint was given.
	asked []*kpn.AdjointJob
	fail  error
}

func (e *adjointFake) Device() kpn.Device {
	return kpn.Device{Class: kpn.Software, Name: e.name, Backend: "fake"}
}

func (e *adjointFake) Compile(g *kpn.Graph) (kpn.Executable, error) {
	return &adjointFakeExecutable{adjointFake: e, graph: g}, nil
}

func (e *adjointFake) Close() error { return nil }

type adjointFakeExecutable struct {
	*adjointFake
	graph *kpn.Graph
}

func (x *adjointFakeExecutable) Latency() int { return 0 }

func (x *adjointFakeExecutable) Close() error { return nil }

func (x *adjointFakeExecutable) Forward(_ context.Context, job *kpn.Job, sink kpn.Sink) error {
	s := job.Shape
	for o := range x.graph.Outputs {
		b := &kpn.Block{Output: o, Shape: s, F64: make([]float64, s.Len())}
		for i := range b.F64 {
			if x.signal == nil {
				b.F64[i] = float64(job.Inputs["a"].Data[i])
				continue
			}
			b.F64[i] = x.signal(i/s.F, i%s.F)
		}
		if err := sink(b); err != nil {
			return err
		}
	}
	return nil
}

// Adjoint gives the input node a the cotangents times the gain, and the gain
// the sum of the cotangents times the signal.
func (x *adjointFakeExecutable) Adjoint(_ context.Context, job *kpn.AdjointJob) (*kpn.Gradients, error) {
	if x.fail != nil {
		return nil, x.fail
	}
	x.asked = append(x.asked, job)
	s := job.Shape
	cotangents := make([]float32, s.Len())
	if err := job.Cotangents.Read(0, kpn.Window{Items: s.B, Frames: s.F}, cotangents); err != nil {
		return nil, err
	}
	all := kpn.NewGradients(x.graph, job.Job)
	signal := job.Inputs["a"]
	for i := range all.List {
		g := &all.List[i]
		switch g.Ref.Node {
		case "a":
			for row := range s.Rows() {
				gain := job.ItemValue(kpn.ParamRef{Node: "gain", Param: "gain"}, row/s.C, row%s.C)
				for f := range s.F {
					d := float64(cotangents[row*s.F+f]) * gain
					if x.wide {
						g.F64 = append(g.F64, d)
					} else {
						g.F32 = append(g.F32, float32(d))
					}
				}
			}
		case "gain":
			for row := range s.Rows() {
				for f, v := range signal.Row(row/s.C, row%s.C) {
					g.F64[row] += float64(cotangents[row*s.F+f]) * float64(v)
				}
			}
		}
	}
	all.PeakFrames = x.peaks
	if x.change != nil {
		x.change(all)
	}
	return all, nil
}

// adjointCase is an input, a gain for each row, and noise, which has nothing
// to differentiate.
func adjointCase(s kpn.Shape) (*kpn.Graph, *kpn.AdjointJob) {
	g := &kpn.Graph{
		Nodes: []kpn.Node{
			{ID: "a", Kind: kpn.KindInput},
			{ID: "gain", Kind: kpn.KindGain, Params: map[string]kpn.Param{"gain": {Rate: kpn.PerItem}}},
			{ID: "hiss", Kind: kpn.KindNoise},
		},
		Edges:   []kpn.Edge{{From: "a", To: "gain", Port: "in"}},
		Outputs: []string{"gain"},
	}
	signal := kpn.NewTensor(s)
	for i := range signal.Data {
		signal.Data[i] = float32(math.Sin(float64(i) * 1.7))
	}
	gains := make([]float64, s.Rows())
	for i := range gains {
		gains[i] = 1 + float64(i)
	}
	job := &kpn.Job{
		Shape: s, Rate: 48000, Inputs: map[string]*kpn.Tensor{"a": signal},
		Items: map[kpn.ParamRef][]float64{{Node: "gain", Param: "gain"}: gains},
	}
	return g, &kpn.AdjointJob{Job: job}
}

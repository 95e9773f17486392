package kpn_test

import (
	"context"
	"fmt"
	"log"

	"sawmill/cpuref"
	"sawmill/kpn"
)

// crossfeed is a node kind that a program brings itself: it mixes some of each
// channel into the other, a frame late.
type crossfeed struct{}

// Forward implements [kpn.NodeV2]. The state is the last frame.
func (crossfeed) Forward(c *kpn.Call) (*kpn.FrameTensor, any, error) {
	last, ok := c.State.([]float64)
	if !ok {
		last = make([]float64, c.Shape.Rows())
	}
	out := kpn.NewFrameTensor(c.Shape)
	for f := range c.Shape.F {
		in, amount := c.Inputs[0].Frame(f), c.Params[0].Frame(f)
		for i := range in {
			out.Frame(f)[i] = in[i] + float64(amount[i]*last[i^1])
		}
		last = in
	}
	return out, append([]float64(nil), last...), nil
}

// Adjoint implements [kpn.NodeV2].
func (crossfeed) Adjoint(c *kpn.Call, cotangents *kpn.FrameTensor) (*kpn.NodeGradients, error) {
	in, amount := kpn.NewFrameTensor(c.Shape), kpn.NewFrameTensor(c.Shape)
	for f := range c.Shape.F {
		for i, y := range cotangents.Frame(f) {
			in.Frame(f)[i] += y
			if f > 0 {
				in.Frame(f - 1)[i^1] += float64(c.Params[0].Frame(f)[i] * y)
				amount.Frame(f)[i] = c.Inputs[0].Frame(f - 1)[i^1] * y
			}
		}
	}
	return &kpn.NodeGradients{Inputs: []*kpn.FrameTensor{in}, Params: []*kpn.FrameTensor{amount}}, nil
}

// Metrics implements [kpn.NodeV2].
func (crossfeed) Metrics() (kpn.Metrics, bool) { return kpn.Metrics{}, false }

// A program's own kind, rendered and taken back in Go alone.
func ExampleCustomKind() {
	kind := &kpn.CustomKind{
		Spec: kpn.Spec{
			Kind:   "crossfeed",
			Inputs: []kpn.Port{{Name: "in", Least: 1}},
			Params: []kpn.Parameter{{Name: "amount", Default: 0.25, Max: 1, Differentiable: true}},
		},
		New: func(*kpn.Node) (kpn.NodeV2, error) { return crossfeed{}, nil },
	}
	graph := &kpn.Graph{
		Custom:  map[kpn.Kind]*kpn.CustomKind{"crossfeed": kind},
		Nodes:   []kpn.Node{{ID: "in", Kind: kpn.KindInput}, {ID: "out", Kind: "crossfeed"}},
		Edges:   []kpn.Edge{{From: "in", To: "out", Port: "in"}},
		Outputs: []string{"out"},
	}
	x, err := cpuref.New().Compile(graph)
	if err != nil {
		log.Fatal(err)
	}
	shape := kpn.Shape{B: 1, C: 2, F: 3}
	job := &kpn.Job{Shape: shape, Rate: 48000, Inputs: map[string]*kpn.Tensor{
		"in": {Shape: shape, Data: []float32{1, 0, 0, 0, 2, 0}},
	}}
	err = x.Forward(context.Background(), job, func(b *kpn.Block) error {
		fmt.Println(b.F64)
		return nil
	})
	if err != nil {
		log.Fatal(err)
	}
	ones := &kpn.Tensor{Shape: shape, Data: []float32{1, 1, 1, 1, 1, 1}}
	gradients, err := x.Adjoint(context.Background(), &kpn.AdjointJob{Job: job, Cotangents: kpn.TensorCotangents{ones}})
	if err != nil {
		log.Fatal(err)
	}
	if g, ok := gradients.Find(kpn.ParamRef{Node: "out", Param: "amount"}); ok {
		fmt.Println(g.F64)
	}
	// Output:
	// [1 0 0.5 0 2.25 0]
	// [3]
}

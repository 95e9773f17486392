package gpu_test

import (
	"context"
	"fmt"
	"log"

	"sawmill/cpuref"
	"sawmill/gpu"
	"sawmill/kpn"
)

// echoGLSL is out[n] = in[n] + amount·in[n−1], and its adjoint.
const echoGLSL = `//! step: state params inputs
//! state: 1
//! tape: 1
//! cost: 2
struct echo_params { float amount; };
struct echo_state { float last; };

echo_params echo_prepare(node_info info, float amount) { return echo_params(amount); }
echo_state echo_seek(echo_params p, node_info info, uint t) { return echo_state(0.0); }
void echo_save(echo_state s, uint slot) { state_write(slot, floatBitsToUint(s.last)); }
echo_state echo_load(uint slot) { return echo_state(uintBitsToFloat(state_read(slot))); }
float echo_tape(echo_state s, int word) { return s.last; }

float echo_step(inout echo_state s, echo_params p, float x) {
	precise float late = p.amount * s.last;
	s.last = x;
	precise float y = x + late;
	return y;
}

//! adjoint: state params inputs before
//! adjoint state: 1
// by_last is the cotangent of the state after the frame.
struct echo_cotangent { float by_last; };

echo_cotangent echo_rest() { return echo_cotangent(0.0); }
void echo_adjoint_save(echo_cotangent c, uint slot) { state_write(slot, floatBitsToUint(c.by_last)); }
void echo_adjoint_load(inout echo_cotangent c, uint slot) { c.by_last = uintBitsToFloat(state_read(slot)); }

void echo_adjoint(inout echo_cotangent back, echo_params p, float x, float last, float c,
		out float dx, out float damount) {
	precise float reaches = c + back.by_last;
	dx = reaches;
	damount = c * last;
	back.by_last = c * p.amount;
}
`

// echo is the same in Go, for the reference.
type echo struct{}

// Forward implements [kpn.NodeV2]. The state is the last frame.
func (echo) Forward(c *kpn.Call) (*kpn.FrameTensor, any, error) {
	last, ok := c.State.([]float64)
	if !ok {
		last = make([]float64, c.Shape.Rows())
	}
	out := kpn.NewFrameTensor(c.Shape)
	for f := range c.Shape.F {
		in, amount := c.Inputs[0].Frame(f), c.Params[0].Frame(f)
		for i := range in {
			out.Frame(f)[i] = in[i] + float64(amount[i]*last[i])
		}
		last = in
	}
	return out, append([]float64(nil), last...), nil
}

// Adjoint implements [kpn.NodeV2].
func (echo) Adjoint(c *kpn.Call, cotangents *kpn.FrameTensor) (*kpn.NodeGradients, error) {
	in, amount := kpn.NewFrameTensor(c.Shape), kpn.NewFrameTensor(c.Shape)
	for f := range c.Shape.F {
		for i, y := range cotangents.Frame(f) {
			in.Frame(f)[i] += y
			if f > 0 {
				in.Frame(f - 1)[i] += float64(c.Params[0].Frame(f)[i] * y)
				amount.Frame(f)[i] = c.Inputs[0].Frame(f - 1)[i] * y
			}
		}
	}
	return &kpn.NodeGradients{Inputs: []*kpn.FrameTensor{in}, Params: []*kpn.FrameTensor{amount}}, nil
}

// Metrics implements [kpn.NodeV2].
func (echo) Metrics() (kpn.Metrics, bool) { return kpn.Metrics{}, false }

// echoGraph plays an input through the kind.
func echoGraph() *kpn.Graph {
	kind := &kpn.CustomKind{
		Spec: kpn.Spec{
			Kind:     "echo",
			Inputs:   []kpn.Port{{Name: "in", Least: 1}},
			Params:   []kpn.Parameter{{Name: "amount", Default: 0.25, Max: 1, Differentiable: true}},
			Stateful: true,
		},
		New:  func(*kpn.Node) (kpn.NodeV2, error) { return echo{}, nil },
		GLSL: echoGLSL,
	}
	return &kpn.Graph{
		Custom:  map[kpn.Kind]*kpn.CustomKind{"echo": kind},
		Nodes:   []kpn.Node{{ID: "in", Kind: kpn.KindInput}, {ID: "out", Kind: "echo"}},
		Edges:   []kpn.Edge{{From: "in", To: "out", Port: "in"}},
		Outputs: []string{"out"},
	}
}

// A program's own kind, on the reference by its Go and on a device by its GLSL,
// forward and back.
func ExampleEngine_customKind() {
	device, err := gpu.NewEngine(gpu.Selector{Class: gpu.SoftwareClass})
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = device.Close() }()
	shape := kpn.Shape{B: 1, C: 1, F: 4}
	job := &kpn.Job{Shape: shape, Rate: 48000, Inputs: map[string]*kpn.Tensor{
		"in": {Shape: shape, Data: []float32{1, 0, 2, 0}},
	}}
	back := &kpn.AdjointJob{Job: job, Cotangents: kpn.TensorCotangents{{Shape: shape, Data: []float32{1, 1, 1, 1}}}}
	for _, engine := range []kpn.Engine{cpuref.New(), device} {
		x, err := engine.Compile(echoGraph())
		if err != nil {
			log.Fatal(err)
		}
		err = x.Forward(context.Background(), job, func(b *kpn.Block) error {
			for i := range b.Shape.Len() {
				fmt.Print(b.At(i), " ")
			}
			return nil
		})
		if err != nil {
			log.Fatal(err)
		}
		gradients, err := x.Adjoint(context.Background(), back)
		if err != nil {
			log.Fatal(err)
		}
		g, _ := gradients.Find(kpn.ParamRef{Node: "out", Param: "amount"})
		fmt.Println("amount:", g.At(0))
		if err := x.Close(); err != nil {
			log.Fatal(err)
		}
	}
	// Output:
	// 1 0.25 2 0.5 amount: 3
	// 1 0.25 2 0.5 amount: 3
}

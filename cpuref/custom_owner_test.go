package cpuref_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sawmill/kpn"
)

// pass is an entry that returns its input itself, or one buffer again and again,
// neither of which it owns any more.
type pass struct {
	again *kpn.FrameTensor
	reuse bool
}

func (p *pass) Forward(c *kpn.Call) (*kpn.FrameTensor, any, error) {
	if !p.reuse {
		return c.Inputs[0], nil, nil
	}
	if p.again == nil || cap(p.again.Data) < c.Shape.Len() {
		p.again = kpn.NewFrameTensor(c.Shape)
	}
	p.again.Shape, p.again.Data = c.Shape, p.again.Data[:c.Shape.Len()]
	copy(p.again.Data, c.Inputs[0].Data)
	return p.again, nil, nil
}

// Adjoint gives the square of the input besides the cotangent, so that what is
// on tape counts.
func (p *pass) Adjoint(c *kpn.Call, cotangents *kpn.FrameTensor) (*kpn.NodeGradients, error) {
	in := kpn.NewFrameTensor(c.Shape)
	for i := range in.Data {
		in.Data[i] = cotangents.Data[i] + c.Inputs[0].Data[i]*c.Inputs[0].Data[i]
	}
	return &kpn.NodeGradients{Inputs: []*kpn.FrameTensor{in}}, nil
}

func (p *pass) Metrics() (kpn.Metrics, bool) { return kpn.Metrics{}, false }

// What an entry returns may be its input, or what it returned before: the tape
// has its own.
func TestTapesOwnWhatTheyHold(t *testing.T) {
	shape := kpn.Shape{B: 1, C: 2, F: 1000}
	for name, reuse := range map[string]bool{"its input": false, "one buffer": true} {
		g := &kpn.Graph{
			Custom: map[kpn.Kind]*kpn.CustomKind{"pass": {
				Spec: kpn.Spec{Kind: "pass", Inputs: []kpn.Port{{Name: "in", Least: 1}}},
				New:  func(*kpn.Node) (kpn.NodeV2, error) { return &pass{reuse: reuse}, nil },
			}},
			Nodes:   []kpn.Node{{ID: "in", Kind: kpn.KindInput}, {ID: "node", Kind: "pass"}},
			Edges:   []kpn.Edge{{From: "in", To: "node", Port: "in"}},
			Outputs: []string{"node"},
		}
		job := &kpn.Job{Shape: shape, Rate: rate, Inputs: map[string]*kpn.Tensor{"in": tensor(shape, 3, -1, 1)}}
		x, err := compiled(g)
		require.NoError(t, err)
		c := tensor(shape, 4, -1, 1)
		all, err := x.Adjoint(context.Background(), &kpn.AdjointJob{Job: job, Cotangents: kpn.TensorCotangents{c}})
		require.NoError(t, err, name)
		in, ok := all.Find(kpn.ParamRef{Node: "in"})
		require.True(t, ok)
		for i, x := range job.Inputs["in"].Data {
			require.InDelta(t, float64(c.Data[i])+float64(x)*float64(x), in.At(i), 1e-12, "%s: %d", name, i)
		}
	}
}

// A kind that makes no entry is refused, and not called.
func TestCustomKindsWithoutAnEntry(t *testing.T) {
	shape := kpn.Shape{B: 1, C: 2, F: 8}
	g := bridges(&kpn.CustomKind{
		Spec: kpn.Spec{Kind: "none", Inputs: []kpn.Port{{Name: "in", Least: 1}}},
		New:  func(*kpn.Node) (kpn.NodeV2, error) { return nil, nil },
	}, 0)
	x, err := compiled(g)
	require.NoError(t, err)
	err = x.Forward(context.Background(), &kpn.Job{Shape: shape, Rate: rate, Inputs: map[string]*kpn.Tensor{"in": tensor(shape, 3, -1, 1)}}, func(*kpn.Block) error { return nil })
	var fault *kpn.GraphError
	require.ErrorAs(t, err, &fault)
	assert.Equal(t, "node", fault.Node)
}

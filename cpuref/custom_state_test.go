package cpuref_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sawmill/kpn"
)

// The states of keepers count how often they are released.
type (
	released map[string]int
	pointer  struct {
		name string
		in   released
	}
	number struct {
		name string
		in   *released
	}
	list  []*pointer
	mixed struct {
		in   released
		data []float64
	}
	closer func()
)

func (p *pointer) Release() { p.in[p.name]++ }
func (n number) Release()   { (*n.in)[n.name]++ }
func (l list) Release()     { l[0].Release() }
func (m mixed) Release()    { m.in["state"]++ }
func (c closer) Release()   { c() }

// keeper passes its input on and returns what next gives it for a state.
type keeper func(call int, old any) (any, error)

type keeping struct {
	next  keeper
	calls int
}

func (k *keeping) Run(c *kpn.Call) (*kpn.FrameTensor, any, error) {
	k.calls++
	state, err := k.next(k.calls, c.State)
	return c.Inputs[0], state, err
}

// States are released once: replaced, at the end, and with an error.
func TestStatesAreReleasedOnce(t *testing.T) {
	boom := errors.New("boom")
	shape := kpn.Shape{B: 1, C: 1, F: 1000}
	job := &kpn.Job{Shape: shape, Rate: rate, Inputs: map[string]*kpn.Tensor{"in": tensor(shape, 1, -1, 1)}}
	calls := []string{"1", "2", "3", "4"} // of 256 frames and less
	for name, c := range map[string]struct {
		next func(released) keeper
		want released
		err  error
	}{
		"another each time": {func(in released) keeper {
			return func(call int, _ any) (any, error) { return &pointer{calls[call-1], in}, nil }
		}, released{"1": 1, "2": 1, "3": 1, "4": 1}, nil},
		"one all the time": {func(in released) keeper {
			one := &pointer{"one", in}
			return func(int, any) (any, error) { return one, nil }
		}, released{"one": 1}, nil},
		"equal values": {func(in released) keeper {
			return func(int, any) (any, error) { return number{"one", &in}, nil }
		}, released{"one": 1}, nil},
		"one slice": {func(in released) keeper {
			one := list{{"one", in}}
			return func(int, any) (any, error) { return one, nil }
		}, released{"one": 1}, nil},
		"equal slices": {func(in released) keeper {
			return func(call int, _ any) (any, error) { return list{{calls[call-1], in}}, nil }
		}, released{"1": 1, "2": 1, "3": 1, "4": 1}, nil},
		"one with an error": {func(in released) keeper {
			return func(call int, _ any) (any, error) {
				if call == 3 {
					return &pointer{"failed", in}, boom
				}
				return &pointer{calls[call-1], in}, nil
			}
		}, released{"1": 1, "2": 1, "failed": 1}, boom},
		"the old one with an error": {func(in released) keeper {
			one := &pointer{"one", in}
			return func(call int, _ any) (any, error) {
				if call == 3 {
					return one, boom
				}
				return one, nil
			}
		}, released{"one": 1}, boom},
		"nothing with an error": {func(in released) keeper {
			return func(call int, _ any) (any, error) {
				if call == 3 {
					return nil, boom
				}
				return &pointer{calls[call-1], in}, nil
			}
		}, released{"1": 1, "2": 1}, boom},
	} {
		in := released{}
		g := bridges(bridged("keep", func(*kpn.Node) kpn.NodeV1 { return &keeping{next: c.next(in)} }), 0)
		x, err := compiled(g)
		require.NoError(t, err)
		require.ErrorIs(t, x.Forward(context.Background(), job, func(*kpn.Block) error { return nil }), c.err, name)
		require.NoError(t, x.Close())
		assert.Equal(t, c.want, in, name)
	}
}

// A state that nobody can tell from another is refused at once, and released.
func TestStatesThatCannotBeCompared(t *testing.T) {
	shape := kpn.Shape{B: 1, C: 1, F: 8}
	for name, state := range map[string]func(released) kpn.Releaser{
		"a struct with a slice":  func(in released) kpn.Releaser { return mixed{in, nil} },
		"one closure of several": func(in released) kpn.Releaser { return closer(func() { in["state"]++ }) },
	} {
		in := released{}
		g := bridges(bridged("keep", func(*kpn.Node) kpn.NodeV1 {
			return &keeping{next: func(int, any) (any, error) { return state(in), nil }}
		}), 0)
		x, err := compiled(g)
		require.NoError(t, err)
		err = x.Forward(context.Background(), &kpn.Job{Shape: shape, Rate: rate, Inputs: map[string]*kpn.Tensor{"in": tensor(shape, 1, -1, 1)}}, func(*kpn.Block) error { return nil })
		var unsupported *kpn.UnsupportedError
		require.ErrorAs(t, err, &unsupported, name)
		require.Contains(t, unsupported.Reason, "return a pointer")
		require.Equal(t, released{"state": 1}, in, name)
	}
}

// A node without an adjoint in a loop passes zeros on, as anywhere.
func TestBridgesInLoopsPassZerosOn(t *testing.T) {
	shape := kpn.Shape{B: 1, C: 2, F: 300}
	g := bridges(bridged("swap", func(*kpn.Node) kpn.NodeV1 { return swap{} }), 0)
	g.Edges[0] = kpn.Edge{From: "sum", To: "node", Port: "in", DelayFrames: 3}
	job := &kpn.Job{Shape: shape, Rate: rate, Inputs: map[string]*kpn.Tensor{"in": tensor(shape, 1, -1, 1)}}
	x, err := compiled(g)
	require.NoError(t, err)
	c := tensor(shape, 2, -1, 1)
	all, err := x.Adjoint(context.Background(), &kpn.AdjointJob{Job: job, Cotangents: kpn.TensorCotangents{c, kpn.NewTensor(shape)}})
	require.NoError(t, err)
	require.Equal(t, []string{"node"}, all.NoAdjoint)
	by, ok := all.Find(kpn.ParamRef{Node: "in"})
	require.True(t, ok)
	require.True(t, slices.EqualFunc(c.Data, by.F64, func(want float32, got float64) bool { return float64(want) == got }))
}

// fickle gives other gradients at every call, as sums in no order do.
type fickle struct {
	leaks
	passes int
}

func (f *fickle) Adjoint(c *kpn.Call, cotangents *kpn.FrameTensor) (*kpn.NodeGradients, error) {
	all, err := f.leaks.Adjoint(c, cotangents)
	f.passes++
	all.Inputs[0].Data[len(all.Inputs[0].Data)-1] += float64(f.passes) * 1e-12
	return all, err
}

// An adjoint in a loop that never settles is given up on as soon as a frame changes
// that has settled, and not when all might have.
func TestLoopsWhoseAdjointsNeverSettle(t *testing.T) {
	entry := &fickle{}
	kind := *leak
	kind.New = func(*kpn.Node) (kpn.NodeV2, error) { return entry, nil }
	g, job := leaky("leak", true)
	g.Custom["leak"] = &kind
	x, err := compiled(g)
	require.NoError(t, err)
	_, err = x.Adjoint(context.Background(), &kpn.AdjointJob{Job: job, Cotangents: kpn.TensorCotangents{tensor(job.Shape, 2, -1, 1), kpn.NewTensor(job.Shape)}})
	var unsupported *kpn.UnsupportedError
	require.ErrorAs(t, err, &unsupported)
	require.Contains(t, unsupported.Reason, "the same bits for the same call")
	require.LessOrEqual(t, entry.passes, 4)
}

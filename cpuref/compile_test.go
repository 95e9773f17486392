package cpuref

import (
	"context"
	"errors"
	"math"
	"strings"

	"sawmill/kpn"
)

// CompileTest compiles a graph. Gains whose names start with pole become poles,
// with a second port that has no source.
func CompileTest(g *kpn.Graph) (kpn.Executable, error) {
	if err := g.Validate(); err != nil {
		return nil, err
	}
	x := compile(g)
	for i := range x.plan.nodes {
		v := &x.plan.nodes[i]
		if !strings.HasPrefix(v.id, "pole") {
			continue
		}
		v.step = step{forward: forwardPole, adjoint: adjointPole, memory: func(*node, float64) int { return 2 }}
		v.remembers, v.start = true, v.arrival
		v.ports = append(v.ports, -1)
	}
	return x, nil
}

// forwardPole is a filter with a memory, y[n] = x[n] + gain·sin y[n−1] + y[n−2]/8:
// what an adjoint needs of it depends on all frames before.
func forwardPole(r *run) {
	in, gain := r.in[0], r.param("gain")
	if len(r.in) != 2 || r.in[1] != nil {
		panic("the second port has a source")
	}
	for i := range r.out {
		y := in[i] + float64(gain[i]*math.Sin(r.memory[0])) + r.memory[1]/8
		r.memory[0], r.memory[1] = y, r.memory[0]
		r.out[i] = y
	}
}

func adjointPole(r *backRun) {
	gain, byGain := r.param("gain"), r.derivative("gain")
	before := []float64{r.startMemory[1], r.startMemory[0]}
	for i, x := range r.in[0] {
		last := len(before) - 1
		before = append(before, x+float64(gain[i]*math.Sin(before[last]))+before[last-1]/8)
	}
	back := r.memoryCotangent
	if len(r.inputs) != 2 || r.inputs[1] != nil {
		panic("the second port has a source")
	}
	for i := len(r.cotangent) - 1; i >= 0; i-- {
		// The output is also what becomes the newest in the memory.
		c := r.cotangent[i] + back[0]
		r.inputs[0][i] = c
		byGain[i] = c * math.Sin(before[i+1])
		back[0], back[1] = float64(c*gain[i]*math.Cos(before[i+1]))+back[1], c/8
	}
}

// ForwardTest is Forward, with what the last measuring pass kept or without it.
// It names the nodes that were kept.
func ForwardTest(ctx context.Context, x kpn.Executable, job *kpn.Job, keep bool, sink kpn.Sink) (nodes []string, err error) {
	own, ok := x.(*executable)
	if !ok {
		return nil, errors.New("this executable is none of the reference's")
	}
	r, err := newRender(own.plan, job, nil)
	if err != nil {
		return nil, err
	}
	if err = r.measureAll(ctx); err != nil {
		return nil, err
	}
	for _, i := range r.kept.nodes {
		nodes = append(nodes, own.plan.nodes[i].id)
	}
	if !keep {
		r.kept = nil
	}
	return nodes, r.deliver(ctx, sink)
}

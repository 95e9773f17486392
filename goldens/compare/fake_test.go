package compare_test

import (
	"context"
	"errors"

	"sawmill/goldens/compare"
	"sawmill/kpn"
)

// fake is an engine that plays a fixed tensor for each output, in blocks of
// its own choice.
type fake struct {
	name  string
	shape kpn.Shape
	// rows holds the outputs' samples, dense.
	outputs [][]float32
	// wide makes the blocks float64.
	wide bool
	// block is the length of its blocks, the last excepted.
	block int
	// fail is returned by Forward after the first run of frames.
	fail error
	// before is called before each block, if it is set.
	before func(first int)
}

func (e *fake) Device() kpn.Device {
	return kpn.Device{Class: kpn.Software, Name: e.name, Backend: "fake"}
}

func (e *fake) Compile(*kpn.Graph) (kpn.Executable, error) { return e, nil }

func (e *fake) Latency() int { return 0 }

func (e *fake) Close() error { return nil }

func (e *fake) Adjoint(context.Context, *kpn.AdjointJob) (*kpn.Gradients, error) {
	return nil, errors.ErrUnsupported
}

func (e *fake) Forward(ctx context.Context, _ *kpn.Job, sink kpn.Sink) error {
	for first := 0; first < e.shape.F; first += e.block {
		if err := ctx.Err(); err != nil {
			return err
		}
		for o := range e.outputs {
			if e.before != nil {
				e.before(first)
			}
			if err := sink(e.cut(o, first, min(e.block, e.shape.F-first))); err != nil {
				return err
			}
		}
		if e.fail != nil {
			return e.fail
		}
	}
	return nil
}

// cut is a block of n frames.
func (e *fake) cut(output, first, n int) *kpn.Block {
	s := kpn.Shape{B: e.shape.B, C: e.shape.C, F: n}
	b := &kpn.Block{Output: output, First: first, Shape: s}
	for row := range s.Rows() {
		for _, x := range e.outputs[output][row*e.shape.F+first:][:n] {
			if e.wide {
				b.F64 = append(b.F64, float64(x))
			} else {
				b.F32 = append(b.F32, x)
			}
		}
	}
	return b
}

// copied is the same engine with data of its own and another name.
func (e *fake) copied(name string) *fake {
	c := *e
	c.name = name
	c.outputs = nil
	for _, data := range e.outputs {
		c.outputs = append(c.outputs, append([]float32(nil), data...))
	}
	return &c
}

// at is one sample of the first output.
func (e *fake) at(b, c, f int) *float32 { return &e.outputs[0][e.shape.Index(b, c, f)] }

// signal is an engine that plays noise on each output of twoOutputs.
func signal(name string, s kpn.Shape, block int) *fake {
	e := &fake{name: name, shape: s, block: block}
	for o := range uint32(2) {
		data := make([]float32, s.Len())
		for i := range data {
			w := kpn.Philox4x32([4]uint32{uint32(i), 0, 0, o}, kpn.SeedKey(1))
			data[i] = float32(int32(w[0])) / (1 << 31)
		}
		e.outputs = append(e.outputs, data)
	}
	return e
}

func twoOutputs() *kpn.Graph {
	return &kpn.Graph{
		Nodes:   []kpn.Node{{ID: "one", Kind: kpn.KindNoise}, {ID: "two", Kind: kpn.KindNoise}},
		Outputs: []string{"one", "two"},
	}
}

// against compares a candidate with a reference.
func against(ref, candidate *fake, t compare.Tolerance) (compare.Report, error) {
	job := &kpn.Job{Shape: ref.shape, Rate: 48000}
	return compare.Engines(context.Background(), ref, candidate, twoOutputs(), job, t)
}

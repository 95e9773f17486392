package batch

import (
	"fmt"
	"runtime"

	"sawmill/kpn"
)

// encoder is the sink of one batch: it encodes each block while its data is
// valid and queues the bytes.
type encoder struct {
	pipeline *pipeline
	part     *part
	outputs  int
	channels int // of each output
	// frame and output are those of the block to come.
	frame, output int
	slab          *slab
	frames        int // in slab
	// err is the error that the sink stopped with.
	err error
}

func newEncoder(p *pipeline, part *part) *encoder {
	return &encoder{
		pipeline: p,
		part:     part,
		outputs:  len(p.options.Preset.Graph.Outputs),
		channels: p.options.Channels,
	}
}

// sink takes the next block. With several outputs, a run of frames is queued
// when all of them have come, as channels side by side.
func (e *encoder) sink(b *kpn.Block) error {
	e.err = e.take(b)
	return e.err
}

func (e *encoder) take(b *kpn.Block) error {
	if err := e.pipeline.failure(); err != nil {
		return err
	}
	if err := e.check(b); err != nil {
		return err
	}
	if e.output == 0 {
		e.frames = b.Shape.F
		e.acquire()
	}
	if err := e.encode(b); err != nil {
		e.release()
		return err
	}
	e.pipeline.run.report(0, b.Shape.Len())
	if e.output++; e.output < e.outputs {
		return nil
	}
	e.output = 0
	e.frame += e.frames
	e.queue()
	return nil
}

// end checks that all frames came.
func (e *encoder) end() error {
	if err := e.pipeline.failure(); err != nil {
		return err
	}
	if want := e.pipeline.options.Frames(); e.frame != want || e.output != 0 {
		return &EngineError{fmt.Sprintf("it stopped after %d of %d frames", e.frame, want)}
	}
	return nil
}

func (e *encoder) check(b *kpn.Block) error {
	s := b.Shape
	fits := b.Output == e.output && b.First == e.frame && s.B == len(e.part.items) && s.C == e.channels &&
		s.F > 0 && b.First+s.F <= e.pipeline.options.Frames() && (e.output == 0 || s.F == e.frames)
	data := len(b.F32)
	if b.F64 != nil {
		data = len(b.F64)
	}
	if fits && data == s.Len() {
		return nil
	}
	return &EngineError{fmt.Sprintf("got a block of output %d at frame %d with %d samples of shape %v; expected output %d at frame %d for %d items and %d channels", b.Output, b.First, data, s, e.output, e.frame, len(e.part.items), e.channels)}
}

// acquire waits for a slab to come back from the writers.
func (e *encoder) acquire() {
	e.slab = <-e.pipeline.free
	need := len(e.part.items) * e.itemBytes()
	if cap(e.slab.data) < need {
		e.slab.data = make([]byte, need)
	}
	e.slab.data = e.slab.data[:need]
}

func (e *encoder) release() { e.pipeline.free <- e.slab }

func (e *encoder) itemBytes() int { return e.frames * e.frameBytes() }

func (e *encoder) frameBytes() int {
	return e.outputs * e.channels * e.pipeline.options.Encoding.Bytes()
}

// encode interleaves and encodes a block, row by row on all processors.
func (e *encoder) encode(b *kpn.Block) error {
	encoding := e.pipeline.options.Encoding
	return parallel(runtime.GOMAXPROCS(0), b.Shape.Rows(), func(row int) error {
		i, c := row/e.channels, row%e.channels
		channel := e.output*e.channels + c
		dst := e.slab.data[i*e.itemBytes()+channel*encoding.Bytes():]
		level := &e.part.items[i].levels[channel]
		from, to := row*e.frames, (row+1)*e.frames
		var bad int
		if b.F64 != nil {
			bad = encode(encoding, dst, e.frameBytes(), b.F64[from:to], level)
		} else {
			bad = encode(encoding, dst, e.frameBytes(), b.F32[from:to], level)
		}
		if bad < 0 {
			return nil
		}
		return &SampleError{
			Item:    e.part.items[i].index,
			Output:  e.pipeline.options.Preset.Graph.Outputs[e.output],
			Channel: c,
			Frame:   b.First + bad,
			Got:     b.At(from + bad),
		}
	})
}

// queue hands the filled slab to the writers.
func (e *encoder) queue() {
	e.slab.uses.Store(int32(len(e.part.items)))
	size := e.itemBytes()
	for i, it := range e.part.items {
		e.pipeline.send(task{e.part, it, e.slab.data[i*size : (i+1)*size], e.slab})
	}
}

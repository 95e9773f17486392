package gpu

import (
	"context"
	"errors"
	"fmt"

	"sawmill/kpn"
	"sawmill/scheduler"
)

// streamFrames is how many frames a session renders at a time, if the device
// allows it: longer blocks are cut.
const streamFrames = 1 << 14

// session is a graph under way on a device: see [kpn.Session].
//
// Frame n of the output is dispatched as soon as frame n + latency of the
// inputs is there, in whole quads. Where the graph carries state, what is left
// of a quad is rendered too, but its state is thrown away: the quad is rendered
// again with the next block. The frames of a quad do not depend on later ones.
type session struct {
	executable *Executable
	job        *kpn.StreamJob
	rules      *kpn.BlockRules
	plan       plan
	kernel     *program
	memory     *memory
	past       past
	// slow is nil where there are no control signals.
	slow *slow
	// spare keeps state and queues while what is left of a quad is rendered.
	spare [bindings]*buffer
	// frame is how many frames have been given, and done how many are behind
	// the state.
	frame, done int
	blocks      [][]float32
	made        []kpn.Block
	// broken is set once a block was not completed.
	broken error
}

// Stream implements [kpn.Streamer]. Parameters that are not per frame do not
// change while a session runs.
func (x *Executable) Stream(j *kpn.StreamJob) (kpn.Session, error) {
	if err := j.Validate(x.graph); err != nil {
		return nil, err
	}
	p := x.program
	s := &session{
		executable: x, job: j, rules: kpn.NewBlockRules(x.graph, j),
		memory: &memory{device: x.device}, past: newPast(p, j),
		blocks: make([][]float32, p.Stored()), made: make([]kpn.Block, p.Stored()),
	}
	if x.controls != nil {
		slow, err := x.controls.stream(x.graph, j)
		if err != nil {
			return nil, err
		}
		s.slow = slow
	}
	if err := s.prepare(); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// prepare plans the dispatches, makes the buffers, and uploads what does not
// change.
func (s *session) prepare() error {
	x := s.executable
	p, d, job := x.program, x.device, s.job.Job()
	if x.controls != nil {
		job = x.controls.split.AudioJob(job)
	}
	job.Shape.F = streamFrames
	// What kernels look back to, and what one block brings.
	room := s.slow.room(job.Shape.Rows(), streamFrames+x.Latency()+2*s.past.before+slack)
	var err error
	if s.plan, err = newPlan(p, job, room, d.Describe(), x.workgroup); err != nil {
		return err
	}
	kernels, err := x.load([]scheduler.Kernel{p.Render})
	if err != nil {
		return err
	}
	s.kernel = kernels[0]
	r := render{program: p, plan: s.plan, controls: room}
	sizes := r.sizes()
	sizes[bindTensors] = 4 * s.past.len(s.plan.segmentFrames+slack)
	if limit := d.Describe().Limits.StorageBytes; int64(sizes[bindTensors]) > limit {
		return &LimitError{Limit: "GL_MAX_SHADER_STORAGE_BLOCK_SIZE (bytes) for the parameters of a block", Got: int64(sizes[bindTensors]), Max: limit}
	}
	return d.do(func() error {
		if err := s.memory.reserve(sizes, 1); err != nil {
			return err
		}
		upload(s.memory.shared[bindRowParams], 0, rowParams(p, job))
		return nil
	})
}

// Accepts implements [kpn.Session].
func (s *session) Accepts(ref kpn.ParamRef) error {
	g := s.executable.graph
	if err := g.Accepts(ref); err != nil {
		return err
	}
	n, _ := g.Node(ref.Node)
	for _, p := range g.Parameters(n) {
		if p.Name == ref.Param && p.Rate == kpn.PerFrame {
			return nil
		}
	}
	return &kpn.UnsupportedError{Node: n.ID, Kind: n.Kind, What: "changing " + ref.Param, Reason: "what is not given per frame is compiled in on a GPU: give it per frame from the start"}
}

// Next implements [kpn.Session].
func (s *session) Next(ctx context.Context, b *kpn.StreamBlock) ([]kpn.Block, error) {
	if s.broken != nil {
		return nil, s.broken
	}
	if err := s.check(b); err != nil {
		return nil, err
	}
	rows, n := s.plan.shape.Rows(), b.Frames
	for o := range s.blocks {
		if len(s.blocks[o]) < rows*n {
			s.blocks[o] = make([]float32, rows*n)
		}
		clear(s.blocks[o][:rows*n])
	}
	for at := 0; at < n; {
		part := min(n-at, max(1, s.plan.segmentFrames-quad))
		s.past.add(b, at, part)
		err := ctx.Err()
		if err == nil {
			err = s.slow.reach(ctx, s.done-s.past.before, s.frame+at+part)
		}
		if err == nil {
			err = s.advance(s.frame+at+part, s.frame, n)
		}
		if err != nil {
			s.broken = &kpn.InterruptedError{Frame: s.frame, Cause: err}
			return nil, s.broken
		}
		at += part
	}
	for o := range s.made {
		s.made[o] = kpn.Block{Output: o, First: s.frame, Shape: kpn.Shape{B: s.job.Items, C: s.job.Channels, F: n}, F32: s.blocks[o][:rows*n]}
	}
	s.frame += n
	return s.made, nil
}

// check checks a block, and that its parameters are per frame.
func (s *session) check(b *kpn.StreamBlock) error {
	if err := s.rules.Check(b); err != nil {
		return err
	}
	for ref := range b.Params {
		if err := s.Accepts(ref); err != nil {
			return err
		}
	}
	if most := kpn.MaxStreamFrames - s.executable.Latency() - slack; b.Frames > most-s.frame {
		return &kpn.JobError{Field: "frames", Reason: fmt.Sprintf("the session has rendered %d, allowed are %d in all; start another", s.frame, most)}
	}
	return nil
}

// quad is how many frames kernels render at a time.
const quad = 4

// advance renders what can be rendered once the inputs' frames before known are
// there, into the blocks of so many frames that start at one.
func (s *session) advance(known, first, frames int) error {
	late := s.executable.Latency()
	end := known - late
	if end <= 0 {
		return nil
	}
	whole := end &^ (quad - 1)
	carries := !s.executable.program.Strategy.Chunked
	if !carries {
		// Nothing is carried: what is left of a quad needs no second run.
		whole = end
	}
	if s.done < whole {
		if err := s.dispatch(s.done, whole-s.done, known); err != nil {
			return err
		}
		if err := s.deliver(s.done, whole-s.done, first-late, frames); err != nil {
			return err
		}
	}
	s.done = whole &^ (quad - 1)
	if carries && whole < end {
		if err := s.peek(whole, end-whole, known); err != nil {
			return err
		}
		if err := s.deliver(whole, end-whole, first-late, frames); err != nil {
			return err
		}
	}
	s.past.drop(s.done)
	return nil
}

// peek renders what is left of a quad, and puts back the state.
func (s *session) peek(first, frames, known int) error {
	d := s.executable.device
	kept := [...]int{bindState, bindFifo}
	if err := d.do(func() error {
		for _, i := range kept {
			if s.spare[i] == nil {
				if err := s.memory.replace(&s.spare[i], s.memory.shared[i].size, deviceUse); err != nil {
					return err
				}
			}
			duplicate(s.spare[i], s.memory.shared[i])
		}
		return nil
	}); err != nil {
		return err
	}
	if err := s.dispatch(first, frames, known); err != nil {
		return err
	}
	return d.do(func() error {
		for _, i := range kept {
			duplicate(s.memory.shared[i], s.spare[i])
		}
		return nil
	})
}

// dispatch renders frames of the output from one on, which is a whole quad,
// when so many frames of the inputs are known.
func (s *session) dispatch(first, frames, known int) error {
	d := s.executable.device
	window := s.past.window(known)
	return d.do(func() error {
		upload(s.memory.shared[bindTensors], 0, window)
		s.slow.signals().upload(s.memory.shared[bindRowParams], len(s.executable.program.Layout.RowParams)*s.plan.shape.Rows())
		s.memory.samples[0].bind(bindSamples)
		for binding, b := range s.memory.shared {
			if b != nil {
				b.bind(uint32(binding))
			}
		}
		s.kernel.use()
		for at := 0; at < frames; at += s.plan.dispatchFrames {
			part := min(s.plan.dispatchFrames, frames-at)
			s.setUniforms(first+at, part, known)
			s.kernel.setUint("row_quads", uint32(roundUp4(frames)/quad))
			s.kernel.setUint("store_quad", uint32(at/quad))
			x, y := s.plan.groups(part)
			if err := d.dispatch(x, y, 1); err != nil {
				return err
			}
		}
		return nil
	})
}

// setUniforms is render.setUniforms for a job that ends with what is known.
func (s *session) setUniforms(first, frames, known int) {
	r := render{
		plan: s.plan, program: s.executable.program, job: s.job.Job(), controls: s.slow.signals(),
		tensors: tensorWindow{first: s.past.first, layout: s.past.layout},
	}
	r.plan.shape.F = known
	r.setUniforms(s.kernel, r.plan, first, frames)
}

// deliver brings frames of the output, from one on, to the blocks of so many
// frames that start at frame start of the output.
func (s *session) deliver(first, frames, start, length int) error {
	d, m := s.executable.device, s.memory
	rows, stride := s.plan.shape.Rows(), roundUp4(frames)
	size := 4 * s.executable.program.Stored() * rows * stride
	if err := d.do(func() error { return d.start(m.transfers[0], m.samples[0], 0, size) }); err != nil {
		return err
	}
	if err := d.do(func() error { return d.finish(m.transfers[0]) }); err != nil {
		return err
	}
	data := m.transfers[0].floats()
	// The first frames may have been given before.
	skip := max(start-first, 0)
	for o := range s.blocks {
		for row := range rows {
			from := data[(o*rows+row)*stride:][:frames]
			if skip < frames {
				copy(s.blocks[o][row*length+first+skip-start:(row+1)*length], from[skip:])
			}
		}
	}
	return nil
}

// Close implements [kpn.Session].
func (s *session) Close() error {
	s.memory.free()
	err := s.executable.device.do(func() error {
		for i, b := range s.spare {
			if b != nil {
				s.executable.device.deleteBuffer(b)
				s.spare[i] = nil
			}
		}
		return nil
	})
	return errors.Join(s.slow.close(), err)
}

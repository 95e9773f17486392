package scheduler

import (
	"slices"

	"sawmill/kpn"
)

// Granule is how many loop frames the kernels of an adjoint add up before the
// sum goes on in double precision. Chunks and segments are whole granules, so
// that no sum depends on how a job is cut.
const Granule = 64

// Adjoint is the adjoint of a lowered graph: the kernels that give gradients
// and the tables that an engine needs to run them. All of them count loop
// frames, from 0 to the job's frames and the latency.
//
// Tape renders the signals whose values the adjoint needs. Moments find, for
// each whole-row step from the last to the first, the frame of the largest
// magnitude and the derivative with respect to it. Reverse walks the graph from
// its outputs to its sources and from the last frame to the first. Fold adds
// granules up, Window brings cotangents on the device into place.
type Adjoint struct {
	*Program
	// Signals are what the tape holds, by slot.
	Signals []Output
	// Sums are the gradients that are one number a row, by slot; those of
	// whole-row steps' moments come last.
	Sums []Sum
	// Frames are the gradients that are one number a frame, by slot.
	Frames []FrameGradient
	// StateWords is the number of words of carried state a row, forward and
	// backward together.
	StateWords int
	// Behind is how many frames the loop has more than the job: the latency,
	// or what it takes to walk all frames of a late whole-row step.
	Behind int
	// QueueFrames is the number of queued samples a lane, the first
	// TapeQueueFrames of which are the tape's.
	QueueFrames, TapeQueueFrames int
	// RingFrames is how many of them must be zero before a walk: those of rings.
	RingFrames int
	// Tape is nil where the adjoint needs no signal.
	Tape    *Kernel
	Moments []Moment
	Reverse Kernel
	// Scan finds the largest magnitudes of the last whole-row step on the
	// tape; nil where the tape itself depends on them.
	Scan         *Kernel
	Fold, Window Kernel
}

// Sum is a gradient that is added up over the frames of a row.
type Sum struct {
	// Ref names the parameter; it is empty for the moment of a whole-row
	// step.
	Ref kpn.ParamRef
}

// Moment is the kernel that finds the frame of a whole-row step's largest
// magnitude and, as a sum, the derivative with respect to that magnitude.
type Moment struct {
	Kernel
	Step *Step
	Sum  int
}

// FrameGradient is a gradient with a value for each frame.
type FrameGradient struct {
	// Ref names the parameter; an input node has an empty Param.
	Ref kpn.ParamRef
	// Late is the loop frame of the gradient's frame 0. Earlier frames of the
	// loop read that one too, and those after the last read the last; an
	// input is silent there.
	Late int
}

// backStep is a step as the adjoint sees it.
type backStep struct {
	*Step
	// queues are the slots of its inputs' cotangents.
	queues []int
	// sums and frames are the slots of its parameters' gradients, −1 where
	// there is none. An input step's own gradient is the last of frames.
	sums, frames []int
	// moment is the sum of a whole-row step's moment, −1 for others.
	moment int
	// peakFrameSlot is where the frame of a whole-row step's peak stands,
	// behind all peaks.
	peakFrameSlot int
	// stateSlot is the first of its words of carried state, historySlot the
	// first of its decimator's.
	stateSlot, historySlot int
	// ringSlot is where the ring of its cotangents starts.
	ringSlot int
	// before are the signals of its state before each frame.
	before []int
}

// LowerAdjoint lays the adjoint of a program out and writes its kernels.
func LowerAdjoint(p *Program) (*Adjoint, error) {
	a := &Adjoint{
		Program:         p,
		StateWords:      p.Layout.StateWords,
		TapeQueueFrames: p.Layout.QueueFrames,
	}
	steps := make([]*backStep, len(p.Steps))
	for i, s := range p.Steps {
		steps[i] = a.newStep(s)
	}
	a.StateWords = eights(a.StateWords)
	a.Behind = p.Latency
	for _, s := range steps {
		if s.Spec.WholeRow {
			a.Behind = max(a.Behind, s.Arrival+s.Skew)
			s.moment = len(a.Sums)
			a.Sums = append(a.Sums, Sum{})
		}
	}
	a.QueueFrames = a.TapeQueueFrames
	for _, s := range steps {
		s.ringSlot = a.QueueFrames
		a.QueueFrames += s.RingFrames
		a.RingFrames += s.RingFrames
		for i := range s.Inputs {
			s.queues = append(s.queues, a.QueueFrames)
			a.QueueFrames += s.Inputs[i].Queue
		}
	}
	outputQueues := make([]int, len(p.Outputs))
	for i, o := range p.Outputs {
		outputQueues[i] = a.QueueFrames
		a.QueueFrames += o.Queue
	}
	return a, a.emit(steps, outputQueues)
}

// newStep hands out the slots of one step.
func (a *Adjoint) newStep(s *Step) *backStep {
	b := &backStep{Step: s, moment: -1, peakFrameSlot: s.PeakSlot + a.Layout.Peaks}
	for _, in := range b.needs() {
		if s.Spec.WholeRow {
			a.signal(in)
		}
		a.keep(in)
	}
	if s.Shader.AdjointTapes() {
		for word := range s.Shader.TapeWords {
			b.before = append(b.before, len(a.Signals))
			a.Signals = append(a.Signals, Output{From: s, Before: word + 1})
		}
	}
	for i := range s.Params {
		p := &s.Params[i]
		sum, frame := -1, -1
		switch ref := (kpn.ParamRef{Node: s.Node.ID, Param: p.Name}); {
		case s.Shader.Adjoint == nil || !p.Spec.Differentiable:
		case p.Rate == kpn.PerFrame:
			frame = len(a.Frames)
			a.Frames = append(a.Frames, FrameGradient{Ref: ref, Late: s.First + s.lateness()})
		default:
			sum = len(a.Sums)
			a.Sums = append(a.Sums, Sum{Ref: ref})
		}
		b.sums, b.frames = append(b.sums, sum), append(b.frames, frame)
	}
	if b.isSource() {
		b.frames = append(b.frames, len(a.Frames))
		a.Frames = append(a.Frames, FrameGradient{Ref: kpn.ParamRef{Node: s.Node.ID}, Late: s.First})
	}
	if !a.Strategy.Chunked {
		b.stateSlot, b.historySlot = placeState(&a.StateWords, s.Shader.AdjointStateWords, len(b.remembered(backHistory)))
	}
	return b
}

// isSource says whether the step gives a signal that comes from elsewhere, so
// that its own cotangent is a gradient.
func (s *backStep) isSource() bool { return s.Node.Kind == kpn.KindInput || s.isControl() }

// reads says whether the step's adjoint needs the values of its inputs.
func (s *backStep) reads() bool {
	return s.Shader.AdjointTakes("inputs") || s.Shader.AdjointTakes("fold")
}

// reckoned says whether the adjoint's kernels reckon what an edge delivers
// from its source's own inputs, instead of reading it from the tape: where
// that takes no state, it is cheaper than memory.
func reckoned(in Input) bool {
	s := in.From
	return in.Queue == 0 && s.Loop == 0 && s.Ratio == 1 && !s.takesState() && !s.Shader.Takes("signal")
}

// keep makes sure that the kernels can tell what an edge delivers.
func (a *Adjoint) keep(in Input) {
	if _, taped := a.taped(in); taped {
		return
	}
	if !reckoned(in) {
		a.signal(in)
		return
	}
	for _, from := range in.From.Inputs {
		a.keep(from)
	}
}

// taped is the slot on the tape of what an edge delivers, if it is there.
func (a *Adjoint) taped(in Input) (slot int, ok bool) {
	slot = slices.IndexFunc(a.Signals, func(o Output) bool { return o.From == in.From && o.Queue == in.Queue && o.Before == 0 })
	return slot, slot >= 0
}

// signal is the slot on the tape of what an edge delivers, a new one if it was
// not there.
func (a *Adjoint) signal(in Input) int {
	if slot, ok := a.taped(in); ok {
		return slot
	}
	a.Signals = append(a.Signals, Output{From: in.From, Queue: in.Queue, QueueSlot: a.TapeQueueFrames})
	a.TapeQueueFrames += in.Queue
	return len(a.Signals) - 1
}

// tapeSteps are the steps that the tape needs: those that lead to its signals,
// and those whose state only a walk from frame 0 finds.
func (a *Adjoint) tapeSteps() []*Step {
	needed := map[*Step]bool{}
	for _, o := range a.Signals {
		markNeeded(o.From, needed)
	}
	for _, s := range a.Steps {
		if !s.CanSeek || s.Loop > 0 {
			markNeeded(s, needed)
		}
	}
	var list []*Step
	for _, s := range a.Steps {
		if needed[s] {
			list = append(list, s)
		}
	}
	return list
}

// downstream lists the steps that a step feeds, itself first.
func downstream(steps []*backStep, of *Step) []*backStep {
	fed := map[*Step]bool{of: true}
	loops := map[int]bool{}
	for _, s := range steps {
		for _, in := range s.Inputs {
			if fed[in.From] {
				fed[s.Step] = true
				loops[s.Loop] = true
			}
		}
	}
	var list []*backStep
	for _, s := range steps {
		if fed[s.Step] || s.Loop > 0 && loops[s.Loop] {
			list = append(list, s)
		}
	}
	return list
}

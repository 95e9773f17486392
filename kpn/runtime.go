package kpn

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// Runtime runs a network block by block on an engine: it keeps what nodes
// remember, the parameters that are bound, the control history, and what the
// nodes report. Its methods may not be called at the same time.
//
// Frames are the same bits however they are cut into blocks, and whatever is
// measured or logged.
type Runtime struct {
	engine  Engine
	network *Network
	options RuntimeOptions

	setup    setup
	compiled *compiled
	live     map[ParamRef]bool
	// measured are the delays that the hook was told, by node.
	measured map[string]int
	bound    map[ParamRef]*ring
	curves   map[string]curve
	// now is the clock: how many frames have been executed.
	now    int
	queues []*queue
	tally  tally
	// hot lists the heat parameters that are bound.
	hot []ParamRef
	// noted are the nodes without an adjoint that a line was logged of.
	noted map[string]bool
	// closed is set for good; stopped is why nothing runs any more.
	closed  bool
	stopped error
}

// RuntimeOptions are what a runtime may be told besides its network. The zero
// value is a runtime that neither logs nor measures.
type RuntimeOptions struct {
	// Seed and FirstItem key random numbers, as in a [Job].
	Seed, FirstItem uint64
	// Live lists parameters that are given frame by frame from the start,
	// though they may be bound to one number, so that SetParam can change them
	// at any time on engines that compile numbers in, as GPUs do. Those that a
	// descriptor has a tensor for always are. Devices read them in float32: a
	// frequency's phase runs away by some 10⁻⁷ of the cycles gone through.
	Live []ParamRef
	// Logger gets what is worth a line, nil nothing.
	Logger *slog.Logger
	// HeatModels are hooks that reckon what nodes of a kind heat, besides what
	// their heat parameters say.
	HeatModels map[Kind]HeatModel
	// HeatBudget is the heat at which the runtime stops with a *[HeatError]; 0
	// is no limit. Heat that is no number, or infinite, always stops it.
	HeatBudget float64
	// DelayHook is told, before the first frame, of each node that has an input
	// how late it is and how late it says it is; see [MeasureDelay]. It is not
	// told of those that an impulse does not move.
	DelayHook func(DelayReport)
	// Clock is read before and after each execution; nil measures no time.
	Clock func() time.Duration
}

// setup is what Configure was given, once it was.
type setup struct {
	shape Shape
	rate  float64
	ready map[string]Readiness
	done  bool
}

// NewRuntime prepares a network for an engine, which must outlive the runtime.
// It copies neither: the network may not change afterwards.
func NewRuntime(e Engine, n *Network, options RuntimeOptions) (*Runtime, error) {
	if n == nil {
		n = &Network{}
	}
	if err := n.Validate(); err != nil {
		return nil, err
	}
	r := &Runtime{engine: e, network: n, options: options, bound: map[ParamRef]*ring{}, tally: newTally(), noted: map[string]bool{}}
	if !(options.HeatBudget >= 0) {
		return nil, &JobError{"heat budget", fmt.Sprintf("got %g, allowed is what is not below 0, and 0 is no limit", options.HeatBudget)}
	}
	if err := r.findLive(); err != nil {
		return nil, err
	}
	r.SetHistory(n.History)
	return r, nil
}

// Configure says what blocks look like: their batches and channels, and how
// many frames a parameter without a default has (or a multiple of that). It
// starts anew: at frame 0, nothing remembered, no parameter set, no heat.
func (r *Runtime) Configure(batches, channels, frames int, rate float64) error {
	if r.closed {
		return errClosed()
	}
	shape := Shape{batches, channels, frames}
	probe := Job{Shape: shape, Rate: rate}
	if err := probe.validateExtent(); err != nil {
		return err
	}
	for _, ref := range sortedRefs(r.network.Params) {
		v := r.network.Params[ref]
		if err := r.checkDefault(ref, v, shape, rate); err != nil {
			return err
		}
	}
	for _, id := range sortedKeys(r.network.Facts) {
		if c := r.network.Facts[id].Channels; c > channels {
			return &ShapeError{Node: r.network.nameOf(id), Port: fieldChannels, Got: Shape{1, c, 1}, Want: Shape{1, channels, 1}, Hint: "configure as many channels as the node says it has"}
		}
	}
	if err := r.fitsRows(shape); err != nil {
		return err
	}
	ready, err := r.network.Readiness()
	if err != nil {
		return err
	}
	if err := r.release(); err != nil {
		return err
	}
	r.setup = setup{shape, rate, ready, true}
	r.now, r.stopped, r.tally = 0, nil, newTally()
	clear(r.bound)
	for ref, v := range r.network.Params {
		r.bound[ref] = &ring{v, 0}
	}
	r.rebound()
	return nil
}

func (r *Runtime) checkDefault(ref ParamRef, v *Values, shape Shape, rate float64) error {
	if (v.B != 1 && v.B != shape.B) || v.C > shape.C {
		return &ShapeError{Node: r.network.nameOf(ref.Node), Port: ref.Param, Got: v.Shape, Want: shape, Hint: "a batch of 1 serves all, and fewer channels repeat; configure as many channels as it has"}
	}
	return r.checkValues(ref, v, rate)
}

// checkValues checks the range of what is bound; heat is any number.
func (r *Runtime) checkValues(ref ParamRef, v *Values, rate float64) error {
	node, p, _ := r.network.find(ref)
	called := r.network.hostRef(ref)
	if p == nil {
		return checkHeat(called, v)
	}
	return v.check(called, p.Spec, r.network.Graph.Control.rateOf(node, rate))
}

// SetHistory gives the control history that input nodes follow from now on. It
// must not change while it is in use; nil is an empty one.
func (r *Runtime) SetHistory(h *History) {
	r.curves = map[string]curve{}
	for _, key := range r.network.Curves {
		if h != nil {
			r.curves[key] = h.curve(key)
		}
	}
}

// Now is the runtime's clock: how many frames have been executed.
func (r *Runtime) Now() int { return r.now }

// Close releases what nodes keep. The engine stays open.
func (r *Runtime) Close() error {
	if r.closed {
		return nil
	}
	r.closed = true
	return r.release()
}

// release drops the session and what was compiled.
func (r *Runtime) release() error {
	c := r.compiled
	r.compiled, r.queues = nil, nil
	if c == nil {
		return nil
	}
	return errors.Join(c.session.Close(), c.executable.Close())
}

// ready says why nothing can be executed or set, or nothing.
func (r *Runtime) ready() error {
	switch {
	case r.closed:
		return errClosed()
	case !r.setup.done:
		return &JobError{"runtime", "it is not configured: call Configure first"}
	}
	return r.stopped
}

func errClosed() error { return &JobError{"runtime", "it is closed: make another"} }

// Execute runs the next frames. Inputs are the signals of the graph's input
// nodes that follow no curve: frame by frame, in a frame item by item, in an
// item channel by channel.
//
// After an *[InterruptedError], that of a context say, the runtime must be
// configured anew. With a *[HeatError] the frames are there too: it is the next
// ones that are not. The result's code is [Pending] while none of the frames is
// visible yet at any output, else [Done]. Its data is valid until the next call.
func (r *Runtime) Execute(ctx context.Context, frames int, inputs map[string][]float64) (*Outcome, error) {
	if err := errors.Join(r.ready(), ctx.Err()); err != nil {
		return nil, err
	}
	started := r.clock()
	if err := r.open(ctx); err != nil {
		return nil, err
	}
	block, err := r.block(frames, inputs)
	if err != nil {
		return nil, err
	}
	blocks, err := r.compiled.session.Next(ctx, block)
	if err != nil {
		var interrupted *InterruptedError
		if errors.As(err, &interrupted) {
			r.stopped = err
		}
		return nil, err
	}
	outcome := r.deliver(blocks, frames)
	r.stopped = r.heat(block, blocks)
	r.now += frames
	outcome.Heat = r.tally.last
	outcome.Elapsed = r.clock() - started
	return outcome, r.stopped
}

// window is a parameter's values for the next frames.
func (r *Runtime) window(ref ParamRef, frames int) *Values {
	return r.value(ref).window(r.now, frames).spread(r.setup.shape.C)
}

func (r *Runtime) clock() time.Duration {
	if r.options.Clock == nil {
		return 0
	}
	return r.options.Clock()
}

// block gathers what the session needs for the next frames.
func (r *Runtime) block(frames int, inputs map[string][]float64) (*StreamBlock, error) {
	if frames < 1 || frames > MaxFrames {
		return nil, &JobError{"frames", fmt.Sprintf("got a block of %d, allowed is 1 to %d", frames, MaxFrames)}
	}
	given := r.compiled.given(r.bound)
	if err := r.fits(frames, len(given)+len(inputs)+len(r.network.Curves)+len(r.compiled.graph.Outputs)); err != nil {
		return nil, err
	}
	b := &StreamBlock{Frames: frames, Params: map[ParamRef]*Values{}, Inputs: map[string]*Values{}}
	for name, data := range inputs {
		id := r.network.idOf(name)
		if _, follows := r.network.Curves[id]; follows {
			return nil, &JobError{"inputs", fmt.Sprintf("node %q follows the control history; leave it out, or take it out of the network's curves", name)}
		}
		v, err := batchMajor(name, data, Shape{r.setup.shape.B, r.setup.shape.C, frames})
		if err != nil {
			return nil, err
		}
		b.Inputs[id] = v
	}
	for id, key := range r.network.Curves {
		b.Inputs[id] = r.curves[key].fill(r.now, frames, r.setup.shape.C, r.setup.rate)
	}
	for _, ref := range given {
		b.Params[ref] = r.window(ref, frames)
	}
	return b, nil
}

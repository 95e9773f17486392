package scheduler

import (
	"sawmill/kpn"
	"sawmill/shaders"
)

// Schedule is a graph on its way to a program.
type Schedule struct {
	Graph *kpn.Graph
	// Steps are the nodes in the order in which a frame visits them.
	Steps []*Step
	// Outputs are the signals that are rendered, in the graph's order.
	Outputs []Output
	// Latency is the graph's total latency in frames.
	Latency  int
	Strategy Strategy
	Layout   Layout
	// Wide programs compute in double precision: those of control nodes.
	Wide bool
}

// Step is one node of the schedule.
type Step struct {
	// Index is the step's place in Schedule.Steps.
	Index  int
	Node   *kpn.Node
	Spec   *kpn.Spec
	Shader *shaders.Node
	// Inputs are the sources of the ports, Ports of them, then those of
	// modulations.
	Inputs []Input
	Ports  int
	Params []Param

	// Ratio is the oversample ratio; Stages bring it back to 1.
	Ratio  int
	Stages []kpn.HalfBand

	// Arrival is the total latency of the step's output.
	Arrival int
	// Skew is how many frames after the loop's start the step starts: at loop
	// frame n it is at its own frame n − Skew.
	Skew int
	// First is the loop frame of the step's own frame 0: its skew, and for
	// sources that are modulated and for kinds that remember, what reaches
	// them later than that.
	First int
	// Loop numbers the loop that the step is in, from 1; 0 where it is in
	// none.
	Loop int
	// CanSeek says whether the step can start at any frame.
	CanSeek bool
	// Memory is how many of its own earlier frames an output depends on.
	Memory int

	// PeakSlot is the slot of a whole-row step's largest magnitude.
	PeakSlot int
	// StateSlot is the first of the step's words of carried state, HistorySlot
	// the first of its decimator's.
	StateSlot, HistorySlot int
	// RingSlot is where its ring of RingFrames samples starts; 0 frames where it
	// has none.
	RingSlot, RingFrames int
	// TensorSlot is the tensor of an input step.
	TensorSlot int
	// ControlSlot is the control signal of a control step.
	ControlSlot int
	// Narrow control steps feed a port or a single parameter, which round what
	// they read: they interpolate in single precision.
	Narrow bool
	// TableSlot is the tensor of the table of a step that has one.
	TableSlot int
}

// Input is an edge into a step.
type Input struct {
	From *Step
	Port string
	// Delay is how many frames late the step sees the source: the edge's
	// own delay and what alignment adds.
	Delay, Align int
	// Queue is how many frames wait between the two steps in the loop, after
	// skews; QueueSlot is where.
	Queue, QueueSlot int
	// Back marks the delayed edges that close a loop.
	Back bool
	// Before is, on tapes, 1 and the index of the word of the source's state
	// that is meant instead of its signal; 0 for the signal.
	Before int
}

// Output is a signal that is rendered.
type Output struct {
	From *Step
	// Align is the delay that brings it level with the latest output.
	Align            int
	Queue, QueueSlot int
	// Before is as in [Input].
	Before int
}

// Param is a parameter of a step.
type Param struct {
	kpn.NodeParam
	// RowSlot is its slot among row parameters; −1 where it has none.
	RowSlot int
	// TensorSlot is its tensor; −1 where it has none.
	TensorSlot int
	// Mods are the modulations, in the order in which they act.
	Mods []Mod
	// Single parameters are float though they have a unit.
	Single bool
}

// Mod is a modulation of a parameter by one of the step's inputs.
type Mod struct {
	kpn.Modulation
	Input int
}

// perFrame says whether any parameter of the step changes from frame to frame.
func (s *Step) perFrame() bool {
	for i := range s.Params {
		if s.Params[i].Changes() {
			return true
		}
	}
	return false
}

// Lower runs all passes and returns the program.
func Lower(g *kpn.Graph) (*Program, error) { return (&Schedule{Graph: g}).lower() }

// LowerWide lowers a graph to a program that computes in double precision and
// stores each output as two floats that add up to it.
func LowerWide(g *kpn.Graph) (*Program, error) { return (&Schedule{Graph: g, Wide: true}).lower() }

func (s *Schedule) lower() (*Program, error) {
	passes := []func(*Schedule) error{validate, order, rates, align, strategy, layout}
	for _, pass := range passes {
		if err := pass(s); err != nil {
			return nil, err
		}
	}
	return emit(s)
}

package scheduler

import (
	"slices"

	"sawmill/kpn"
)

// order joins the steps by their edges, drops those that reach no output, and
// sorts the rest so that sources come before what they feed (Kahn's algorithm,
// ties in the graph's own order). The steps of a loop stand together; the
// delayed edges that close it go back.
func order(s *Schedule) error {
	byID := map[string]*Step{}
	for _, step := range s.Steps {
		byID[step.Node.ID] = step
	}
	loops := s.Graph.Loops()
	for i, loop := range loops {
		for _, id := range loop {
			byID[id].Loop = i + 1
		}
	}
	for _, step := range s.Steps[:len(s.Steps):len(s.Steps)] {
		s.join(step, byID)
	}
	needed := map[*Step]bool{}
	for _, id := range s.Graph.Outputs {
		s.Outputs = append(s.Outputs, Output{From: byID[id]})
		markNeeded(byID[id], needed)
	}
	p := placer{needed: needed, placed: map[*Step]bool{}}
	for range s.Steps {
		for _, step := range s.Steps {
			switch {
			case !needed[step] || p.placed[step]:
			case step.Loop == 0:
				p.place(step)
			default:
				p.placeLoop(s.Steps, step.Loop)
			}
		}
		if len(p.sorted) == len(needed) {
			break
		}
	}
	if len(p.sorted) < len(needed) {
		return &kpn.GraphError{Reason: "it has a cycle", Cause: kpn.ErrCycle}
	}
	s.Steps = p.sorted
	return nil
}

// placer puts steps in order.
type placer struct {
	needed, placed map[*Step]bool
	sorted         []*Step
}

// place places a step if all that it waits for is placed.
func (p *placer) place(step *Step) {
	for _, in := range step.Inputs {
		if !in.Back && !p.placed[in.From] {
			return
		}
	}
	p.placed[step] = true
	step.Index = len(p.sorted)
	p.sorted = append(p.sorted, step)
}

// placeLoop places the steps of a loop together, if what any of them reads
// from outside of it is placed.
func (p *placer) placeLoop(steps []*Step, loop int) {
	var own []*Step
	for _, step := range steps {
		if step.Loop != loop || !p.needed[step] {
			continue
		}
		own = append(own, step)
		for _, in := range step.Inputs {
			if in.From.Loop != loop && !p.placed[in.From] {
				return
			}
		}
	}
	for range own {
		for _, step := range own {
			if !p.placed[step] {
				p.place(step)
			}
		}
	}
}

// join connects a step to its sources. Each reader of a control signal gets a
// step of its own, which is as late as the reader: such a signal can be had at
// any frame, and a queue would round it.
func (s *Schedule) join(step *Step, byID map[string]*Step) {
	add := func(e kpn.Edge, narrow bool) {
		from := byID[e.From]
		if from.Node.Kind == kpn.KindControl {
			own := *from
			own.Narrow = narrow
			from = &own
			s.Steps = append(s.Steps, from)
		}
		back := e.DelayFrames > 0 && step.Loop > 0 && step.Loop == from.Loop
		step.Inputs = append(step.Inputs, Input{From: from, Port: e.Port, Delay: e.DelayFrames, Back: back})
	}
	for _, e := range s.Graph.Inputs(step.Node.ID) {
		add(e, true)
	}
	step.Ports = len(step.Inputs)
	single := step.updates() && s.Graph.Single(step.Node)
	for i := range step.Params {
		p := &step.Params[i]
		p.Single = single && slices.Contains(step.Shader.Update, p.Name)
		for _, e := range p.Modulators {
			p.Mods = append(p.Mods, Mod{*e.Modulation, len(step.Inputs)})
			add(e, p.Single)
		}
	}
}

func markNeeded(step *Step, needed map[*Step]bool) {
	stack := []*Step{step}
	for len(stack) > 0 {
		top := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if needed[top] {
			continue
		}
		needed[top] = true
		for _, in := range top.Inputs {
			stack = append(stack, in.From)
		}
	}
}

// inLoop lists the steps of the loop that steps[0] is in, which stand together;
// none where it is in no loop.
func inLoop(steps []*Step) []*Step {
	if steps[0].Loop == 0 {
		return nil
	}
	end := slices.IndexFunc(steps, func(s *Step) bool { return s.Loop != steps[0].Loop })
	if end < 0 {
		end = len(steps)
	}
	return steps[:end]
}

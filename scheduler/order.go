package scheduler

import "sawmill/kpn"

// order sorts the steps so that sources come before what they feed (Kahn's
// algorithm, ties in the graph's own order), joins them by their edges, and
// drops those that reach no output.
func order(s *Schedule) error {
	byID := map[string]*Step{}
	for _, step := range s.Steps {
		byID[step.Node.ID] = step
	}
	for _, step := range s.Steps {
		for _, e := range s.Graph.Inputs(step.Node.ID) {
			step.Inputs = append(step.Inputs, Input{From: byID[e.From], Port: e.Port, Delay: e.DelayFrames})
		}
	}
	needed := map[*Step]bool{}
	for _, id := range s.Graph.Outputs {
		s.Outputs = append(s.Outputs, Output{From: byID[id]})
		markNeeded(byID[id], needed)
	}
	placed := map[*Step]bool{}
	var sorted []*Step
	for range s.Steps {
		for _, step := range s.Steps {
			if !needed[step] || placed[step] || !ready(step, placed) {
				continue
			}
			placed[step] = true
			step.Index = len(sorted)
			sorted = append(sorted, step)
		}
		if len(sorted) == len(needed) {
			break
		}
	}
	if len(sorted) < len(needed) {
		return &kpn.GraphError{Reason: "it has a cycle", Cause: kpn.ErrCycle}
	}
	s.Steps = sorted
	return nil
}

func ready(step *Step, placed map[*Step]bool) bool {
	for _, in := range step.Inputs {
		if !placed[in.From] {
			return false
		}
	}
	return true
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

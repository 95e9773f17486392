package scheduler

// align finds the latency of every step's output, delays the early inputs of
// each step so that parallel paths meet, and turns delays into skews: a step
// that everything downstream sees late simply starts late, which costs
// nothing. Only where consumers disagree does a queue remain.
//
// All steps of a loop wait for its latest source. The edges that close it are
// not waited for: they are as late by themselves as the loop is.
func align(s *Schedule) error {
	base := map[int]int{}
	for _, step := range s.Steps {
		for _, e := range step.Inputs {
			if step.Loop > 0 && e.From.Loop != step.Loop {
				base[step.Loop] = max(base[step.Loop], e.From.Arrival)
			}
		}
		// Arrivals of sources are known: they come before. A loop's base is
		// complete once its last step is reached, so that arrivals inside
		// follow below.
		if step.Loop == 0 {
			step.Arrival = arrival(step, 0) + step.Node.Latency()
			continue
		}
		if loop := inLoop(s.Steps[step.Index:]); len(loop) == 1 {
			for _, of := range s.Steps {
				if of.Loop == step.Loop {
					of.Arrival = arrival(of, base[step.Loop]) + of.Node.Latency()
				}
			}
		}
	}
	for _, step := range s.Steps {
		for i := range step.Inputs {
			e := &step.Inputs[i]
			e.Align = step.Arrival - step.Node.Latency() - e.From.Arrival
		}
	}
	for _, o := range s.Outputs {
		s.Latency = max(s.Latency, o.From.Arrival)
	}
	for i := range s.Outputs {
		s.Outputs[i].Align = s.Latency - s.Outputs[i].From.Arrival
	}
	skew(s)
	return nil
}

// arrival is the latency of what reaches a step.
func arrival(step *Step, least int) int {
	for _, e := range step.Inputs {
		if !e.Back {
			least = max(least, e.From.Arrival)
		}
	}
	return least
}

// skew walks from the outputs to the sources. A source is as late as its
// least delayed consumer; the others queue the difference. The steps of a loop
// are equally late.
func skew(s *Schedule) {
	const unset = -1
	for _, step := range s.Steps {
		step.Skew = unset
	}
	latest := func(step *Step, at int) {
		if step.Skew == unset || at < step.Skew {
			step.Skew = at
		}
	}
	for _, o := range s.Outputs {
		latest(o.From, o.Align)
	}
	for i := len(s.Steps) - 1; i >= 0; i-- {
		step := s.Steps[i]
		if step.Loop > 0 && (i == len(s.Steps)-1 || s.Steps[i+1].Loop != step.Loop) {
			levelLoop(s.Steps[:i+1], step.Loop)
		}
		for _, e := range step.Inputs {
			if step.Loop == 0 || e.From.Loop != step.Loop {
				latest(e.From, step.Skew+e.Delay+e.Align)
			}
		}
	}
	for _, step := range s.Steps {
		step.First = step.Skew
		if len(step.Spec.Inputs) == 0 || step.takesState() {
			step.First += step.Arrival - step.Node.Latency()
		}
		for i := range step.Inputs {
			e := &step.Inputs[i]
			e.Queue = step.Skew + e.Delay + e.Align - e.From.Skew
		}
	}
	for i := range s.Outputs {
		o := &s.Outputs[i]
		o.Queue = o.Align - o.From.Skew
	}
}

// levelLoop gives all steps of a loop, the last of the list, the least skew
// that something outside asks one of them for.
func levelLoop(steps []*Step, loop int) {
	least := -1
	for _, s := range steps {
		if s.Loop == loop && s.Skew >= 0 && (least < 0 || s.Skew < least) {
			least = s.Skew
		}
	}
	for _, s := range steps {
		if s.Loop == loop {
			s.Skew = least
		}
	}
}

package scheduler

// align finds the latency of every step's output, delays the early inputs of
// each step so that parallel paths meet, and turns delays into skews: a step
// that everything downstream sees late simply starts late, which costs
// nothing. Only where consumers disagree does a queue remain.
func align(s *Schedule) error {
	for _, step := range s.Steps {
		in := 0
		for _, e := range step.Inputs {
			in = max(in, e.From.Arrival)
		}
		for i := range step.Inputs {
			e := &step.Inputs[i]
			e.Align = in - e.From.Arrival
		}
		step.Arrival = in + step.Node.Latency()
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

// skew walks from the outputs to the sources. A source is as late as its
// least delayed consumer; the others queue the difference.
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
		for _, e := range step.Inputs {
			latest(e.From, step.Skew+e.Delay+e.Align)
		}
	}
	for _, step := range s.Steps {
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

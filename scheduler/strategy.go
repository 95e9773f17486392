package scheduler

// Strategy says how a job is spread over lanes.
type Strategy struct {
	// Chunked graphs can start at any frame: a lane renders a chunk of a row.
	// Otherwise a lane renders a whole row and carries its state from one
	// segment to the next.
	Chunked bool
	// WarmUp is how many frames before its first output frame a chunk starts,
	// to fill filters and queues.
	WarmUp int
	// SeekBlockers names the steps that keep the graph from being chunked.
	SeekBlockers []string
	// PeakPasses are the whole-row steps in the order in which their peaks
	// must be found, each with a pass over the whole render of its own.
	PeakPasses []*Step
}

// strategy decides between chunks and rows.
func strategy(s *Schedule) error {
	st := &s.Strategy
	for _, step := range s.Steps {
		if !step.CanSeek || step.Loop > 0 {
			st.SeekBlockers = append(st.SeekBlockers, step.Node.ID)
		}
		if step.Spec.WholeRow {
			step.PeakSlot = len(st.PeakPasses)
			st.PeakPasses = append(st.PeakPasses, step)
		}
	}
	st.Chunked = len(st.SeekBlockers) == 0
	st.WarmUp = warmUp(s)
	return nil
}

// warmUp is the longest sum of memories and queues on a path to an output.
func warmUp(s *Schedule) int {
	early := make([]int, len(s.Steps))
	for _, o := range s.Outputs {
		early[o.From.Index] = max(early[o.From.Index], o.Queue)
	}
	longest := 0
	for i := len(s.Steps) - 1; i >= 0; i-- {
		step := s.Steps[i]
		early[i] += step.Memory
		longest = max(longest, early[i])
		for _, e := range step.Inputs {
			early[e.From.Index] = max(early[e.From.Index], early[i]+e.Queue)
		}
	}
	return longest
}

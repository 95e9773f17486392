package scheduler

import "sawmill/kpn"

// rates gives each step its oversample ratio, its decimator and the memory
// that the decimator needs.
func rates(s *Schedule) error {
	for _, step := range s.Steps {
		step.Ratio = step.Node.Ratio()
		step.Stages, _ = kpn.Decimator(step.Ratio, step.Node.Quality)
		step.Memory = decimatorMemory(step.Ratio, step.Stages)
	}
	return nil
}

// decimatorMemory is how many earlier frames a decimated sample depends on,
// rounded up: the span of the cascade, walked from the last stage back.
func decimatorMemory(ratio int, stages []kpn.HalfBand) int {
	span := 0
	for i := len(stages) - 1; i >= 0; i-- {
		span = 2*span + 4*stages[i].M - 1 + stages[i].Pad
	}
	return (span + ratio - 1) / ratio
}

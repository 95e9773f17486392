package scheduler

import "sawmill/kpn"

// A driver may end a lane without a word once its loops have gone round too
// often: llvmpipe does after 65535 rounds of all loops of a kernel together,
// each loop's last look at its condition counted. So programs say how often
// their loops go round for four frames, at most.

// kindLoops is how often the loops of the kind go round in one of its steps.
func (s *Step) kindLoops() int {
	if s.mayBeKaiser() {
		// A pair of periods a round: 32 samples and half a period on, of two
		// samples a ratio at least; of two edges, forward or both ways back.
		return s.Shader.Loops + 4*(kpn.KaiserReach/2/s.Ratio+3)
	}
	return s.Shader.Loops
}

// quadLoops is how often the step's loops go round in four frames, in a
// kernel that has its steps in loops or not.
func (s *Step) quadLoops(looped bool) int {
	runs := 0
	if s.Ratio > unrolled {
		runs = s.Ratio/unrolled + 1
	}
	rounds := quadFrames * (runs + s.Ratio*s.kindLoops())
	if looped && s.Ratio > 1 {
		rounds += quadFrames + 1
	}
	return rounds
}

// Loops is how often the loops of a kernel of the program go round for four
// frames, at most.
func (p *Program) Loops() int {
	rounds := 2 + len(controlFirsts(p.Steps))
	loops := map[int]bool{}
	for _, s := range p.Steps {
		if s.Loop > 0 && !loops[s.Loop] {
			loops[s.Loop] = true
			rounds += quadFrames + 1
		}
	}
	for _, s := range p.Steps {
		rounds += s.quadLoops(looped(p.Steps))
	}
	return rounds
}

// Loops is the same for the adjoint's kernels, the tape among them.
func (a *Adjoint) Loops() int {
	rounds := a.Program.Loops() + 1
	for _, s := range a.Steps {
		// Its values once more, its adjoint, its group and its queues.
		rounds += 2*s.quadLoops(true) + quadFrames + 1 + len(s.Inputs)*(quadFrames+1)
	}
	return rounds
}

package scheduler

import "fmt"

// Program is a lowered graph: what an engine compiles and runs.
type Program struct {
	*Schedule
	// Peaks find the whole-row steps' magnitudes, in the order in which they
	// must run: each over all segments before the next starts.
	Peaks []Kernel
	// Render stores the outputs.
	Render Kernel
	// Keep and Scale do the work of the last peak kernel and the render kernel
	// for a job of one segment, without rendering twice: Keep stores the input
	// of the output's whole-row step and finds its magnitude, Scale puts it
	// through the step in place. Both are nil where the graph's only output is
	// no whole-row step.
	Keep, Scale *Kernel
}

// Kernel is one compute shader.
type Kernel struct {
	Name string
	// Alone kernels take each frame for itself: rows may be cut anyhow.
	Alone bool
	body  string
}

// Source is the kernel's GLSL for workgroups of the given size.
func (k Kernel) Source(workgroup int) string {
	return fmt.Sprintf("#version 430 core\n// Kernel %s.\n\nlayout(local_size_x = %d) in;\n\n%s", k.Name, workgroup, k.body)
}

// Cost is about how many arithmetic operations a frame of one row takes.
func (s *Step) Cost() int {
	steps := s.Ratio
	if len(s.Inputs) > 1 {
		steps = len(s.Inputs)
	}
	cost := steps * s.Shader.Cost
	for _, h := range s.Stages {
		cost += h.InputRatio / 2 * (3*h.M + 2)
	}
	return cost
}

// Cost is about how many arithmetic operations a frame of one row takes, all
// passes included.
func (p *Program) Cost() int {
	cost := 0
	for _, step := range p.Steps {
		cost += step.Cost()
	}
	for _, peak := range p.Strategy.PeakPasses {
		for _, step := range upstream(p.Schedule, peak) {
			cost += step.Cost()
		}
	}
	return cost
}

// upstream lists the steps that feed a step, itself left out, in order.
func upstream(s *Schedule, of *Step) []*Step {
	needed := map[*Step]bool{}
	for _, in := range of.Inputs {
		markNeeded(in.From, needed)
	}
	var list []*Step
	for _, step := range s.Steps {
		if needed[step] {
			list = append(list, step)
		}
	}
	return list
}

// Stored is how many signals the kernels store: the outputs, or the two floats
// that each output of a wide program is the sum of.
func (p *Program) Stored() int {
	if p.Wide {
		return 2 * len(p.Outputs)
	}
	return len(p.Outputs)
}

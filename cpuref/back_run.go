package cpuref

// backRun is what a kind's adjoint sees: the run that its forward saw, over
// the same frames, and the cotangents.
type backRun struct {
	run
	// cotangent is that of the run's output.
	cotangent []float64
	// inputs are those of the signals at the node's ports: to be set; nil where
	// an optional port has no source.
	inputs [][]float64
	// derivatives are those by each of the parameters, frame by frame, in the
	// order of the node's list: to be set, zeros before.
	derivatives [][]float64
	// startPhase is the row's phase before the run's first frame.
	startPhase uint64
	// startMemory is the kind's memory before the run's first frame, and
	// memoryCotangent the cotangent of that after the run's last: to be made
	// that of the memory before its first.
	startMemory, memoryCotangent []float64
	// curveCotangent is that of the row's control signal: to be added to.
	curveCotangent []float64
	// later is the derivative by the phase of all later frames, for the kinds
	// that have one.
	later *float64
	// historyCotangent is that of the decimator's memory.
	historyCotangent []float64
	// moment is the derivative by the row's statistic, for whole-row kinds:
	// to be added to in the pass that finds it, when finds is set.
	moment *float64
	finds  bool
	// peakFrame is the local frame that the row's statistic is from.
	peakFrame int
	// spread is scratch for an oversampled node.
	spread []float64
}

// derivative returns where the derivatives by a parameter go.
func (r *backRun) derivative(name string) []float64 {
	for i := range r.node.params {
		if r.node.params[i].Name == name {
			return r.derivatives[i]
		}
	}
	panic("cpuref: kind " + string(r.node.kind) + " has no parameter " + name)
}

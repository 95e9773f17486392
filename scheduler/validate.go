package scheduler

// validate checks the graph and loads the shader of every kind in it. The
// control part of a graph was checked with the whole, and may have more
// outputs than a graph of its own.
func validate(s *Schedule) error {
	if err := s.Graph.Validate(); err != nil && !s.Wide {
		return err
	}
	for i := range s.Graph.Nodes {
		n := &s.Graph.Nodes[i]
		spec, _ := s.Graph.Spec(n.Kind)
		shader, err := shaderOf(s.Graph, n)
		if err != nil {
			return err
		}
		step := &Step{Node: n, Spec: spec, Shader: shader, CanSeek: s.Graph.CanSeek(n)}
		for _, p := range s.Graph.Parameters(n) {
			step.Params = append(step.Params, Param{NodeParam: p, RowSlot: -1, TensorSlot: -1})
		}
		s.Steps = append(s.Steps, step)
	}
	return nil
}

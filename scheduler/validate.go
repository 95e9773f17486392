package scheduler

import (
	"sawmill/kpn"
	"sawmill/shaders"
)

// validate checks the graph and loads the shader of every kind in it.
func validate(s *Schedule) error {
	if err := s.Graph.Validate(); err != nil {
		return err
	}
	for i := range s.Graph.Nodes {
		n := &s.Graph.Nodes[i]
		spec, _ := kpn.Lookup(n.Kind)
		shader, err := shaders.LoadNode(string(n.Kind))
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

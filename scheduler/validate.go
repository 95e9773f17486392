package scheduler

import (
	"fmt"
	"strings"

	"sawmill/kpn"
)

// validate checks the graph and loads the shader of every kind in it. The
// control part of a graph was checked with the whole, and may have more
// outputs than a graph of its own.
func validate(s *Schedule) error {
	if err := s.Graph.Validate(); err != nil && !s.Wide {
		return err
	}
	for _, loop := range s.Graph.Loops() {
		for _, id := range loop {
			if n, _ := s.Graph.Node(id); n.Ratio() > 1 {
				return &kpn.GraphError{Node: id, Field: "oversample_ratio", Reason: fmt.Sprintf("the device cannot oversample a node in a loop: %s; set the ratio to 1, take it out of the loop, or render on the cpu", strings.Join(loop, ", "))}
			}
		}
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

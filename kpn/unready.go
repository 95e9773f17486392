package kpn

// Unready refuses what no engine does yet: modulation and control rates.
func (g *Graph) Unready() error {
	for i := range g.Nodes {
		if g.Nodes[i].Control {
			return &GraphError{Node: g.Nodes[i].ID, Field: "rate", Reason: "control rates are not there yet"}
		}
	}
	for _, e := range g.Edges {
		if e.Modulation != nil {
			return &GraphError{Node: e.To, Field: e.Port, Reason: "modulation is not there yet"}
		}
	}
	return nil
}

package kpn

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWholeRowNodesAreBounded(t *testing.T) {
	chain := func(n int) *Graph {
		g := &Graph{Nodes: []Node{{ID: "n0", Kind: KindConstant}}}
		for i := 1; i <= n; i++ {
			g.Nodes = append(g.Nodes, Node{ID: fmt.Sprint("n", i), Kind: KindNormalize})
			g.Edges = append(g.Edges, Edge{From: fmt.Sprint("n", i-1), To: fmt.Sprint("n", i), Port: "in"})
		}
		g.Outputs = []string{fmt.Sprint("n", n)}
		return g
	}
	require.NoError(t, chain(MaxWholeRow).Validate())
	var fault *GraphError
	require.ErrorAs(t, chain(MaxWholeRow+1).Validate(), &fault)
	require.Equal(t, fmt.Sprint("n", MaxWholeRow+1), fault.Node)
}

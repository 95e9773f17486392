package cpuref

import (
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/kpn"
)

func TestPlacesOfPorts(t *testing.T) {
	ports := []kpn.Port{{Name: "in"}, {Name: "side", Optional: true}, {Name: "gate", Optional: true}}
	edges := func(names ...string) (list []kpn.Edge) {
		for _, name := range names {
			list = append(list, kpn.Edge{Port: name})
		}
		return list
	}
	require.Equal(t, []int{0, 1, 2}, places(ports, edges("in", "side", "gate")))
	require.Equal(t, []int{0, -1, 1}, places(ports, edges("in", "gate")))
	require.Equal(t, []int{0, 1, -1}, places(ports, edges("in", "side")))
	require.Equal(t, []int{0, -1, -1}, places(ports, edges("in")))
	ports = []kpn.Port{{Name: "side", Optional: true}, {Name: "in", Variadic: true}}
	require.Equal(t, []int{-1, 0, 1}, places(ports, edges("in_0", "in_1")))
	require.Equal(t, []int{0, 1}, places(ports, edges("side", "in_0")))
	require.Empty(t, places(nil, nil))
}

package scheduler_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/kpn"
	"sawmill/scheduler"
)

var update = flag.Bool("update", false, "write the text goldens instead of comparing them")

// textGraphs are the graphs whose listings, drawings and sources are held as
// text, so that a change of a pass shows as a diff to read.
func textGraphs(t *testing.T) map[string]*kpn.Graph {
	t.Helper()
	demo, err := kpn.ReadPreset("../presets/demo.json")
	require.NoError(t, err)
	return map[string]*kpn.Graph{
		"one_osc": {Nodes: []kpn.Node{{ID: "osc", Kind: kpn.KindOsc}}, Outputs: []string{"osc"}},
		"aligned": {
			Nodes: []kpn.Node{
				{ID: "osc", Kind: kpn.KindOsc, Oversample: 8, Quality: kpn.Draft},
				{ID: "env", Kind: kpn.KindAdsr},
				{ID: "hiss", Kind: kpn.KindNoise},
				{ID: "amp", Kind: kpn.KindMultiply},
				{ID: "sum", Kind: kpn.KindMix},
				{ID: "out", Kind: kpn.KindNormalize},
			},
			Edges: []kpn.Edge{
				edge("osc", "amp", "in_0"), edge("env", "amp", "in_1"), edge("amp", "sum", "in_0"),
				edge("hiss", "sum", "in_1"),
				{From: "hiss", To: "sum", Port: "in_2", DelayFrames: 5},
				edge("sum", "out", "in"),
			},
			Outputs: []string{"out"},
		},
		"carried": {
			Nodes: []kpn.Node{
				{ID: "glide", Kind: kpn.KindOsc, Oversample: 2, Params: map[string]kpn.Param{"freq": {Rate: kpn.PerFrame}}},
				{ID: "side", Kind: kpn.KindInput},
			},
			Outputs: []string{"glide", "side"},
		},
		"demo": demo.Graph,
	}
}

func edge(from, to, port string) kpn.Edge { return kpn.Edge{From: from, To: to, Port: port} }

// emitted is the part of a source that the scheduler writes itself, without
// the library, the kinds and the frame, which stand in shaders/.
func emitted(t *testing.T, source, frame string) string {
	t.Helper()
	_, rest, found := strings.Cut(source, "// ---- node ")
	require.True(t, found)
	own, _, found := strings.Cut(rest, "// ---- kernel/"+frame)
	require.True(t, found)
	return "// ---- node " + own
}

func TestTextGoldens(t *testing.T) {
	wanted := map[string]bool{}
	for name, g := range textGraphs(t) {
		p, err := scheduler.Lower(g)
		require.NoError(t, err)
		a, err := scheduler.LowerAdjoint(p)
		require.NoError(t, err)
		texts := map[string]string{name + ".schedule.txt": p.String(), name + ".dot": p.Dot(), name + ".adjoint.txt": a.String()}
		if name == "one_osc" {
			texts[name+".glsl"] = emitted(t, p.Render.Source(64), "lane")
			texts[name+".adjoint.glsl"] = emitted(t, a.Reverse.Source(64), "reverse")
		}
		for file, text := range texts {
			wanted[file] = true
			path := filepath.Join("testdata", file)
			if *update {
				require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
				continue
			}
			golden, err := os.ReadFile(path)
			require.NoError(t, err, "run go test ./scheduler -update and read the diff")
			require.Equal(t, string(golden), text, "%s: run go test ./scheduler -update and read the diff", file)
		}
	}
	entries, err := os.ReadDir("testdata")
	require.NoError(t, err)
	for _, e := range entries {
		require.True(t, wanted[e.Name()], "testdata/%s belongs to no graph; delete it", e.Name())
	}
}

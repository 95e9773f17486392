package cpuref_test

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/cpuref"
	"sawmill/kpn"
)

const rate = 48000

var engine = cpuref.New()

// single is a graph of one node, which is its output.
func single(kind kpn.Kind, params map[string]kpn.Param) *kpn.Graph {
	return &kpn.Graph{
		Nodes:   []kpn.Node{{ID: "node", Kind: kind, Params: params}},
		Outputs: []string{"node"},
	}
}

// constants makes parameters of numbers.
func constants(values map[string]float64) map[string]kpn.Param {
	params := map[string]kpn.Param{}
	for name, v := range values {
		params[name] = kpn.Const(v)
	}
	return params
}

// compiled is a compiled graph.
func compiled(g *kpn.Graph) (kpn.Executable, error) { return cpuref.CompileTest(g) }

// render compiles and renders, and joins the blocks of each output into one
// dense [B, C, F] array. It checks that the blocks are what Forward promises.
func render(t *testing.T, g *kpn.Graph, job *kpn.Job) [][]float64 {
	t.Helper()
	x, err := compiled(g)
	require.NoError(t, err)
	return forward(t, x, len(g.Outputs), job)
}

// forward is render for a compiled graph.
func forward(t *testing.T, x kpn.Executable, outputs int, job *kpn.Job) [][]float64 {
	t.Helper()
	all := make([][]float64, outputs)
	for o := range all {
		all[o] = make([]float64, job.Shape.Len())
	}
	output, first, frames := 0, 0, 0
	err := x.Forward(context.Background(), job, func(block *kpn.Block) error {
		require.Equal(t, output, block.Output)
		require.Equal(t, first, block.First)
		require.Nil(t, block.F32)
		require.Len(t, block.F64, block.Shape.Len())
		n := block.Shape.F
		require.Positive(t, n)
		require.Equal(t, kpn.Shape{B: job.Shape.B, C: job.Shape.C, F: n}, block.Shape)
		if output > 0 {
			require.Equal(t, frames, n)
		}
		for row := range job.Shape.Rows() {
			copy(all[output][row*job.Shape.F+first:], block.F64[row*n:(row+1)*n])
		}
		output, frames = output+1, n
		if output == outputs {
			output, first = 0, first+n
		}
		return nil
	})
	require.NoError(t, err)
	require.Equal(t, job.Shape.F, first)
	return all
}

// one renders a graph's only output for one row.
func one(t *testing.T, g *kpn.Graph, frames int) []float64 {
	t.Helper()
	return render(t, g, &kpn.Job{Shape: kpn.Shape{B: 1, C: 1, F: frames}, Rate: rate})[0]
}

// tensor fills a tensor with numbers of a seeded generator, from low to high.
func tensor(s kpn.Shape, seed uint64, low, high float64) *kpn.Tensor {
	random := rand.New(rand.NewPCG(seed, 0))
	t := kpn.NewTensor(s)
	for i := range t.Data {
		t.Data[i] = float32(low + (high-low)*random.Float64())
	}
	return t
}

package cpuref_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/kpn"
)

// combinations are all rows that take one value from each list, and bind them
// to a node's parameters.
func combinations(job *kpn.Job, names []string, lists [][]float64) map[string]kpn.Param {
	rows := 1
	for _, list := range lists {
		rows *= len(list)
	}
	job.Shape.B = rows
	job.Items = map[kpn.ParamRef][]float64{}
	params := map[string]kpn.Param{}
	stride := 1
	for i, name := range names {
		values := make([]float64, rows)
		for row := range values {
			values[row] = lists[i][row/stride%len(lists[i])]
		}
		stride *= len(lists[i])
		job.Items[kpn.ParamRef{Node: "node", Param: name}] = values
		params[name] = kpn.Param{Rate: kpn.PerItem}
	}
	return params
}

// requireFinite takes a job back and looks for infinities.
func requireFinite(t *testing.T, name string, g *kpn.Graph, job *kpn.Job) *kpn.Gradients {
	t.Helper()
	all := adjoint(t, g, &kpn.AdjointJob{Job: job, Cotangents: cotangents(len(g.Outputs), job.Shape)})
	for i := range all.List {
		for k, x := range all.List[i].F64 {
			require.False(t, math.IsNaN(x) || math.IsInf(x, 0), "%s, %v, value %d: %v", name, all.List[i].Ref, k, x)
		}
	}
	return all
}

func TestAdjointOfOscillatorCorners(t *testing.T) {
	for shape := range 4 {
		for limit := range 3 {
			for _, ratio := range []int{1, 8} {
				job := &kpn.Job{Shape: kpn.Shape{C: 1, F: 5}, Rate: rate}
				g := single(kpn.KindOsc, combinations(job, []string{"freq", "phase", "width"}, [][]float64{
					{0, 5e-324, 1e-12, 1, rate/2 - 1e-9, rate / 2},
					{0, 0.5, 1 - 0x1p-53, 1},
					{0, 1e-300, 0.5, 1 - 0x1p-53, 1},
				}))
				g.Nodes[0].Params["shape"] = kpn.Const(float64(shape))
				g.Nodes[0].Params["band_limit"] = kpn.Const(float64(limit))
				g.Nodes[0].Oversample = ratio
				requireFinite(t, describe("shape ", shape, ", limit ", limit, ", ratio ", ratio), g, job)
			}
		}
	}
}

func TestAdjointOfEnvelopeCorners(t *testing.T) {
	job := &kpn.Job{Shape: kpn.Shape{C: 1, F: 12}, Rate: rate}
	times := []float64{0, 5e-324, 1e-14, 1.5e-14, 2. / rate, 2.5 / rate, 1e5}
	g := single(kpn.KindAdsr, combinations(job, []string{"attack", "decay", "release", "gate", "sustain", "curve"}, [][]float64{
		times, times, times, append(times, 4.5/rate), {0, 0.5, 1}, {0.05, 1, 20},
	}))
	all := requireFinite(t, "adsr", g, job)
	// What lasts less than 1e-9 frames is a step: nothing moves it.
	for _, name := range []string{"decay", "release"} {
		ref := kpn.ParamRef{Node: "node", Param: name}
		v, _ := all.Find(ref)
		for row, length := range job.Items[ref] {
			if length*rate < 1e-9 {
				require.Zero(t, v.F64[row], "%s, row %d", name, row)
			}
		}
	}
}

func TestAdjointOfNormalizeCorners(t *testing.T) {
	for _, frames := range []int{1, 300} {
		job := &kpn.Job{Shape: kpn.Shape{C: 1, F: frames}, Rate: rate}
		params := combinations(job, []string{"peak", "mode"}, [][]float64{{0, 5e-324, 1}, {kpn.NormalizeAlways, kpn.NormalizeLimit}})
		job.Shape.C = 3
		x := kpn.NewTensor(kpn.Shape{B: 1, C: 3, F: frames})
		x.Data[frames] = math.SmallestNonzeroFloat32
		x.Data[3*frames-1] = -math.MaxFloat32
		job.Inputs = map[string]*kpn.Tensor{"x": x}
		g := single(kpn.KindNormalize, params)
		g.Nodes = append(g.Nodes, kpn.Node{ID: "x", Kind: kpn.KindInput})
		g.Edges = []kpn.Edge{{From: "x", To: "node", Port: "in"}}
		requireFinite(t, describe(frames, " frames"), g, job)
	}
}

// TestAdjointAtThePulsesEdges compares the width's gradient at 0 and 1 with
// differences from one side, of second order; a pulse that never changes has
// no others.
func TestAdjointAtThePulsesEdges(t *testing.T) {
	const h = 0x1p-27
	shape := kpn.Shape{B: 1, C: 1, F: 400}
	w := cotangents(1, shape)
	for limit := range 3 {
		for _, ratio := range []int{1, 8} {
			for width, side := range map[float64]float64{0: 1, 1: -1} {
				g := oscAt(kpn.OscPulse, limit, ratio, kpn.Standard, 1234)
				job := &kpn.Job{Shape: shape, Rate: rate}
				level := func(at float64) (sum float64) {
					g.Nodes[0].Params["width"] = kpn.Const(at)
					for i, y := range render(t, g, job)[0] {
						sum += float64(w[0].Data[i]) * y
					}
					return sum
				}
				at, near, far := level(width), level(width+side*h), level(width+2*side*h)
				want := side * (4*(near-at) - (far - at)) / (2 * h)
				g.Nodes[0].Params["width"] = kpn.Const(width)
				all := adjoint(t, g, &kpn.AdjointJob{Job: job, Cotangents: w})
				byWidth, _ := all.Find(kpn.ParamRef{Node: "node", Param: "width"})
				// Sums of 400 samples, each rounded at 1e-16, over a step of
				// 7e-9: 1e-6 of the sum of magnitudes at most.
				require.InDelta(t, want, byWidth.F64[0], 1e-5*max(1, math.Abs(want)), "limit %d, ratio %d, width %v", limit, ratio, width)
				require.Equal(t, limit == kpn.BandLimitNone, byWidth.F64[0] == 0)
				for _, name := range []string{"freq", "phase"} {
					v, _ := all.Find(kpn.ParamRef{Node: "node", Param: name})
					require.Zero(t, v.F64[0], "limit %d, ratio %d, width %v: %s", limit, ratio, width, name)
				}
			}
		}
	}
}

package cpuref_test

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/kpn"
)

// binding is how often parameters change and which axes they repeat along.
type binding struct {
	name            string
	rate            kpn.ParamRate
	items, channels bool
}

var bindings = []binding{
	{"constant", kpn.Constant, false, false},
	{"per item", kpn.PerItem, true, false},
	{"per row", kpn.PerItem, true, true},
	{"per frame", kpn.PerFrame, true, true},
	{"per frame, for all channels", kpn.PerFrame, true, false},
	{"per frame, for all items", kpn.PerFrame, false, true},
	{"per frame, for all rows", kpn.PerFrame, false, false},
}

// bind binds all differentiable parameters of a graph at a rate, to values
// near the graph's constants, and its inputs.
//
// Values are random, so that stages of envelopes do not end on a frame, nor do
// steps of waveforms fall on one: there a central difference would take the
// mean of two derivatives. They are whole numbers of steps of their difference
// quotients, so that what is moved by a step is still exact in a float32.
func bind(g *kpn.Graph, shape kpn.Shape, to binding, seed uint64) (*kpn.Graph, *kpn.Job) {
	random := rand.New(rand.NewPCG(seed, 7))
	g = &kpn.Graph{Nodes: slices.Clone(g.Nodes), Edges: g.Edges, Outputs: g.Outputs, Control: g.Control}
	job := &kpn.Job{
		Shape: shape, Rate: rate, Seed: seed,
		Items: map[kpn.ParamRef][]float64{}, Frames: map[kpn.ParamRef]*kpn.Tensor{}, Inputs: map[string]*kpn.Tensor{},
	}
	extent := kpn.Shape{B: 1, C: 1, F: 1}
	if to.items {
		extent.B = shape.B
	}
	if to.channels {
		extent.C = shape.C
	}
	if to.rate == kpn.PerFrame {
		extent.F = shape.F
	}
	for i := range g.Nodes {
		n := &g.Nodes[i]
		if n.Kind == kpn.KindInput {
			job.Inputs[n.ID] = signal(random, extent.B, extent.C, shape.F)
		}
		n.Params = maps.Clone(n.Params)
		if n.Params == nil {
			n.Params = map[string]kpn.Param{}
		}
		for _, p := range g.Parameters(n) {
			if !p.Spec.Differentiable || p.Rate != kpn.Constant || n.Control && to.rate == kpn.PerFrame {
				continue
			}
			ref, h := kpn.ParamRef{Node: n.ID, Param: p.Name}, step(p.Spec, to.rate, shape.F)
			values := make([]float64, extent.Len())
			for k := range values {
				values[k] = near(random, p, h)
			}
			n.Params[p.Name] = kpn.Param{Rate: to.rate, Value: values[0]}
			switch to.rate {
			case kpn.Constant:
			case kpn.PerItem:
				job.Items[ref] = values
			case kpn.PerFrame:
				t := kpn.NewTensor(extent)
				for k, v := range values {
					t.Data[k] = float32(v)
				}
				job.Frames[ref] = t
			}
		}
	}
	return g, job
}

// near is a random value near a parameter's constant, in whole steps h.
func near(random *rand.Rand, p kpn.NodeParam, h float64) float64 {
	v := p.Value * (1 + 0.2*(random.Float64()-0.5))
	if p.Spec.Unit == "cycles" {
		v = p.Value + 0.1*(random.Float64()-0.5)
	}
	return math.Round(v/h) * h
}

// signal is a tensor of whole steps of 2⁻¹⁶ between ±1. One frame of each row
// is much larger: which it is doesn't depend on small steps of anything.
func signal(random *rand.Rand, b, c, f int) *kpn.Tensor {
	t := kpn.NewTensor(kpn.Shape{B: b, C: c, F: f})
	for i := range t.Data {
		t.Data[i] = float32(math.Round((2*random.Float64()-1)*0x1p16) / 0x1p16)
	}
	for row := range t.Rows() {
		t.Data[row*f+random.IntN(f)] = 3 * float32(1-row%2*2)
	}
	return t
}

// step is the step of a parameter's difference quotients.
//
// Their error is h²/6 of the third derivative, and about 2⁻⁵³/h. A step of a
// waveform is smoothed over a few increments, down to 3·10⁻⁴ cycles here, so
// that phases move by no more than 2⁻²⁴ cycles, at the job's last frame if by
// way of a frequency: (2·10⁻⁴)²/6. Times move by 3·10⁻³ frames, or, where that
// is possible in float32, 8·10⁻⁴. Other numbers are linear but for curve, with
// a third derivative of at most |ln³ 0.001| = 330.
func step(p *kpn.Parameter, r kpn.ParamRate, frames int) float64 {
	switch {
	case p.Unit == "Hz" && r == kpn.PerFrame:
		return 0x1p-10 // 2⁻²⁵ cycles in every frame from here on.
	case p.Unit == "Hz":
		return math.Exp2(math.Floor(math.Log2(0x1p-26 * rate / float64(frames))))
	case p.Unit == "1/s":
		return 0x1p-6 // What float32 holds of 10⁵, and 3·10⁻⁷ in a frame.
	case p.Unit == "semitones" && r == kpn.PerFrame:
		return 0x1p-20 // Of 9 kHz, half a thousandth of a hertz.
	case p.Unit == "semitones":
		return math.Exp2(math.Floor(math.Log2(0x1p-34 * rate / float64(frames))))
	case p.Unit == "×":
		return 0x1p-20 // A spline's curvature jumps: few frames meet one.
	case p.Min >= 1 && p.Unit == "cycles" && r == kpn.PerFrame:
		return 0x1p-20 // What float32 holds of up to 8 cycles.
	case p.Unit == "cycles" && r == kpn.PerFrame:
		return 0x1p-24
	case p.Unit == "cycles":
		return 0x1p-27
	case p.Unit == "s" && r == kpn.PerFrame:
		return 0x1p-24
	case p.Unit == "s":
		return 0x1p-26
	default:
		return 0x1p-16
	}
}

// cotangents are random numbers between ±1 for some outputs.
func cotangents(outputs int, shape kpn.Shape) kpn.TensorCotangents {
	var all kpn.TensorCotangents
	for o := range outputs {
		all = append(all, tensor(shape, uint64(1000+o), -1, 1))
	}
	return all
}

// adjoint compiles a graph and takes a job back.
func adjoint(t *testing.T, g *kpn.Graph, job *kpn.AdjointJob) *kpn.Gradients {
	t.Helper()
	x, err := compiled(g)
	require.NoError(t, err)
	all, err := x.Adjoint(t.Context(), job)
	require.NoError(t, err)
	for i := range all.List {
		v := &all.List[i]
		require.Nil(t, v.F32, v.Ref)
		require.Len(t, v.F64, v.Shape.Len(), v.Ref)
	}
	return all
}

// moved is a job with one frame of a parameter or an input moved in all rows;
// frame 0 for those that aren't per frame.
func moved(g *kpn.Graph, job *kpn.Job, v *kpn.Gradient, frame int, by float64) (*kpn.Graph, *kpn.Job) {
	g = &kpn.Graph{Nodes: slices.Clone(g.Nodes), Edges: g.Edges, Outputs: g.Outputs, Control: g.Control}
	own := *job
	n, _ := g.Node(v.Ref.Node)
	shift := func(t *kpn.Tensor) *kpn.Tensor {
		t = &kpn.Tensor{Shape: t.Shape, Data: slices.Clone(t.Data)}
		for row := range t.Rows() {
			t.Data[row*t.F+frame] += float32(by)
		}
		return t
	}
	switch {
	case v.Ref.Param == "":
		own.Inputs = maps.Clone(job.Inputs)
		own.Inputs[n.ID] = shift(job.Inputs[n.ID])
	case v.Rate == kpn.Constant:
		n.Params = maps.Clone(n.Params)
		n.Params[v.Ref.Param] = kpn.Const(n.Params[v.Ref.Param].Value + by)
	case v.Rate == kpn.PerItem:
		own.Items = maps.Clone(job.Items)
		own.Items[v.Ref] = slices.Clone(job.Items[v.Ref])
		for i := range own.Items[v.Ref] {
			own.Items[v.Ref][i] += by
		}
	case v.Rate == kpn.PerFrame:
		own.Frames = maps.Clone(job.Frames)
		own.Frames[v.Ref] = shift(job.Frames[v.Ref])
	}
	return g, &own
}

// quotients are the difference quotients of L at one frame of a parameter, one
// for each of the gradient's rows. Rows of a job do not meet, so that moving
// all of them at once tells them apart.
func quotients(t *testing.T, g *kpn.Graph, job *kpn.Job, w kpn.TensorCotangents, v *kpn.Gradient, frame int) []float64 {
	t.Helper()
	h := 0x1p-16
	n, _ := g.Node(v.Ref.Node)
	for _, p := range g.Parameters(n) {
		if p.Name == v.Ref.Param {
			h = step(p.Spec, v.Rate, job.Shape.F)
		}
	}
	high, jobHigh := moved(g, job, v, frame, h)
	low, jobLow := moved(g, job, v, frame, -h)
	above, below := render(t, high, jobHigh), render(t, low, jobLow)
	list := make([]float64, v.Shape.Rows())
	for o, of := range w {
		for row := range job.Shape.Rows() {
			b, c := min(row/job.Shape.C, v.Shape.B-1), min(row%job.Shape.C, v.Shape.C-1)
			to := &list[b*v.Shape.C+c]
			for f, x := range of.Row(row/job.Shape.C, row%job.Shape.C) {
				at := row*job.Shape.F + f
				*to += float64(x) * (above[o][at] - below[o][at]) / (2 * h)
			}
		}
	}
	return list
}

// requireGradients compares every gradient of a job with difference
// quotients, to 1e-6 in the norm; per-frame ones at every stride-th frame and
// the last. It returns the norms, by parameter.
func requireGradients(t *testing.T, name string, g *kpn.Graph, job *kpn.Job, w kpn.TensorCotangents, stride int) map[kpn.ParamRef]float64 {
	t.Helper()
	return requireGradientsBut(t, name, g, job, w, stride, "")
}

// requireGradientsBut leaves out the parameters of a name.
func requireGradientsBut(t *testing.T, name string, g *kpn.Graph, job *kpn.Job, w kpn.TensorCotangents, stride int, but string) map[kpn.ParamRef]float64 {
	t.Helper()
	all := adjoint(t, g, &kpn.AdjointJob{Job: job, Cotangents: w})
	norms := map[kpn.ParamRef]float64{}
	for i := range all.List {
		v := &all.List[i]
		if but != "" && v.Ref.Param == but {
			continue
		}
		if v.Code != kpn.Done {
			require.Equal(t, make([]float64, v.Shape.Len()), v.F64, "%s, %v", name, v.Ref)
			continue
		}
		norm, off := 0.0, 0.0
		for _, frame := range strided(v.Shape.F, stride) {
			for row, want := range quotients(t, g, job, w, v, frame) {
				got := v.F64[row*v.Shape.F+frame]
				norm = math.Hypot(norm, want)
				off = math.Hypot(off, got-want)
			}
		}
		norms[v.Ref] = norm
		require.LessOrEqual(t, off, 1e-6*norm, "%s, %v: %v of %v, shape %v", name, v.Ref, off, norm, v.Shape)
	}
	return norms
}

// strided lists every stride-th of so many frames, and the last.
func strided(frames, stride int) []int {
	var list []int
	for f := 0; f < frames-1; f += stride {
		list = append(list, f)
	}
	return append(list, frames-1)
}

// describe names a case.
func describe(parts ...any) string { return fmt.Sprint(parts...) }

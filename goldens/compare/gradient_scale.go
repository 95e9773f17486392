package compare

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"

	"sawmill/kpn"
)

// scaleDraws is how many random signs a scale is measured with. A single
// value's draw can be unluckily small: below 5 % of its mean square root one
// time in 25, all three one in 15,000.
const scaleDraws = 3

// GradientScales measures on an engine, for each parameter, the norm of the
// terms that its gradient sums up: the root mean square of the gradient's norm
// over draws of random signs for the job's cotangents, and of random frames
// for the rows' largest magnitudes. [GradientTolerance] says why.
//
// The two edges of a pulse that is nearly as wide as its cycle, or has nearly
// no width, cancel within one frame, which no signs of frames undo. Where
// there are pulses, the draws are taken with all widths at one half as well,
// and the larger scale counts.
func GradientScales(ctx context.Context, ref kpn.Engine, g *kpn.Graph, job *kpn.AdjointJob) (map[kpn.ParamRef]float64, error) {
	scales, err := signScales(ctx, ref, g, job)
	if err != nil {
		return nil, err
	}
	apart, moved := edgesApart(g, job)
	if apart == nil {
		return scales, nil
	}
	others, err := signScales(ctx, ref, apart, moved)
	if err != nil {
		return nil, err
	}
	for name, s := range others {
		if node, ok := g.Node(name.Node); ok && node.Kind == kpn.KindOsc && name.Param == "width" {
			continue // It is another parameter there.
		}
		scales[name] = max(scales[name], s)
	}
	return scales, nil
}

// edgesApart is a graph and its job with the widths of all pulses at one half;
// nil if there is none.
func edgesApart(g *kpn.Graph, job *kpn.AdjointJob) (*kpn.Graph, *kpn.AdjointJob) {
	apart := &kpn.Graph{Nodes: slices.Clone(g.Nodes), Edges: g.Edges, Outputs: g.Outputs, Control: g.Control}
	own, moved := *job.Job, *job
	own.Items, own.Frames = maps.Clone(own.Items), maps.Clone(own.Frames)
	moved.Job = &own
	found := false
	for i := range apart.Nodes {
		n := &apart.Nodes[i]
		shape := n.Params["shape"]
		if n.Kind != kpn.KindOsc || shape.Rate == kpn.Constant && shape.Value != kpn.OscPulse {
			continue
		}
		found = true
		name := kpn.ParamRef{Node: n.ID, Param: "width"}
		delete(own.Items, name)
		delete(own.Frames, name)
		n.Params = maps.Clone(n.Params)
		n.Params["width"] = kpn.Const(0.5)
	}
	if !found {
		return nil, nil
	}
	return apart, &moved
}

// signScales draws the signs and frames.
func signScales(ctx context.Context, ref kpn.Engine, g *kpn.Graph, job *kpn.AdjointJob) (map[kpn.ParamRef]float64, error) {
	x, err := ref.Compile(g)
	if err != nil {
		return nil, err
	}
	defer func() { _ = x.Close() }()
	scales := map[kpn.ParamRef]float64{}
	for draw := range uint64(scaleDraws) {
		signed := *job
		signed.Cotangents = &randomSigns{Cotangents: job.Cotangents, key: kpn.SeedKey(draw), job: job.Job}
		signed.PeakFrames = randomFrames(g, job.Shape, draw)
		all, err := x.Adjoint(ctx, &signed)
		if err != nil {
			return nil, fmt.Errorf("measuring what gradients sum up: %w", err)
		}
		for i := range all.List {
			n := normOf(&all.List[i])
			scales[all.List[i].Ref] += float64(n * n / scaleDraws)
		}
	}
	for ref, square := range scales {
		scales[ref] = math.Sqrt(square)
	}
	return scales, nil
}

// randomSigns are cotangents with a random sign for each sample, the same
// whenever the sample is asked for.
type randomSigns struct {
	kpn.Cotangents
	key [2]uint32
	job *kpn.Job
}

// Read implements [kpn.Cotangents].
func (r *randomSigns) Read(output int, w kpn.Window, dst []float32) error {
	if err := r.Cotangents.Read(output, w, dst); err != nil {
		return err
	}
	stream := kpn.Stream(fmt.Sprintf("sign:%d", output))
	channels := len(dst) / (w.Items * w.Frames)
	for row := range w.Items * channels {
		item := r.job.FirstItem + uint64(w.Item+row/channels)
		signs(dst[row*w.Frames:(row+1)*w.Frames], w.First, func(block uint32) [4]uint32 {
			return kpn.Philox4x32(kpn.NoiseCounter(block, item, row%channels, stream), r.key)
		})
	}
	return nil
}

// signs flips the signs of frames from first on: one bit each of the
// generator's blocks of 128.
func signs(row []float32, first int, words func(block uint32) [4]uint32) {
	const bits = 128
	var w [4]uint32
	for i := range row {
		f := first + i
		if i == 0 || f%bits == 0 {
			w = words(uint32(f / bits))
		}
		if w[f%bits/32]>>(f%32)&1 == 1 {
			row[i] = -row[i]
		}
	}
}

// randomFrames names a random frame of every row for every whole-row node.
func randomFrames(g *kpn.Graph, s kpn.Shape, draw uint64) map[string][]int {
	all := map[string][]int{}
	for i := range g.Nodes {
		n := &g.Nodes[i]
		if spec, ok := kpn.Lookup(n.Kind); !ok || !spec.WholeRow {
			continue
		}
		frames := make([]int, s.Rows())
		for row := range frames {
			u := kpn.UnitDraw(draw, uint64(row), "frame:"+n.ID)
			frames[row] = int(u * float64(s.F))
		}
		all[n.ID] = frames
	}
	return all
}

// RandomCotangents are dense cotangents for so many outputs of a shape, each
// sample drawn by itself, uniform in [−1, 1), for a seed. An error of an
// adjoint cannot hide where cotangents happen to be zero, constant or smooth.
func RandomCotangents(seed uint64, outputs int, s kpn.Shape) kpn.TensorCotangents {
	all := make(kpn.TensorCotangents, outputs)
	for o := range all {
		stream := kpn.Stream(fmt.Sprintf("cotangent:%d", o))
		all[o] = kpn.NewTensor(s)
		for row := range s.Rows() {
			fillNoise(all[o].Row(row/s.C, row%s.C), func(block uint32) [4]uint32 {
				return kpn.Philox4x32(kpn.NoiseCounter(block, uint64(row/s.C), row%s.C, stream), kpn.SeedKey(seed))
			})
		}
	}
	return all
}

// fillNoise fills a row with uniform noise that float32 holds.
func fillNoise(row []float32, words func(block uint32) [4]uint32) {
	var w [4]uint32
	for f := range row {
		if f%4 == 0 {
			w = words(uint32(f / 4))
		}
		row[f] = float32(int32(w[f%4])>>8) / (1 << 23)
	}
}

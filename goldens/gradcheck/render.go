package gradcheck

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"sawmill/kpn"
)

// point is where the function L is evaluated.
type point struct {
	graph *kpn.Graph
	job   *kpn.Job
}

// value is L at a point, less what it is at the check's own: one part for each
// row, as rows do not meet.
type value struct {
	rows []float64
	// rough is Σ cotangent²·size² of each row, over the samples that are not
	// what they are at the check's own point; size is the sample's magnitude,
	// or the RMS of its row if that is larger.
	rough []float64
	// peaks holds the frame of each row's largest magnitude for each
	// normalize node, in the order of the graph.
	peaks [][]int
	// limits says where modulated parameters are beyond their ranges, see
	// [checker.limits].
	limits []uint64
}

// probePrefix starts the names of nodes that pass on what a normalize node is
// given.
const probePrefix = "gradcheck_probe"

// evaluate renders a point and adds up its rows.
func (c *checker) evaluate(ctx context.Context, p point) (*value, error) {
	rows := p.job.Shape.Rows()
	v := &value{rows: make([]float64, rows), rough: make([]float64, rows)}
	if err := c.render(ctx, p, v, func(b *kpn.Block) { c.add(v, b) }); err != nil {
		return v, err
	}
	var err error
	v.limits, err = c.limits(ctx, p)
	return v, err
}

// remember renders the check's own point, which the others are compared with.
func (c *checker) remember(ctx context.Context) error {
	s := c.point.job.Shape
	c.base = &value{}
	for range c.point.graph.Outputs {
		c.samples = append(c.samples, make([]float64, s.Len()))
		c.meanSquares = append(c.meanSquares, make([]float64, s.Rows()))
	}
	err := c.render(ctx, c.point, c.base, func(b *kpn.Block) {
		for row := range s.Rows() {
			for f := range b.Shape.F {
				y := b.At(row*b.Shape.F + f)
				c.samples[b.Output][row*s.F+b.First+f] = y
				c.meanSquares[b.Output][row] += float64(y*y) / float64(s.F)
			}
		}
	})
	c.rough = make([]float64, s.Rows())
	for o, samples := range c.samples {
		for i, y := range samples {
			w := float64(c.cotangents[o].Data[i])
			c.rough[i/s.F] += float64(w * w * max(y*y, c.meanSquares[o][i/s.F]))
		}
	}
	if err == nil {
		c.base.limits, err = c.limits(ctx, c.point)
	}
	return err
}

// render renders a point. It hands the outputs' blocks to sink, and leaves the
// frames of the largest magnitudes in v.
func (c *checker) render(ctx context.Context, p point, v *value, sink func(*kpn.Block)) error {
	c.renders++
	outputs := len(p.graph.Outputs)
	rows := p.job.Shape.Rows()
	graph, probes := probed(p.graph)
	job := *p.job
	if job.BlockFrames == 0 {
		job.BlockFrames = 4096
	}
	// The outputs and as many probes as fit, then the other probes.
	all := append(slices.Clone(p.graph.Outputs), probes...)
	for from := 0; from < len(all); from += kpn.MaxOutputs {
		graph.Outputs = all[from:min(from+kpn.MaxOutputs, len(all))]
		var largest [][]float64
		for o := range graph.Outputs {
			if from+o >= outputs {
				v.peaks = append(v.peaks, make([]int, rows))
			}
			largest = append(largest, make([]float64, rows))
		}
		err := forward(ctx, c.reference, graph, &job, func(b *kpn.Block) error {
			if o := from + b.Output; o < outputs {
				sink(b)
			} else {
				findPeaks(b, largest[b.Output], v.peaks[o-outputs])
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("rendering for a difference: %w", err)
		}
	}
	return nil
}

// add adds one output's block. Samples differ by little, so that their
// difference is exact: a sum of differences keeps what a difference of sums
// would lose.
func (c *checker) add(v *value, b *kpn.Block) {
	frames := c.point.job.Shape.F
	for row := range v.rows {
		sum, rough := v.rows[row], v.rough[row]
		weights := c.cotangents[b.Output].Row(row/b.Shape.C, row%b.Shape.C)[b.First:]
		before := c.samples[b.Output][row*frames+b.First:]
		least := c.meanSquares[b.Output][row]
		for f := range b.Shape.F {
			y := b.At(row*b.Shape.F + f)
			d := y - before[f]
			if d == 0 {
				continue
			}
			w := float64(weights[f])
			sum += float64(w * d)
			rough += float64(w * w * max(y*y, least))
		}
		v.rows[row], v.rough[row] = sum, rough
	}
}

func findPeaks(b *kpn.Block, largest []float64, frames []int) {
	for row := range frames {
		for f := range b.Shape.F {
			if x := math.Abs(b.At(row*b.Shape.F + f)); x > largest[row] {
				largest[row], frames[row] = x, b.First+f
			}
		}
	}
}

// probed returns the graph with a probe for each normalize node, in order.
func probed(g *kpn.Graph) (*kpn.Graph, []string) {
	p := &kpn.Graph{Nodes: slices.Clone(g.Nodes), Edges: slices.Clone(g.Edges), Control: g.Control}
	var probes []string
	for i, id := range normalizers(g) {
		probe := freshName(g, fmt.Sprintf("%s_%d", probePrefix, i))
		probes = append(probes, probe)
		p.Nodes = append(p.Nodes, kpn.Node{ID: probe, Kind: kpn.KindGain})
		for _, e := range g.Inputs(id) {
			e.To = probe
			p.Edges = append(p.Edges, e)
		}
	}
	return p, probes
}

// normalizers lists the nodes that divide by a row's largest magnitude.
func normalizers(g *kpn.Graph) []string {
	var ids []string
	for i := range g.Nodes {
		if g.Nodes[i].Kind == kpn.KindNormalize {
			ids = append(ids, g.Nodes[i].ID)
		}
	}
	return ids
}

func forward(ctx context.Context, engine kpn.Engine, g *kpn.Graph, job *kpn.Job, sink kpn.Sink) (err error) {
	x, err := engine.Compile(g)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, x.Close()) }()
	return x.Forward(ctx, job, sink)
}

package gradcheck

import (
	"context"
	"fmt"
	"slices"

	"sawmill/kpn"
)

// limited is a modulated parameter that its range may limit.
type limited struct {
	node  *kpn.Node
	param kpn.NodeParam
	// probes are nodes that pass on its modulators, in their order.
	probes []string
}

// domain is the part of a point whose nodes step at one rate: the whole graph
// for audio nodes, and what [kpn.Graph.Split] makes of it for control nodes.
type domain struct {
	point
	control bool
}

// domains are those of a point.
func (p point) domains() []domain {
	all := []domain{{p, false}}
	if split, ok := p.graph.Split(); ok {
		all = append(all, domain{point{split.Control, split.Job(p.graph, p.job)}, true})
	}
	return all
}

// unlimited says whether a parameter's range is that of plain numbers, which
// nothing sensible reaches the end of.
func unlimited(p *kpn.Parameter) bool { return p.Min <= -1e9 && p.Max >= 1e9 }

// limitedIn lists the parameters of a domain that may be limited, and returns
// the graph with their probes.
func (d domain) limitedIn() (*kpn.Graph, []limited) {
	g := &kpn.Graph{Nodes: slices.Clone(d.graph.Nodes), Edges: slices.Clone(d.graph.Edges), Control: d.graph.Control}
	var list []limited
	for i := range d.graph.Nodes {
		n := &d.graph.Nodes[i]
		if n.Control {
			continue
		}
		for _, p := range d.graph.Parameters(n) {
			if len(p.Modulators) == 0 || unlimited(p.Spec) {
				continue
			}
			l := limited{node: n, param: p}
			for _, e := range p.Modulators {
				id := freshName(g, fmt.Sprintf("%s_%d", probePrefix, len(g.Nodes)))
				g.Nodes = append(g.Nodes, kpn.Node{ID: id, Kind: kpn.KindGain})
				g.Edges = append(g.Edges, kpn.Edge{From: e.From, To: id, Port: "in", DelayFrames: e.DelayFrames})
				l.probes = append(l.probes, id)
			}
			list = append(list, l)
		}
	}
	return g, list
}

// freshName is a name that no node has.
func freshName(g *kpn.Graph, id string) string {
	for {
		if _, taken := g.Node(id); !taken {
			return id
		}
		id += "_"
	}
}

// limits says for each row where modulated parameters are beyond which end of
// their range, as one number: rows that differ in it differ there. A step that
// changes it carries a value across the corner that the end of a range is.
func (c *checker) limits(ctx context.Context, p point) ([]uint64, error) {
	rows := make([]uint64, p.job.Shape.Rows())
	for _, d := range p.domains() {
		g, list := d.limitedIn()
		for at, l := range list {
			signals, err := c.signals(ctx, g, d.job, l.probes)
			if err != nil {
				return nil, fmt.Errorf("rendering what modulates %s.%s: %w", l.node.ID, l.param.Name, err)
			}
			d.mark(&l, at, signals, rows)
		}
	}
	return rows, nil
}

// signals renders probes: a dense tensor of each.
func (c *checker) signals(ctx context.Context, g *kpn.Graph, job *kpn.Job, probes []string) ([][]float64, error) {
	own := *job
	own.BlockFrames = 4096
	var signals [][]float64
	for some := range slices.Chunk(probes, kpn.MaxOutputs) {
		g.Outputs = some
		from := len(signals)
		for range some {
			signals = append(signals, make([]float64, job.Shape.Len()))
		}
		err := forward(ctx, c.reference, g, &own, func(b *kpn.Block) error {
			for row := range job.Shape.Rows() {
				to := signals[from+b.Output][row*job.Shape.F+b.First:]
				for f := range b.Shape.F {
					to[f] = b.At(row*b.Shape.F + f)
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return signals, nil
}

// mark adds one parameter's frames beyond its range to the rows' numbers.
func (d domain) mark(l *limited, at int, signals [][]float64, rows []uint64) {
	const prime = 1099511628211 // that of the FNV hash
	low, high := l.param.Spec.Min, l.param.Spec.Upper(d.job.Rate)
	ref := kpn.ParamRef{Node: l.node.ID, Param: l.param.Name}
	s := d.job.Shape
	for row := range rows {
		b, channel := row/s.C, row%s.C
		base := func(int) float64 { return l.param.Value }
		switch l.param.Rate {
		case kpn.Constant:
		case kpn.PerItem:
			x := d.job.ItemValue(ref, b, channel)
			base = func(int) float64 { return x }
		case kpn.PerFrame:
			values := d.job.Frames[ref].Row(b, channel)
			base = func(f int) float64 { return float64(values[f]) }
		}
		for f := range s.F {
			x := base(f)
			for k, e := range l.param.Modulators {
				if e.Modulation.Acts(channel) {
					x = e.Modulation.Apply(x, signals[k][row*s.F+f])
				}
			}
			side := uint64(0)
			switch {
			case x < low:
				side = 1
			case x > high:
				side = 2
			default:
				continue
			}
			where := uint64(at)<<40 ^ uint64(f)<<2 ^ side
			if d.control {
				where ^= 1 << 63
			}
			rows[row] = (rows[row] ^ where) * prime
		}
	}
}

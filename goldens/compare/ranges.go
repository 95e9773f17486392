package compare

import (
	"context"
	"fmt"
	"math"
	"slices"

	"sawmill/kpn"
)

// ranges holds where the signals of an item's nodes lie, as the reference gives
// them.
type ranges map[string]extent

// extent is where a signal lies: from the least to the largest sample of all
// channels, and the largest sum of the squares of a channel's.
type extent struct{ low, high, energy float64 }

// magnitude is the largest absolute value.
func (e extent) magnitude() float64 { return max(math.Abs(e.low), math.Abs(e.high)) }

// measureRanges renders every node of a graph on the reference, and returns the
// ranges of each item.
func measureRanges(ctx context.Context, ref kpn.Engine, g *kpn.Graph, job *kpn.Job) ([]ranges, error) {
	found := make([]ranges, job.Shape.B)
	for b := range found {
		found[b] = ranges{}
	}
	// An engine renders at 1 Hz and more. Slower control signals are bounded by
	// arithmetic.
	if split, ok := g.Split(); ok && g.Control.Rate >= 1 {
		if err := measureNodes(ctx, ref, split.Control, split.Job(g, job), found); err != nil {
			return nil, err
		}
	}
	return found, measureNodes(ctx, ref, g, job, found)
}

// measureNodes renders the nodes that are no control nodes.
func measureNodes(ctx context.Context, ref kpn.Engine, g *kpn.Graph, job *kpn.Job, found []ranges) error {
	var ids []string
	for i := range g.Nodes {
		if n := &g.Nodes[i]; !n.Control {
			ids = append(ids, n.ID)
			for _, of := range found {
				of[n.ID] = extent{low: math.Inf(1), high: math.Inf(-1)}
			}
		}
	}
	blocks := *job
	if blocks.BlockFrames == 0 {
		blocks.BlockFrames = referenceBlock
	}
	for some := range slices.Chunk(ids, kpn.MaxOutputs) {
		probed := *g
		probed.Outputs = some
		energies := make([]float64, len(some)*job.Shape.Rows())
		err := forward(ctx, ref, &probed, &blocks, func(b *kpn.Block) error {
			rows := b.Shape.Rows()
			for row := range rows {
				of := found[row/b.Shape.C]
				at, energy := of[some[b.Output]], &energies[b.Output*rows+row]
				for i := range b.Shape.F {
					x := b.At(row*b.Shape.F + i)
					at.low, at.high = min(at.low, x), max(at.high, x)
					*energy += x * x
				}
				at.energy = max(at.energy, *energy)
				of[some[b.Output]] = at
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("measuring the signals of %v: %w", some, err)
		}
	}
	return nil
}

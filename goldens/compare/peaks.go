package compare

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"sawmill/kpn"
)

// MeasurePeaks renders on an engine what the graph's normalize nodes are
// given, and returns the peaks that [Derive] needs.
func MeasurePeaks(ctx context.Context, ref kpn.Engine, g *kpn.Graph, job *kpn.Job) (Peaks, error) {
	rows, err := measurePeaks(ctx, ref, g, job)
	return rows.smallest(0, job.Shape.Rows()), err
}

// rowPeaks holds the peak of each row that a normalize node is given.
type rowPeaks map[string][]float64

func measurePeaks(ctx context.Context, ref kpn.Engine, g *kpn.Graph, job *kpn.Job) (rowPeaks, error) {
	if err := g.Validate(); err != nil {
		return nil, err
	}
	probed, probes := probeNormalizers(g)
	peaks := rowPeaks{}
	for some := range slices.Chunk(probes, kpn.MaxOutputs) {
		probed.Outputs = nil
		for _, p := range some {
			probed.Outputs = append(probed.Outputs, p.output)
		}
		found, err := outputPeaks(ctx, ref, probed, job)
		if err != nil {
			return nil, fmt.Errorf("measuring what the graph normalizes: %w", err)
		}
		for i, p := range some {
			peaks[p.normalizer] = found[i]
		}
	}
	return peaks, nil
}

// smallest are the smallest peaks of some rows, those of zeros aside: 0 if there
// are only those.
func (r rowPeaks) smallest(first, end int) Peaks {
	peaks := Peaks{}
	for id, rows := range r {
		peaks[id] = 0
		for _, p := range rows[first:end] {
			if p > 0 && (peaks[id] == 0 || p < peaks[id]) {
				peaks[id] = p
			}
		}
	}
	return peaks
}

// probe is a node that passes on what a normalize node is given.
type probe struct {
	normalizer, output string
}

// probeNormalizers returns the graph with a probe for each normalize node.
func probeNormalizers(g *kpn.Graph) (*kpn.Graph, []probe) {
	probed := &kpn.Graph{Nodes: slices.Clone(g.Nodes), Edges: slices.Clone(g.Edges), Control: g.Control}
	var probes []probe
	for i := range g.Nodes {
		n := &g.Nodes[i]
		if n.Kind != kpn.KindNormalize {
			continue
		}
		p := probe{normalizer: n.ID, output: fmt.Sprintf("probe_%d", i)}
		for taken := true; taken; {
			if _, taken = g.Node(p.output); taken {
				p.output += "_"
			}
		}
		probes = append(probes, p)
		probed.Nodes = append(probed.Nodes, kpn.Node{ID: p.output, Kind: kpn.KindGain})
		for _, e := range g.Inputs(n.ID) {
			e.To = p.output
			probed.Edges = append(probed.Edges, e)
		}
	}
	return probed, probes
}

// outputPeaks returns the peaks of each output's rows.
func outputPeaks(ctx context.Context, ref kpn.Engine, g *kpn.Graph, job *kpn.Job) (rows [][]float64, err error) {
	executable, err := ref.Compile(g)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, executable.Close()) }()
	rows = make([][]float64, len(g.Outputs))
	for i := range rows {
		rows[i] = make([]float64, job.Shape.Rows())
	}
	blocks := *job
	if blocks.BlockFrames == 0 {
		blocks.BlockFrames = referenceBlock
	}
	err = executable.Forward(ctx, &blocks, func(b *kpn.Block) error {
		for row, peaks := 0, rows[b.Output]; row < len(peaks); row++ {
			for f := range b.Shape.F {
				peaks[row] = max(peaks[row], math.Abs(b.At(row*b.Shape.F+f)))
			}
		}
		return nil
	})
	return rows, err
}

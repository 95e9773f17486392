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
	if err := g.Validate(); err != nil {
		return nil, err
	}
	probed, probes := probeNormalizers(g)
	peaks := Peaks{}
	for some := range slices.Chunk(probes, kpn.MaxOutputs) {
		probed.Outputs = nil
		for _, p := range some {
			probed.Outputs = append(probed.Outputs, p.output)
		}
		found, err := smallestPeaks(ctx, ref, probed, job)
		if err != nil {
			return nil, fmt.Errorf("measuring what the graph normalizes: %w", err)
		}
		for i, p := range some {
			peaks[p.normalizer] = found[i]
		}
	}
	return peaks, nil
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

// smallestPeaks returns for each output the peak of the row with the
// smallest, rows of zeros aside: 0 if there are only those.
func smallestPeaks(ctx context.Context, ref kpn.Engine, g *kpn.Graph, job *kpn.Job) (found []float64, err error) {
	executable, err := ref.Compile(g)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, executable.Close()) }()
	rows := make([][]float64, len(g.Outputs))
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
	if err != nil {
		return nil, err
	}
	for _, peaks := range rows {
		smallest := 0.0
		for _, p := range peaks {
			if p > 0 && (smallest == 0 || p < smallest) {
				smallest = p
			}
		}
		found = append(found, smallest)
	}
	return found, nil
}

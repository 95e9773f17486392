package compare

import (
	"context"
	"fmt"
	"math"
	"slices"

	"sawmill/kpn"
)

// confirmPeaks checks the frames that the candidate took for the largest
// magnitudes of whole rows against the signals that the reference renders, and
// returns those that both sides are to use.
//
// On the candidate the magnitude at its frame was the largest. Its signal is
// within the tolerance t of the reference's, at its frame and at that of the
// reference's own largest; so on the reference the two are at most 2t apart.
func (r Run) confirmPeaks(ctx context.Context, g *kpn.Graph, job *kpn.AdjointJob, frames map[string][]int) (map[string][]int, error) {
	if job.PeakFrames != nil || !wholeRows(g) {
		return job.PeakFrames, nil
	}
	for _, n := range g.Nodes {
		if spec, ok := kpn.Lookup(n.Kind); ok && spec.WholeRow && n.Kind != kpn.KindNormalize {
			return nil, &ConfigError{r.Case, fmt.Sprintf("node %q: what kind %s looks at cannot be probed; name its frames in the job", n.ID, n.Kind)}
		}
	}
	smallest, err := MeasurePeaks(ctx, r.Reference, g, job.Job)
	if err != nil {
		return nil, err
	}
	probed, probes := probeNormalizers(g)
	for some := range slices.Chunk(probes, kpn.MaxOutputs) {
		// What no output depends on has no peak that counts.
		some = slices.DeleteFunc(slices.Clone(some), func(p probe) bool { return !reaches(g, p.normalizer) })
		probed.Outputs = nil
		for _, p := range some {
			probed.Outputs = append(probed.Outputs, p.output)
		}
		if len(some) == 0 {
			continue
		}
		tolerances, err := Derive(probed, job.Job, smallest)
		if err != nil {
			return nil, err
		}
		found, err := findPeaks(ctx, r.Reference, probed, job.Job, some, frames)
		if err != nil {
			return nil, err
		}
		for i, p := range some {
			if err := r.confirm(p, found[i], frames[p.normalizer], job.Shape, 2*tolerances[i].MaxAbs); err != nil {
				return nil, err
			}
		}
	}
	return frames, nil
}

// confirm checks the rows of one node.
func (r Run) confirm(p probe, rows []rowPeak, frames []int, s kpn.Shape, allowed float64) error {
	for row, found := range rows {
		e := &PeakError{
			Case: r.Case, Node: p.normalizer, B: row / s.C, C: row % s.C, Got: -1, Want: found.frame,
			GotMagnitude: found.named, WantMagnitude: found.largest, Allowed: allowed,
		}
		if len(frames) != len(rows) || frames[row] < 0 || frames[row] >= s.F {
			return e
		}
		if e.Got = frames[row]; found.largest-found.named > allowed {
			return e
		}
	}
	return nil
}

// rowPeak is a row's largest magnitude, the first frame where it is, and the
// magnitude at the frame that another engine named.
type rowPeak struct {
	largest, named float64
	frame          int
}

// findPeaks renders the probes and finds the rows' peaks.
func findPeaks(ctx context.Context, ref kpn.Engine, probed *kpn.Graph, job *kpn.Job, probes []probe, frames map[string][]int) ([][]rowPeak, error) {
	found := make([][]rowPeak, len(probes))
	for i := range found {
		found[i] = make([]rowPeak, job.Shape.Rows())
	}
	blocks := *job
	if blocks.BlockFrames == 0 {
		blocks.BlockFrames = referenceBlock
	}
	err := forward(ctx, ref, probed, &blocks, func(b *kpn.Block) error {
		named := frames[probes[b.Output].normalizer]
		for row := range found[b.Output] {
			p := &found[b.Output][row]
			for f := range b.Shape.F {
				x := math.Abs(b.At(row*b.Shape.F + f))
				if x > p.largest {
					p.largest, p.frame = x, b.First+f
				}
				if row < len(named) && named[row] == b.First+f {
					p.named = x
				}
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", Reference, err)
	}
	return found, nil
}

// wholeRows says whether the graph has a node that looks at whole rows.
func wholeRows(g *kpn.Graph) bool {
	return slices.ContainsFunc(g.Nodes, func(n kpn.Node) bool {
		spec, ok := kpn.Lookup(n.Kind)
		return ok && spec.WholeRow
	})
}

// reaches says whether an output depends on a node.
func reaches(g *kpn.Graph, id string) bool {
	open, seen := []string{id}, map[string]bool{id: true}
	for len(open) > 0 {
		from := open[0]
		open = open[1:]
		if slices.Contains(g.Outputs, from) {
			return true
		}
		for _, e := range g.Edges {
			if e.From == from && !seen[e.To] {
				seen[e.To] = true
				open = append(open, e.To)
			}
		}
	}
	return false
}

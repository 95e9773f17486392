package fuzz

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"sawmill/goldens/compare"
	"sawmill/kpn"
)

// float32 holds numbers from smallest on with full precision; largest is a
// signal that may still be squared, and one that partial sums may exceed.
const (
	smallest = 0x1p-126
	largest  = 0x1p100
	// quiet is the peak of a row that can be scaled up with what float32 lost
	// of it staying below a rounding.
	quiet = smallest * 0x1p24
)

// tolerances derives those of the outputs, as a file of cases gives them: a
// little looser, with few digits. Where none makes sense, unjudged says why,
// and everything that is finite is allowed.
func (p Pair) tolerances(ctx context.Context, g *kpn.Graph, job *kpn.Job) (list []compare.Tolerance, unjudged, err error) {
	derived, err := compare.DeriveRanged(ctx, guarded{p.Reference}, g, job)
	var config *compare.ConfigError
	switch {
	case errors.As(err, &config):
		unjudged = err
	case err != nil:
		return nil, nil, err
	default:
		if unjudged, err = p.beyond(ctx, g, job); err != nil {
			return nil, nil, err
		}
	}
	if unjudged != nil {
		loose := compare.Tolerance{MaxAbs: math.MaxFloat64, Reason: unjudged.Error()}
		return slices.Repeat([]compare.Tolerance{loose}, len(g.Outputs)), unjudged, nil
	}
	for _, t := range derived {
		list = append(list, rounded(t))
	}
	return list, nil, nil
}

// unsigned lets zeros have any sign where equal bits are asked for: the sign of
// a product with 0 is that of the other factor, which may be off.
func unsigned(list []compare.Tolerance) []compare.Tolerance {
	list = slices.Clone(list)
	for i, t := range list {
		if t.Exact {
			list[i] = compare.Tolerance{MaxAbs: math.SmallestNonzeroFloat64, Reason: t.Reason}
		}
	}
	return list
}

// rounded is a tolerance with three digits and a tenth of a dB, upwards.
func rounded(t compare.Tolerance) compare.Tolerance {
	if t.Exact {
		return t
	}
	digit := math.Pow(10, math.Floor(math.Log10(t.MaxAbs))-2)
	t.MaxAbs = roundUp(t.MaxAbs, digit)
	t.RMSdB = math.Ceil(t.RMSdB*10) / 10
	return t
}

// roundUp gives a whole number of steps that is at least x, written as short
// as that number is.
func roundUp(x, step float64) float64 {
	var y float64
	if _, err := fmt.Sscan(fmt.Sprintf("%.2e", math.Ceil(x/step)*step), &y); err != nil || y < x {
		return x
	}
	return y
}

// beyond says what of a graph float32 cannot hold: signals so large that
// products of them are infinite, or so small that an error of a rounding is
// below the smallest number with full precision, which derived tolerances do
// not count.
func (p Pair) beyond(ctx context.Context, g *kpn.Graph, job *kpn.Job) (why, err error) {
	scaled := feedsWholeRow(g)
	for some := range slices.Chunk(needed(g), kpn.MaxOutputs) {
		seen := *g
		seen.Outputs = some
		bounds, err := compare.DeriveRanged(ctx, guarded{p.Reference}, &seen, job)
		if err != nil {
			return nil, err
		}
		rows, err := p.rowPeaks(ctx, &seen, job)
		if err != nil {
			return nil, err
		}
		for i, id := range some {
			switch t := bounds[i]; {
			case t.Validate() != nil:
				return fmt.Errorf("node %s: its tolerance of %v makes no sense", id, t), nil
			case !t.Exact && t.MaxAbs < smallest:
				return fmt.Errorf("node %s: its tolerance of %v is below what float32 holds", id, t), nil
			case t.MaxAbs > largest*0x1p-24:
				return fmt.Errorf("node %s: its tolerance of %v is that of signals near to float32's largest number", id, t), nil
			}
			for _, peak := range rows[i] {
				if peak > largest {
					return fmt.Errorf("node %s: its peak of %.3g is too near to float32's largest number", id, peak), nil
				}
				if scaled[id] && peak > 0 && peak < quiet {
					return fmt.Errorf("node %s: its row with a peak of %.3g is too quiet for float32 to scale up", id, peak), nil
				}
			}
		}
	}
	return nil, nil
}

// rowPeaks renders a graph on the reference and returns the largest magnitude
// of each row of each output; one that is not a number counts as the largest.
func (p Pair) rowPeaks(ctx context.Context, g *kpn.Graph, job *kpn.Job) ([][]float64, error) {
	peaks := make([][]float64, len(g.Outputs))
	for i := range peaks {
		peaks[i] = make([]float64, job.Shape.Rows())
	}
	s := newSide(p.Reference, g)
	if s.refusal != nil {
		return nil, s.refusal
	}
	err := s.executable.Forward(ctx, job, func(b *kpn.Block) error {
		for i := range b.Shape.Len() {
			peak := &peaks[b.Output][i/b.Shape.F]
			x := math.Abs(b.At(i))
			if math.IsNaN(x) {
				x = math.Inf(1)
			}
			*peak = max(*peak, x)
		}
		return nil
	})
	return peaks, errors.Join(err, s.close())
}

// feedsWholeRow names the nodes whose rows a node looks at as a whole.
func feedsWholeRow(g *kpn.Graph) map[string]bool {
	found := map[string]bool{}
	for _, e := range g.Edges {
		if n, ok := g.Node(e.To); ok && e.Modulation == nil {
			if spec, ok := kpn.Lookup(n.Kind); ok && spec.WholeRow {
				found[e.From] = true
			}
		}
	}
	return found
}

// needed lists the nodes that outputs depend on, but for control nodes, which
// nothing can output.
func needed(g *kpn.Graph) []string {
	list := slices.Clone(g.Outputs)
	for i := 0; i < len(list); i++ {
		n, _ := g.Node(list[i])
		for _, e := range g.Sources(n) {
			if from, _ := g.Node(e.From); !from.Control && !slices.Contains(list, e.From) {
				list = append(list, e.From)
			}
		}
	}
	return list
}

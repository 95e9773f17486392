package compare

import (
	"context"
	"math"

	"sawmill/kpn"
)

// Trifles returns for each parameter the norm below which its gradient means
// nothing in float32: ‖cotangent‖·τ/S, where τ is the derived RMS error of the
// outputs and S the parameter's size. [GradientTolerance] says why.
//
// The size is the largest magnitude of the parameter's values in a row, or its
// default if that is larger, or 1 cycle or 1 where the unit is that: what a
// change of the parameter must be to matter. It fails with the errors of
// [DeriveRanged].
func Trifles(ctx context.Context, ref kpn.Engine, g *kpn.Graph, job *kpn.AdjointJob) (map[kpn.ParamRef]float64, error) {
	tolerances, err := DeriveRanged(ctx, ref, g, job.Job)
	if err != nil {
		return nil, err
	}
	// What each row's part of L is known to.
	rows := make([]float64, job.Shape.Rows())
	for o, t := range tolerances {
		squares, err := rowSquares(job, o)
		if err != nil {
			return nil, err
		}
		for row := range rows {
			rows[row] += math.Sqrt(squares[row]) * rmsOf(t)
		}
	}
	trifles := map[kpn.ParamRef]float64{}
	laidOut := kpn.NewGradients(g, job.Job)
	for i := range laidOut.List {
		v := &laidOut.List[i]
		trifles[v.Ref] = trifle(g, job.Job, v, rows)
	}
	return trifles, nil
}

// rmsOf is the RMS error that a tolerance allows.
func rmsOf(t Tolerance) float64 {
	if t.RMSdB == 0 {
		return t.MaxAbs
	}
	return math.Pow(10, t.RMSdB/20)
}

// rowSquares adds up the squares of each row's cotangents of an output.
func rowSquares(job *kpn.AdjointJob, output int) ([]float64, error) {
	s := job.Shape
	squares := make([]float64, s.Rows())
	block := make([]float32, s.C*min(s.F, referenceBlock))
	for item := range s.B {
		for first := 0; first < s.F; first += referenceBlock {
			n := min(referenceBlock, s.F-first)
			part := block[:s.C*n]
			if err := job.Cotangents.Read(output, kpn.Window{Item: item, Items: 1, First: first, Frames: n}, part); err != nil {
				return nil, err
			}
			for i, x := range part {
				squares[item*s.C+i/n] += float64(x) * float64(x)
			}
		}
	}
	return squares, nil
}

// trifle is that of one parameter: over each of its rows, with what the rows
// of the job that it serves are known to.
func trifle(g *kpn.Graph, job *kpn.Job, v *kpn.Gradient, rows []float64) float64 {
	known := make([]float64, v.Shape.Rows())
	for row, x := range rows {
		b, c := min(row/job.Shape.C, v.Shape.B-1), min(row%job.Shape.C, v.Shape.C-1)
		at := b*v.Shape.C + c
		known[at] = math.Hypot(known[at], x)
	}
	var total norm
	for at, x := range known {
		total.add(x / parameterSize(g, job, v, at/v.Shape.C, at%v.Shape.C))
	}
	return total.value()
}

// parameterSize is the size of a parameter in one of its own rows.
func parameterSize(g *kpn.Graph, job *kpn.Job, v *kpn.Gradient, b, c int) float64 {
	size := 0.0
	take := func(x float64) { size = max(size, math.Abs(x)) }
	n, _ := g.Node(v.Ref.Node)
	if v.Ref.Param == "" {
		for _, x := range job.Inputs[v.Ref.Node].Row(b, c) {
			take(float64(x))
		}
	}
	for _, p := range g.Parameters(n) {
		if p.Name != v.Ref.Param {
			continue
		}
		take(p.Spec.Default)
		switch p.Rate {
		case kpn.Constant:
			take(p.Value)
		case kpn.PerItem:
			take(job.Items[v.Ref][b*v.Shape.C+c])
		case kpn.PerFrame:
			for _, x := range job.Frames[v.Ref].Row(b, c) {
				take(float64(x))
			}
		}
		if p.Spec.Unit == "" || p.Spec.Unit == "cycles" {
			take(1)
		}
	}
	if size == 0 {
		size = 1
	}
	return size
}

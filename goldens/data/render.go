package data

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"sawmill/goldens/cases"
	"sawmill/goldens/compare"
	"sawmill/kpn"
)

// Render computes a case's golden on an engine, which must compute in float64.
func Render(ctx context.Context, engine kpn.Engine, c *cases.Case) (g *Golden, err error) {
	device := engine.Device()
	g = &Golden{Case: c.Name, Reference: device.Name + ", " + device.Version, Shape: c.Shape, CotangentSeed: cases.CotangentSeed}
	executable, err := engine.Compile(c.Graph)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, executable.Close()) }()
	for _, name := range c.Graph.Outputs {
		g.Outputs = append(g.Outputs, Output{Name: name, Samples: make([]float64, c.Shape.Len())})
	}
	err = executable.Forward(ctx, c.GoldenJob(), func(b *kpn.Block) error {
		for i := range b.Shape.Len() {
			item, channel, f := b.Shape.Coordinates(i)
			g.Outputs[b.Output].Samples[c.Shape.Index(item, channel, b.First+f)] = b.At(i)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	all, err := executable.Adjoint(ctx, c.GoldenAdjointJob())
	if err != nil {
		return nil, err
	}
	return g, g.addGradients(ctx, engine, c, all)
}

// addGradients adds gradients and what they are measured against.
func (g *Golden) addGradients(ctx context.Context, engine kpn.Engine, c *cases.Case, all *kpn.Gradients) error {
	scales, err := compare.GradientScales(ctx, engine, c.Graph, c.GoldenAdjointJob())
	if err != nil {
		return err
	}
	trifles, err := compare.Trifles(ctx, engine, c.Graph, c.GoldenAdjointJob())
	if err != nil {
		return err
	}
	for i := range all.List {
		v := Gradient{Gradient: all.List[i]}
		if v.F64 == nil {
			return fmt.Errorf("%s: the gradient of %v is not in float64; goldens come from the reference", c.Name, v.Ref)
		}
		if v.Code == kpn.Done {
			v.Scale, v.Trifle = threeDigits(scales[v.Ref]), threeDigits(trifles[v.Ref])
		}
		g.Gradients = append(g.Gradients, v)
	}
	for i := range c.Graph.Nodes {
		id := c.Graph.Nodes[i].ID
		if frames, ok := all.PeakFrames[id]; ok {
			g.Peaks = append(g.Peaks, Peaks{Node: id, Frames: frames})
		}
	}
	return nil
}

// threeDigits rounds a size, so that goldens of two processors say the same.
func threeDigits(x float64) float64 {
	y, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 3, 64), 64)
	if err != nil {
		panic(err) // a number as it was just written
	}
	return y
}

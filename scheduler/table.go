package scheduler

import (
	"fmt"
	"slices"

	"sawmill/kpn"
)

// placeTable gives the table of a step a tensor of its own, in the form in
// which the kind's shader reads it.
func placeTable(l *Layout, step *Step) {
	t := step.Node.Table
	if t == nil {
		return
	}
	step.TableSlot = len(l.Tensors)
	l.Tensors = append(l.Tensors, Tensor{Ref: kpn.ParamRef{Node: step.Node.ID, Param: "table"}, Table: deviceTable(step.Node.Kind, t)})
}

// deviceTable is a table as shaders read it: a curve's numbers as three floats
// each, whose sum is exact; a wavetable's levels one after the other; and
// others as they are.
func deviceTable(kind kpn.Kind, t *kpn.Table) []float32 {
	numbers := t.Data
	if kind == kpn.KindWavetable {
		numbers = slices.Concat(waveLevels(t)...)
	}
	var data []float32
	for _, x := range numbers {
		high := float32(x)
		data = append(data, high)
		if kind == kpn.KindController {
			middle := float32(x - float64(high))
			data = append(data, middle, float32(x-float64(high)-float64(middle)))
		}
	}
	return data
}

// tableArguments are those of the prepare function of a kind with a table,
// before its parameters: the table's slot, rows and columns, and how often it
// is played in a second at its own rate.
func (s *Step) tableArguments() string {
	t := s.Node.Table
	if t == nil {
		return ""
	}
	perSecond := doubleLiteral(t.Rate / float64(t.Columns))
	if t.Rate == 0 {
		perSecond = "rate * " + doubleLiteral(1/float64(t.Columns))
	}
	return fmt.Sprintf(",\n\t\t%du, %du, %du, %s", s.TableSlot, t.Rows, t.Columns, perSecond)
}

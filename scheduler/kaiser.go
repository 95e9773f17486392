package scheduler

import (
	"slices"

	"sawmill/kpn"
)

// mayBeKaiser says whether the step is an oscillator that may be smoothed by
// the table of windowed sincs, in a frame at least.
func (s *Step) mayBeKaiser() bool {
	return s.Node.Kind == kpn.KindOsc && slices.ContainsFunc(s.Params, func(p Param) bool {
		return p.Name == "band_limit" && p.mayBe(kpn.BandLimitKaiser)
	})
}

// placeKaiser gives the table a tensor: for each point the residual of a
// corner, that of a step, and the slope of the latter from point to point.
func placeKaiser(s *Schedule) {
	if !slices.ContainsFunc(s.Steps, (*Step).mayBeKaiser) {
		return
	}
	var table []float32
	for _, p := range kpn.KaiserTable() {
		table = append(table, float32(p.Corner), float32(p.Step), float32(p.Kernel/kpn.KaiserPoints))
	}
	s.Layout.KaiserSlot = len(s.Layout.Tensors)
	s.Layout.Tensors = append(s.Layout.Tensors, Tensor{Ref: kpn.ParamRef{Param: "kaiser32"}, Table: table})
}

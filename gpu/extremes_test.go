package gpu_test

import (
	"testing"

	"sawmill/kpn"
)

// TestNearlyNothing has what cases cannot: values that no difference quotient
// can resolve. Ramps of an envelope that are shorter than its ε are over
// before they start; weights of an lfo count from the largest, however small
// that is, and those that are smaller than the least do not count.
func TestNearlyNothing(t *testing.T) {
	job := &kpn.Job{Shape: kpn.Shape{B: 6, C: 1, F: 64}, Rate: 1000, Items: map[kpn.ParamRef][]float64{
		{Node: "ramps", Param: "attack"}:  {0, 1e-300, 1e-12, 1e-9, 1.0001e-9, 2e-9},
		{Node: "ramps", Param: "decay"}:   {1e-300, 1e-12, 1e-9, 1.0001e-9, 2e-9, 0},
		{Node: "ramps", Param: "release"}: {1e-12, 1e-9, 1.0001e-9, 2e-9, 0, 1e-300},
		{Node: "ramps", Param: "gate"}:    {0.02, 0.0205, 1e-9, 0, 0.01, 0.03},
		{Node: "mix", Param: "sin"}:       {1e-20, 1e-29, 0.99e-30, 1, 1e-10, 0},
		{Node: "mix", Param: "saw"}:       {2e-20, 3e-29, 0.99e-30, 1e-30, 0.99e-30, 1e-30},
	}}
	perItem := kpn.Param{Rate: kpn.PerItem}
	agree(t, &kpn.Graph{
		Nodes: []kpn.Node{
			{ID: "ramps", Kind: kpn.KindEnvelope, Params: map[string]kpn.Param{
				"attack": perItem, "decay": perItem, "release": perItem, "gate": perItem, "alpha": kpn.Const(0.5),
			}},
			{ID: "mix", Kind: kpn.KindLfo, Params: map[string]kpn.Param{
				"freq": kpn.Const(37), "sin": perItem, "saw": perItem, "exponent": kpn.Const(1.5),
			}},
		},
		Outputs: []string{"ramps", "mix"},
	}, job)
}

package compare

import (
	"math"
	"slices"

	"sawmill/kpn"
)

// singleParams are the parameters of an osc that devices reckon in float32
// where it has single precision and changes from frame to frame.
var singleParams = []string{"freq", "pitch", "pitch_low", "pitch_high"}

// single says whether a parameter is one of them. Control nodes are float64.
func (d *derivation) single(n *kpn.Node, params []kpn.NodeParam, name string) bool {
	return d.fine >= 1 && n.Kind == kpn.KindOsc && slices.Contains(singleParams, name) && d.graph.Single(n) &&
		slices.ContainsFunc(params, func(p kpn.NodeParam) bool { return p.Changes() })
}

// singleSteps adds to a shifted frequency what float32 makes of it. The
// parameters' own roundings are in their errors. The pitch in octaves is rounded
// with its factor, at most ln 2 of which reaches the power of two; that is good
// to 1.25 units, of 2 roundings each. Then come the product, the bound of half
// the sample rate, the sample rate's reciprocal, and the product with it. What is
// left of the increment lies below 2⁻⁵⁵ cycles.
func (d *derivation) singleSteps(n *kpn.Node, f values, octaves float64) values {
	if !d.single(n, d.graph.Parameters(n), "freq") {
		return f
	}
	const roundings = 2*1.25 + 4
	off := f.max*(roundings+3*math.Ln2*octaves)*0x1p-24 + d.job.Rate*float64(n.Ratio())*0x1p-55
	f.errors.worst, f.errors.bias = f.errors.worst+off, f.errors.bias+off
	f.rounding = f.errors.sample()
	return f
}

package fuzz

import (
	"math"
	"slices"

	"sawmill/kpn"
)

// modulation is one of the graph's modulations: a new one, by a new constant, if
// there is none. It is nil where no parameter can be modulated.
func (p *place) modulation() *kpn.Edge {
	var list []*kpn.Edge
	for i := range p.graph.Edges {
		if p.graph.Edges[i].Modulation != nil {
			list = append(list, &p.graph.Edges[i])
		}
	}
	if len(list) > 0 {
		return list[p.pick(len(list))]
	}
	to, name := "", ""
	p.param(func(q kpn.NodeParam) bool { return q.Spec.Modulatable() }, func(n *kpn.Node, q kpn.NodeParam) {
		to, name = n.ID, q.Name
	})
	if to == "" {
		return nil
	}
	from := p.add(kpn.Node{ID: "modulator", Kind: kpn.KindConstant}).ID
	p.graph.Edges = append(p.graph.Edges, kpn.Edge{From: from, To: to, Port: name, Modulation: &kpn.Modulation{Scale: 1, Channel: kpn.AllChannels}})
	return &p.graph.Edges[len(p.graph.Edges)-1]
}

// add adds a node under a name that no other has.
func (p *place) add(n kpn.Node) *kpn.Node {
	for {
		if _, taken := p.graph.Node(n.ID); !taken {
			break
		}
		n.ID += "_"
	}
	n.Params = map[string]kpn.Param{}
	p.graph.Nodes = append(p.graph.Nodes, n)
	return &p.graph.Nodes[len(p.graph.Nodes)-1]
}

// control is one of the graph's control nodes: a new one, if there is none.
func (p *place) control() *kpn.Node {
	if p.graph.Control.Rate == 0 {
		p.graph.Control.Rate = controlRates[0]
	}
	var list []*kpn.Node
	for i := range p.graph.Nodes {
		if p.graph.Nodes[i].Control {
			list = append(list, &p.graph.Nodes[i])
		}
	}
	if len(list) > 0 {
		return list[p.pick(len(list))]
	}
	return p.add(kpn.Node{ID: "slow", Kind: kpn.KindConstant, Control: true})
}

func modulationFault(mar func(p *place, e *kpn.Edge)) func(p *place) bool {
	return func(p *place) bool {
		e := p.modulation()
		if e == nil {
			return false
		}
		mar(p, e)
		return true
	}
}

var modulationFaults = []fault{
	{"unknown_mode", modulationFault(func(p *place, e *kpn.Edge) { e.Modulation.Mode = kpn.ModulationMode(2 - 3*p.pick(2)) })},
	{"scale_nan", modulationFault(func(_ *place, e *kpn.Edge) { e.Modulation.Scale = math.NaN() })},
	{"scale_infinite", modulationFault(func(p *place, e *kpn.Edge) { e.Modulation.Scale = math.Inf(1 - 2*p.pick(2)) })},
	{"scale_too_large", modulationFault(func(_ *place, e *kpn.Edge) { e.Modulation.Scale = math.Nextafter(1e9, math.Inf(1)) })},
	{"modulates_nothing", modulationFault(func(_ *place, e *kpn.Edge) { e.Port = "nothing" })},
	{"modulates_a_port", modulationFault(func(_ *place, e *kpn.Edge) { e.Port = "in_0" })},
	{"modulates_a_choice", func(p *place) bool {
		return p.param(func(q kpn.NodeParam) bool { return q.Spec.Choices != nil }, func(n *kpn.Node, q kpn.NodeParam) {
			id := n.ID
			from := p.add(kpn.Node{ID: "modulator", Kind: kpn.KindConstant}).ID
			p.graph.Edges = append(p.graph.Edges, kpn.Edge{From: from, To: id, Port: q.Name, Modulation: &kpn.Modulation{Scale: 1, Channel: kpn.AllChannels}})
		})
	}},
	{"channel_too_low", modulationFault(func(_ *place, e *kpn.Edge) { e.Modulation.Channel = kpn.AllChannels - 1 })},
	{"channel_too_high", modulationFault(func(_ *place, e *kpn.Edge) { e.Modulation.Channel = kpn.MaxChannels })},
	{"modulates_itself", modulationFault(func(_ *place, e *kpn.Edge) { e.From, e.DelayFrames = e.To, 0 })},
	{"loop_shorter_than_its_latency", func(p *place) bool {
		n := p.add(kpn.Node{ID: "loop", Kind: kpn.KindOsc, Oversample: 4})
		p.graph.Edges = append(p.graph.Edges, kpn.Edge{
			From: n.ID, To: n.ID, Port: "freq", DelayFrames: n.Latency(), Modulation: &kpn.Modulation{Scale: 1, Channel: kpn.AllChannels},
		})
		return true
	}},
	{"whole_row_in_a_loop", func(p *place) bool {
		n := p.add(kpn.Node{ID: "loop", Kind: kpn.KindNormalize})
		p.graph.Edges = append(p.graph.Edges, kpn.Edge{From: n.ID, To: n.ID, Port: "in", DelayFrames: 1})
		return true
	}},
	{"no_such_modulator", modulationFault(func(_ *place, e *kpn.Edge) { e.From = "nobody" })},
	{"negative_modulation_delay", modulationFault(func(_ *place, e *kpn.Edge) { e.DelayFrames = -1 })},
}

// controlFault mars a graph that has a control node.
func controlFault(mar func(p *place, n *kpn.Node)) func(p *place) bool {
	return func(p *place) bool { mar(p, p.control()); return true }
}

var controlFaults = []fault{
	{"control_reads_audio", controlFault(func(p *place, _ *kpn.Node) {
		audio := slices.DeleteFunc(slices.Clone(p.graph.Nodes), func(n kpn.Node) bool { return n.Control })
		to := p.add(kpn.Node{ID: "slower", Kind: kpn.KindGain, Control: true}).ID
		p.graph.Edges = append(p.graph.Edges, kpn.Edge{From: audio[p.pick(len(audio))].ID, To: to, Port: "in"})
	})},
	{"control_delayed", controlFault(func(p *place, n *kpn.Node) {
		from := n.ID
		to := p.add(kpn.Node{ID: "late", Kind: kpn.KindGain, Control: p.pick(2) == 1}).ID
		p.graph.Edges = append(p.graph.Edges, kpn.Edge{From: from, To: to, Port: "in", DelayFrames: 1})
	})},
	{"control_output", controlFault(func(p *place, n *kpn.Node) { p.graph.Outputs[0] = n.ID })},
	{"control_rate_zero", controlFault(func(p *place, _ *kpn.Node) { p.graph.Control.Rate = 0 })},
	{"control_rate_nan", controlFault(func(p *place, _ *kpn.Node) { p.graph.Control.Rate = math.NaN() })},
	{"control_rate_too_high", controlFault(func(p *place, _ *kpn.Node) { p.graph.Control.Rate = 2 * kpn.MaxSampleRate })},
	{"control_rate_near_the_sample_rate", controlFault(func(p *place, _ *kpn.Node) {
		p.graph.Control.Rate = math.Nextafter(kpn.MaxControlRatio*p.job.Rate, math.Inf(1))
	})},
	{"control_per_frame", controlFault(func(_ *place, n *kpn.Node) {
		spec, _ := kpn.Lookup(n.Kind)
		name := "nothing"
		if len(spec.Params) > 0 {
			name = spec.Params[0].Name
		}
		n.Params[name] = kpn.Param{Rate: kpn.PerFrame}
	})},
	{"control_oversampled", controlFault(func(_ *place, n *kpn.Node) { n.Oversample = 2 })},
	{"control_of_an_audio_kind", controlFault(func(p *place, _ *kpn.Node) {
		for i := range p.graph.Nodes {
			n := &p.graph.Nodes[i]
			if spec, ok := kpn.Lookup(n.Kind); ok && !spec.Control {
				n.Control = true
				return
			}
		}
		p.add(kpn.Node{ID: "fast", Kind: kpn.KindNoise, Control: true})
	})},
	{"control_of_an_internal_kind", func(p *place) bool { p.add(kpn.Node{ID: "inside", Kind: kpn.KindControl}); return true }},
}

package kpn

// controlRateRef is what the control rate's place is kept under: no node is
// nameless.
var controlRateRef = ParamRef{Param: "control.rate"}

// readControl reads the control rate.
func (r *presetReader) readControl() {
	v := r.root.get("control")
	c := &r.preset.Graph.Control
	if rate := v.get("rate"); rate.isNumber() {
		r.preset.places[controlRateRef] = rate.place
		c.Rate = clamp(rate.number, 0, MaxSampleRate)
	}
	c.AlignEnds = v.get("align").string() == alignEnds
}

// known are the names of all nodes.
func (r *presetReader) known() map[string]bool {
	known := map[string]bool{}
	for _, id := range r.ids {
		known[id] = true
	}
	return known
}

// readModulations reads what modulates the nodes' parameters.
func (r *presetReader) readModulations() {
	known := r.known()
	for _, m := range r.nodes {
		if n := m.value.get("rate"); n.string() == controlRate && r.root.get("control") == nil {
			r.fault(n.place, "the preset says no control rate; add \"control\": {\"rate\": 441} at its top")
		}
		list := m.value.get("modulate").distinct()
		for _, param := range list[:min(len(list), maxModulated)] {
			v := param.value
			r.inputs[ParamRef{m.name, param.name}] = param.place
			if v.kind != '[' {
				r.readModulator(known, m.name, param.name, v)
				continue
			}
			for _, item := range v.items[:min(len(v.items), maxModulators)] {
				r.readModulator(known, m.name, param.name, item)
			}
		}
	}
}

// readModulator reads one source that modulates a parameter.
func (r *presetReader) readModulator(known map[string]bool, node, param string, v *jsonValue) {
	m := &Modulation{Scale: 1, Channel: AllChannels}
	edge := Edge{To: node, Port: param, Modulation: m}
	from := v
	if v.kind == '{' {
		from = v.get("from")
		if v.get("mode").string() == ModulationMultiply.String() {
			m.Mode = ModulationMultiply
		}
		if x := v.get("scale"); x.isNumber() {
			m.Scale = clamp(x.number, -maxScale, maxScale)
		}
		if x := v.get("channel"); x.isNumber() {
			m.Channel = int(clamp(x.number, AllChannels, MaxChannels-1))
		}
		if x := v.get("delay_frames"); x.isNumber() {
			edge.DelayFrames = int(clamp(x.number, 0, MaxEdgeDelay))
		}
	}
	if !from.isString() {
		return
	}
	edge.From = from.text
	if !known[edge.From] {
		r.unknownNode(from)
		return
	}
	r.addEdge(edge, v.place)
}

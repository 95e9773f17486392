package kpn

import (
	"fmt"
	"slices"
)

// probe is a node that a heat model looks at.
type probe struct {
	model  HeatModel
	output int
	params []NodeParam
	// past are the parameters' last values, as many frames as the engine is
	// late, since its output is of then; before has the output's last frame.
	past   map[string]*Values
	before []float64
}

// addTaps makes nodes with heat models outputs, if they are none yet.
func (r *Runtime) addTaps(c *compiled) error {
	for i := range c.graph.Nodes {
		n := &c.graph.Nodes[i]
		if r.options.HeatModels[n.Kind] == nil {
			continue
		}
		o := slices.Index(c.graph.Outputs, n.ID)
		if o < 0 {
			o = len(c.graph.Outputs)
			c.graph.Outputs = append(c.graph.Outputs, n.ID)
		}
		if o >= MaxOutputs {
			return &GraphError{Node: n.ID, Field: "outputs", Reason: fmt.Sprintf("its heat model makes it output %d, allowed are %d with the graph's own; leave out some models", o+1, MaxOutputs)}
		}
		c.probes = append(c.probes, &probe{
			model: r.options.HeatModels[n.Kind], output: o, params: r.network.Graph.Parameters(n),
			past: map[string]*Values{}, before: make([]float64, r.setup.shape.Rows()),
		})
	}
	return nil
}

// heat adds up what the nodes have heated in a block: by their heat parameters
// from the frame on at which they start, by what version-2 nodes report, and by
// models.
func (r *Runtime) heat(block *StreamBlock, blocks []Block) error {
	r.tally.begin()
	for f := 0; f < block.Frames && len(r.hot) > 0; f++ {
		for _, ref := range r.hot {
			if r.now+f >= r.setup.ready[ref.Node].Start {
				r.tally.add(ref.Node, r.bound[ref].sum(r.now+f))
			}
		}
	}
	for _, id := range r.compiled.custom {
		if m, ok := r.reported(id); ok {
			r.tally.add(id, m.Heat)
		}
	}
	for _, p := range r.compiled.probes {
		id := r.compiled.graph.Outputs[p.output]
		if heat, ok := r.probe(p, id, block.Frames, &blocks[p.output]); ok {
			r.tally.add(id, heat)
		}
	}
	return r.overheated(block.Frames)
}

// overheated says why the runtime stops after so many frames more, or nothing.
func (r *Runtime) overheated(frames int) error {
	total, budget := r.tally.total, r.options.HeatBudget
	if !isFinite(total) || budget > 0 && total > budget {
		return &HeatError{Node: r.network.nameOf(r.tally.hottest()), Total: total, Budget: budget, Frame: r.now + frames}
	}
	return nil
}

// reported is what a version-2 node has reported of the last block, if it has.
func (r *Runtime) reported(id string) (Metrics, bool) {
	if r.compiled == nil || r.network.Facts[id].V1Only {
		return Metrics{}, false
	}
	meter, ok := r.compiled.session.(Meter)
	if !ok {
		return Metrics{}, false
	}
	return meter.Metrics(id)
}

// rebound lists the nodes whose heat parameter is bound, after a change.
func (r *Runtime) rebound() {
	r.hot = nil
	for _, ref := range sortedRefs(r.bound) {
		if ref == r.network.heatRef(ref.Node) {
			r.hot = append(r.hot, ref)
		}
	}
}

// sum adds up a ring's values at a frame. Frames are added up one by one, so
// that the sums have the same bits however frames are cut into blocks.
func (b *ring) sum(frame int) float64 {
	v, total := b.values, 0.0
	at := (frame - b.from) % v.F
	for row := range v.B * v.C {
		total += v.Data[row*v.F+at]
	}
	return total
}

// probe asks a heat model about the frames that the engine gave. They are as
// old as the engine is late, and so must the parameters be.
func (r *Runtime) probe(p *probe, id string, frames int, out *Block) (heat float64, ok bool) {
	late := r.compiled.executable.Latency()
	skip := min(max(late-r.now, 0), frames)
	h := &HeatRun{
		Node: r.network.nameOf(id), Rate: r.setup.rate, First: r.now + skip - late,
		Shape: Shape{r.setup.shape.B, r.setup.shape.C, frames - skip},
		out:   out, skip: skip, before: p.before, params: map[string]*Values{},
	}
	for i := range p.params {
		name := p.params[i].Name
		now := r.window(ParamRef{id, name}, frames)
		h.params[name] = p.recall(name, now, frames, late, skip)
	}
	if h.Shape.F == 0 {
		return 0, false
	}
	heat = p.model(h)
	for row := range p.before {
		p.before[row] = out.At((row+1)*out.Shape.F - 1)
	}
	return heat, true
}

// recall keeps a parameter's values of a block, and gives those that are so
// many frames older, but the first that are skipped.
func (p *probe) recall(name string, now *Values, frames, late, skip int) *Values {
	if late == 0 {
		return now
	}
	past := p.past[name]
	if past == nil {
		past = &Values{Shape: Shape{1, 1, 0}}
	}
	b, c := max(past.B, now.B), max(past.C, now.C)
	all := &Values{Shape: Shape{b, c, past.F + frames}}
	for row := range b * c {
		for f := range past.F {
			all.Data = append(all.Data, past.At(row/c, row%c, f))
		}
		for f := range frames {
			all.Data = append(all.Data, now.At(row/c, row%c, f))
		}
	}
	// All of the past is older than late frames, but what is skipped.
	kept := min(all.F, late)
	p.past[name] = all.frames(all.F-kept, kept)
	return all.frames(0, frames-skip)
}

// frames is a part of values.
func (v *Values) frames(first, n int) *Values {
	part := &Values{Shape: Shape{v.B, v.C, n}}
	for row := range v.B * v.C {
		part.Data = append(part.Data, v.Data[row*v.F+first:][:n]...)
	}
	return part
}

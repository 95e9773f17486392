package kpn

import "math"

// Encode writes the descriptor blob. Its errors are *[BlobError]: names that
// are empty, repeated or not UTF-8, a type's number that is not its name's,
// values that do not fill their tensor, a document that is not the contract's.
func (d *Descriptor) Encode() ([]byte, error) {
	w := newBlobWriter(blobDescriptor)
	w.length("node count", len(d.Nodes))
	for i := range d.Nodes {
		w.enterNode(i)
		w.descriptorNode(&d.Nodes[i])
	}
	w.enterNode(-1)
	w.unique("node name", len(d.Nodes), func(i int) string { return d.Nodes[i].Name })
	return w.finish()
}

// descriptorNode writes a node.
func (w *blobWriter) descriptorNode(n *DescriptorNode) {
	w.node = n.Name
	w.check("type id", typeFault(n.TypeID, n.Type))
	w.u32(n.TypeID)
	w.length("name length", len(n.Name))
	w.length("type length", len(n.Type))
	w.length("audio-input count", len(n.Inputs))
	w.length("modulation count", len(n.Modulations))
	w.length("parameter count", len(n.Params))
	w.length("buffer-shape count", len(n.Buffers))
	w.length("JSON length", len(n.JSON))
	w.name("name", n.Name)
	w.name("type", n.Type)
	for i, source := range n.Inputs {
		w.enter("audio input", i)
		w.length("source length", len(source))
		w.name("source", source)
	}
	for i := range n.Modulations {
		w.enter("modulation", i)
		w.modulation(&n.Modulations[i])
	}
	for i := range n.Params {
		w.enter("parameter", i)
		w.blobParam(&n.Params[i])
	}
	for i, s := range n.Buffers {
		w.enter("buffer", i)
		w.shape(s)
	}
	w.enter("", 0)
	w.unique("parameter name", len(n.Params), func(i int) string { return n.Params[i].Name })
	_, _, field, reason := parseMetadata(n.JSON)
	w.check(field, reason)
	w.out = append(w.out, n.JSON...)
}

// modulation writes a modulation.
func (w *blobWriter) modulation(m *BlobModulation) {
	_, field, reason := m.fault()
	w.check(field, reason)
	w.length("source length", len(m.Source))
	w.length("parameter length", len(m.Param))
	w.u32(uint32(m.Mode))
	w.u32(math.Float32bits(m.Scale))
	w.u32(uint32(m.Channel))
	w.name("source", m.Source)
	w.name("parameter", m.Param)
}

// blobParam writes a parameter's tensor.
func (w *blobWriter) blobParam(p *BlobParam) {
	w.length("name length", len(p.Name))
	w.shape(p.Shape)
	size := 8 * uint64(len(p.Data))
	w.check("values", dataFault(p.Shape, size))
	w.u64(size)
	w.name("name", p.Name)
	w.floats(p.Data)
}

// shape writes batches, channels and frames.
func (w *blobWriter) shape(s Shape) {
	w.check("shape", shapeFault(s))
	w.u32(uint32(s.B))
	w.u32(uint32(s.C))
	w.u32(uint32(s.F))
}

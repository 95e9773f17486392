package kpn

import (
	"bytes"
	"math"
)

// The smallest members of a descriptor: their fixed fields and names of one
// byte.
const (
	minDescriptorNode = 8*4 + 2
	minDescriptorIn   = 4 + 1
	minModulation     = 5*4 + 2
	minBlobParam      = 4*4 + 8 + 1
	minBlobShape      = 3 * 4
)

// DecodeDescriptor reads a descriptor blob. Its errors are *[BlobError].
func DecodeDescriptor(data []byte) (*Descriptor, error) {
	r := newBlobReader(blobDescriptor, data)
	n := r.list(r.length("node count"), minDescriptorNode)
	d := &Descriptor{Nodes: makeList[DescriptorNode](n)}
	for i := range d.Nodes {
		r.enterNode(i)
		if r.descriptorNode(&d.Nodes[i]); r.err != nil {
			break
		}
	}
	r.enterNode(-1)
	r.unique("node name", len(d.Nodes), func(i int) string { return d.Nodes[i].Name })
	if err := r.finish("node"); err != nil {
		return nil, err
	}
	return d, nil
}

// descriptorNode reads a node.
func (r *blobReader) descriptorNode(n *DescriptorNode) {
	idAt := r.at
	n.TypeID = r.u32("type id")
	name, typeName := r.length("name length"), r.length("type length")
	inputs, modulations := r.length("audio-input count"), r.length("modulation count")
	params, buffers := r.length("parameter count"), r.length("buffer-shape count")
	document := r.length("JSON length")

	n.Name = r.name(name)
	r.node = n.Name
	n.Type = r.name(typeName)
	r.fail(idAt, "type id", typeFault(n.TypeID, n.Type))

	n.Inputs = makeList[string](r.list(inputs, minDescriptorIn))
	for i := range n.Inputs {
		r.enter("audio input", i)
		n.Inputs[i] = r.name(r.length("source length"))
	}
	r.enter("", 0)
	n.Modulations = makeList[BlobModulation](r.list(modulations, minModulation))
	for i := range n.Modulations {
		r.enter("modulation", i)
		r.modulation(&n.Modulations[i])
	}
	r.enter("", 0)
	n.Params = makeList[BlobParam](r.list(params, minBlobParam))
	for i := range n.Params {
		r.enter("parameter", i)
		r.blobParam(&n.Params[i])
	}
	r.enter("", 0)
	r.unique("parameter name", len(n.Params), func(i int) string { return n.Params[i].Name })
	n.Buffers = makeList[Shape](r.list(buffers, minBlobShape))
	for i := range n.Buffers {
		r.enter("buffer", i)
		n.Buffers[i] = r.shape()
	}
	r.enter("", 0)
	documentAt := r.at
	n.JSON = bytes.Clone(r.bytes(document))
	if len(n.JSON) == 0 {
		n.JSON = nil
	}
	if r.err == nil {
		_, at, field, reason := parseMetadata(n.JSON)
		r.fail(documentAt+at, field, reason)
	}
}

// modulation reads a modulation; its fixed fields come first.
func (r *blobReader) modulation(m *BlobModulation) {
	at := r.at
	source, param := r.length("source length"), r.length("parameter length")
	m.Mode = ModulationMode(r.u32("mode"))
	m.Scale = math.Float32frombits(r.u32("scale"))
	m.Channel = int32(r.u32("channel"))
	offset, field, reason := m.fault()
	r.fail(at+offset, field, reason)
	m.Source, m.Param = r.name(source), r.name(param)
}

// blobParam reads a parameter's tensor.
func (r *blobReader) blobParam(p *BlobParam) {
	name := r.length("name length")
	p.Shape = r.shape()
	at := r.at
	size := r.u64("byte length")
	r.fail(at, "byte length", dataFault(p.Shape, size))
	p.Name = r.name(name)
	if size > uint64(r.remaining()) {
		r.fail(at, "byte length", cutShort(size, r.remaining()))
		return
	}
	p.Data = r.floats("values", int(size/8))
}

// shape reads batches, channels and frames.
func (r *blobReader) shape() Shape {
	at := r.at
	b, c, f := r.u32("batches"), r.u32("channels"), r.u32("frames")
	s := Shape{int(b), int(c), int(f)}
	r.fail(at, "shape", shapeFault(s))
	return s
}

package kpn

import (
	"bytes"
	"fmt"
	"math"
)

// The fields of graph documents.
const (
	fieldVersion     = "descriptor_version"
	fieldName        = "name"
	fieldType        = "type"
	fieldFrom        = "from"
	fieldTo          = "to"
	fieldParam       = "param"
	fieldDelayFrames = "delay_frames"
	fieldGates       = "synchrony_gates"
)

// The shortest elements of lists. No list is given more room than as many of
// them as its text could hold, however many elements it promises.
const (
	leastText       = len(`""`)
	leastShape      = len(`[0,0,0]`)
	leastNode       = len(`{"name":"","type":""}`)
	leastModulation = len(`{"source":"","param":""}`)
	leastTensor     = len(`{"name":"","shape":[0,0,0],"data":[]}`)
	leastEdge       = len(`{"from":"","to":""}`)
)

// ReadGraph reads a graph document, and allocates at most 16 times its size and
// a few hundred bytes. What it returns shares no memory with the document.
//
// Errors are *[GraphError] with the field's path, and *[BlobError] for what no
// descriptor can hold.
func ReadGraph(doc []byte) (*GraphDocument, error) {
	if at, reason := documentFault(doc); reason != "" {
		return nil, &GraphError{Field: fmt.Sprintf("byte %d", at), Reason: reason}
	}
	r := &graphReader{}
	d := &GraphDocument{Version: documentV1}
	err := r.object(doc, func(name string, value []byte) (known bool, err error) {
		switch name {
		case fieldVersion:
			return true, integer(r, &d.Version, value, documentV1, maxWhole)
		case "nodes":
			return true, list(r, &d.Nodes, value, MaxNodes, leastNode, r.node)
		case "edges":
			return true, list(r, &d.Edges, value, MaxNodes*MaxInputs, leastEdge, r.edge)
		}
		return false, nil
	})
	if err != nil {
		return nil, err
	}
	d.Unknown = make(map[string][]MetadataField, r.unknownCount)
	for o := r.unknown; o != nil; o = o.before {
		d.Unknown[o.at] = o.fields
	}
	return d, d.check()
}

func (r *graphReader) node(n *DescriptorNode, doc []byte) error {
	return r.object(doc, func(name string, value []byte) (known bool, err error) {
		switch name {
		case fieldName:
			return true, r.text(&n.Name, value)
		case fieldType:
			return true, r.text(&n.Type, value)
		case "type_id":
			return true, integer(r, &n.TypeID, value, 0, maxWhole)
		case "inputs":
			return true, list(r, &n.Inputs, value, MaxNodes, leastText, r.text)
		case "modulations":
			return true, list(r, &n.Modulations, value, MaxNodes, leastModulation, r.modulation)
		case "tensors":
			return true, list(r, &n.Params, value, MaxNodes, leastTensor, r.tensor)
		case "buffers":
			return true, list(r, &n.Buffers, value, MaxNodes, leastShape, r.shape)
		case "params":
			if string(value) != "null" {
				n.JSON = bytes.Clone(value)
			}
			return true, nil
		}
		return false, nil
	}, fieldName, fieldType)
}

func (r *graphReader) modulation(m *BlobModulation, doc []byte) error {
	*m = BlobModulation{Scale: 1, Channel: AllChannels}
	return r.object(doc, func(name string, value []byte) (known bool, err error) {
		switch name {
		case "source":
			return true, r.text(&m.Source, value)
		case fieldParam:
			return true, r.text(&m.Param, value)
		case "scale":
			return true, r.single(&m.Scale, value)
		case "channel":
			return true, integer(r, &m.Channel, value, AllChannels, math.MaxInt32)
		case "mode":
			return true, r.mode(&m.Mode, value)
		}
		return false, nil
	}, "source", fieldParam)
}

func (r *graphReader) tensor(p *BlobParam, doc []byte) error {
	return r.object(doc, func(name string, value []byte) (known bool, err error) {
		switch name {
		case fieldName:
			return true, r.text(&p.Name, value)
		case "shape":
			return true, r.shape(&p.Shape, value)
		case "data":
			return true, r.numbers(&p.Data, value)
		}
		return false, nil
	}, fieldName, "shape", "data")
}

func (r *graphReader) edge(e *DocumentEdge, doc []byte) error {
	return r.object(doc, func(name string, value []byte) (known bool, err error) {
		switch name {
		case fieldFrom:
			return true, r.text(&e.From, value)
		case fieldTo:
			return true, r.text(&e.To, value)
		case fieldParam:
			return true, r.text(&e.Param, value)
		case fieldDelayFrames:
			return true, integer(r, &e.DelayFrames, value, 0, MaxEdgeDelay)
		case fieldGates:
			return true, list(r, &e.Gates, value, MaxNodes, leastText, r.text)
		}
		return false, nil
	}, fieldFrom, fieldTo)
}

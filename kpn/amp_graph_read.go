package kpn

import (
	"encoding/json"
	"fmt"
)

// The fields of graph documents.
const (
	fieldVersion     = "descriptor_version"
	fieldDelayFrames = "delay_frames"
	fieldGates       = "synchrony_gates"
)

// ReadGraph reads a graph document. Errors are *[GraphError] with the field's
// path, and *[BlobError] for what no descriptor can hold.
func ReadGraph(doc []byte) (*GraphDocument, error) {
	if at, reason := documentFault(doc); reason != "" {
		return nil, &GraphError{Field: fmt.Sprintf("byte %d", at), Reason: reason}
	}
	r := graphReader{&GraphDocument{Version: documentV1, Unknown: map[string][]MetadataField{}}}
	d := r.document
	err := r.object("", doc, map[string]func(string, []byte) error{
		fieldVersion: func(at string, v []byte) error {
			if err := decodeAt(at, v, &d.Version); err != nil {
				return err
			}
			if d.Version < documentV1 {
				return &GraphError{Field: at, Reason: fmt.Sprintf("got %d, versions start at 1", d.Version)}
			}
			return nil
		},
		"nodes": listOf(&d.Nodes, r.node),
		"edges": listOf(&d.Edges, r.edge),
	})
	if err != nil {
		return nil, err
	}
	return d, d.check()
}

// graphReader fills a document.
type graphReader struct{ document *GraphDocument }

// object hands an object's fields to those who know them, and keeps the others.
func (r graphReader) object(at string, doc []byte, known map[string]func(at string, value []byte) error) error {
	if i := skipSpace(doc, 0); doc[i] != '{' {
		return &GraphError{Field: at, Reason: "it is no object; give {…}"}
	}
	seen := map[string]bool{}
	for s := newMembers(doc); s.next(); {
		name := unescape(s.name)
		path := name
		if at != "" {
			path = at + "." + name
		}
		if seen[name] {
			return &GraphError{Field: path, Reason: "it is there twice: leave one"}
		}
		seen[name] = true
		read, ok := known[name]
		if !ok {
			r.document.Unknown[at] = append(r.document.Unknown[at], MetadataField{Name: name, Value: append(json.RawMessage(nil), s.value...)})
			continue
		}
		if err := read(path, s.value); err != nil {
			return err
		}
	}
	return nil
}

// decodeAt reads a value that is no object of ours.
func decodeAt(at string, value []byte, into any) error {
	if string(value) == "null" {
		return &GraphError{Field: at, Reason: "null is no value: give one, or leave the field out"}
	}
	if err := json.Unmarshal(value, into); err != nil {
		return &GraphError{Field: at, Reason: err.Error()}
	}
	return nil
}

// into reads a value into a variable.
func into[T any](v *T) func(string, []byte) error {
	return func(at string, value []byte) error { return decodeAt(at, value, v) }
}

// listOf reads a list of objects.
func listOf[T any](list *[]T, read func(at string, doc []byte, v *T) error) func(string, []byte) error {
	return func(at string, value []byte) error {
		var parts []json.RawMessage
		if err := decodeAt(at, value, &parts); err != nil {
			return err
		}
		*list = makeList[T](len(parts))
		for i, doc := range parts {
			if err := read(fmt.Sprintf("%s[%d]", at, i), doc, &(*list)[i]); err != nil {
				return err
			}
		}
		return nil
	}
}

func (r graphReader) node(at string, doc []byte, n *DescriptorNode) error {
	return r.object(at, doc, map[string]func(string, []byte) error{
		"name": into(&n.Name), "type": into(&n.Type), "type_id": into(&n.TypeID),
		"inputs":      into(&n.Inputs),
		"modulations": listOf(&n.Modulations, r.modulation),
		"tensors":     listOf(&n.Params, r.tensor),
		"buffers": func(at string, value []byte) error {
			var shapes [][3]uint32
			err := decodeAt(at, value, &shapes)
			for _, s := range shapes {
				n.Buffers = append(n.Buffers, Shape{int(s[0]), int(s[1]), int(s[2])})
			}
			return err
		},
		"params": func(_ string, value []byte) error {
			n.JSON = append(json.RawMessage(nil), value...)
			return nil
		},
	})
}

func (r graphReader) modulation(at string, doc []byte, m *BlobModulation) error {
	*m = BlobModulation{Scale: 1, Channel: AllChannels}
	return r.object(at, doc, map[string]func(string, []byte) error{
		"source": into(&m.Source), "param": into(&m.Param), "scale": into(&m.Scale), "channel": into(&m.Channel),
		"mode": func(at string, value []byte) error {
			switch string(value) {
			case `"add"`:
				m.Mode = ModulationAdd
			case `"multiply"`:
				m.Mode = ModulationMultiply
			default:
				return &GraphError{Field: at, Reason: fmt.Sprintf("got %s, allowed is \"add\" or \"multiply\"", value)}
			}
			return nil
		},
	})
}

func (r graphReader) tensor(at string, doc []byte, p *BlobParam) error {
	var shape [3]uint32
	err := r.object(at, doc, map[string]func(string, []byte) error{
		"name": into(&p.Name), "shape": into(&shape),
		"data": func(at string, value []byte) error {
			// The JSON package takes null for 0.
			var numbers []*float64
			if err := decodeAt(at, value, &numbers); err != nil {
				return err
			}
			for _, x := range numbers {
				if x == nil {
					return &GraphError{Field: at, Reason: "null is no number: give one"}
				}
				p.Data = append(p.Data, *x)
			}
			return nil
		},
	})
	p.Shape = Shape{int(shape[0]), int(shape[1]), int(shape[2])}
	return err
}

func (r graphReader) edge(at string, doc []byte, e *DocumentEdge) error {
	return r.object(at, doc, map[string]func(string, []byte) error{
		"from": into(&e.From), "to": into(&e.To), "param": into(&e.Param),
		fieldDelayFrames: into(&e.DelayFrames), fieldGates: into(&e.Gates),
	})
}

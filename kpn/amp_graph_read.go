package kpn

import (
	"bytes"
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
	// What is not known refers to it.
	doc = bytes.Clone(doc)
	r := graphReader{&GraphDocument{Version: documentV1, Unknown: map[string][]MetadataField{}}}
	d := r.document
	err := r.object("", doc, func(name string) reading {
		switch name {
		case fieldVersion:
			return wholeInto(&d.Version)
		case "nodes":
			return listOf(&d.Nodes, MaxNodes, r.node)
		case "edges":
			return listOf(&d.Edges, MaxNodes*MaxInputs, r.edge)
		}
		return nil
	})
	switch {
	case err != nil:
		return nil, err
	case d.Version < documentV1:
		return nil, &GraphError{Field: fieldVersion, Reason: fmt.Sprintf("got %d, versions start at 1", d.Version)}
	}
	return d, d.check()
}

// graphReader fills a document.
type graphReader struct{ document *GraphDocument }

// reading reads the value of a field at a path.
type reading func(at string, value []byte) error

// object hands an object's fields to those who know them, and keeps the others.
func (r graphReader) object(at string, doc []byte, known func(name string) reading) error {
	if i := skipSpace(doc, 0); doc[i] != '{' {
		return &GraphError{Field: at, Reason: "it is no object; give {…}"}
	}
	s := newMembers(doc)
	count := s.count()
	seen := make([]string, 0, count)
	var others []MetadataField
	for s.next() {
		name := unescape(s.name)
		seen = append(seen, name)
		read := known(name)
		if read == nil {
			if others == nil {
				others = make([]MetadataField, 0, count-len(seen)+1)
			}
			others = append(others, MetadataField{Name: name, Value: s.value})
			continue
		}
		if err := read(under(at, name), s.value); err != nil {
			return err
		}
	}
	if others != nil {
		r.document.Unknown[at] = others
	}
	if i := firstRepeat(len(seen), func(i int) string { return seen[i] }); i >= 0 {
		return &GraphError{Field: under(at, seen[i]), Reason: "it is there twice: leave one"}
	}
	return nil
}

// under is the path of a field of an object.
func under(at, name string) string {
	if at == "" {
		return name
	}
	return at + "." + name
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
func into[T any](v *T) reading {
	return func(at string, value []byte) error { return decodeAt(at, value, v) }
}

// wholeInto reads a whole number, which may be written as 7.0 is.
func wholeInto(v *int) reading {
	return func(at string, value []byte) error {
		number, reason := whole(value)
		if reason != "" {
			return &GraphError{Field: at, Reason: reason}
		}
		*v = int(number)
		return nil
	}
}

// shapeInto reads batches, channels and frames.
func shapeInto(s *Shape) reading {
	return func(at string, value []byte) error {
		e, n, err := listAt(at, value, 3)
		switch {
		case err != nil:
			return err
		case n != 3:
			return &GraphError{Field: at, Reason: "a shape has three numbers: batches, channels, frames"}
		}
		for i, axis := range []*int{&s.B, &s.C, &s.F} {
			e.next()
			if err := wholeInto(axis)(fmt.Sprintf("%s[%d]", at, i), e.value); err != nil {
				return err
			}
		}
		return nil
	}
}

// listAt counts the elements of a list, to one more than so many.
func listAt(at string, value []byte, most int) (elements, int, error) {
	if !isList(value) {
		return elements{}, 0, &GraphError{Field: at, Reason: "it is no list; give […]"}
	}
	e := newElements(value)
	return e, e.count(most), nil
}

// listOf reads a list of at most so many objects.
func listOf[T any](list *[]T, most int, read func(at string, doc []byte, v *T) error) reading {
	return func(at string, value []byte) error {
		e, n, err := listAt(at, value, most)
		switch {
		case err != nil:
			return err
		case n > most:
			return &GraphError{Field: at, Reason: fmt.Sprintf("it has more than %d elements, which are all that is allowed", most)}
		}
		*list = makeList[T](n)
		for i := range *list {
			e.next()
			if err := read(fmt.Sprintf("%s[%d]", at, i), e.value, &(*list)[i]); err != nil {
				return err
			}
		}
		return nil
	}
}

func (r graphReader) node(at string, doc []byte, n *DescriptorNode) error {
	return r.object(at, doc, func(name string) reading {
		switch name {
		case "name":
			return into(&n.Name)
		case "type":
			return into(&n.Type)
		case "type_id":
			return into(&n.TypeID)
		case "inputs":
			return into(&n.Inputs)
		case "modulations":
			return listOf(&n.Modulations, MaxNodes, r.modulation)
		case "tensors":
			return listOf(&n.Params, MaxNodes, r.tensor)
		case "buffers":
			return listOf(&n.Buffers, MaxNodes, func(at string, value []byte, s *Shape) error { return shapeInto(s)(at, value) })
		case "params":
			return func(_ string, value []byte) error {
				if string(value) != "null" {
					n.JSON = append(json.RawMessage(nil), value...)
				}
				return nil
			}
		}
		return nil
	})
}

func (r graphReader) modulation(at string, doc []byte, m *BlobModulation) error {
	*m = BlobModulation{Scale: 1, Channel: AllChannels}
	return r.object(at, doc, func(name string) reading {
		switch name {
		case "source":
			return into(&m.Source)
		case "param":
			return into(&m.Param)
		case "scale":
			return into(&m.Scale)
		case "channel":
			return into(&m.Channel)
		case "mode":
			return modeInto(&m.Mode)
		}
		return nil
	})
}

// modeInto reads how a modulation acts.
func modeInto(m *ModulationMode) reading {
	return func(at string, value []byte) error {
		switch string(value) {
		case `"add"`:
			*m = ModulationAdd
		case `"multiply"`:
			*m = ModulationMultiply
		default:
			return &GraphError{Field: at, Reason: fmt.Sprintf("got %s, allowed is \"add\" or \"multiply\"", value)}
		}
		return nil
	}
}

func (r graphReader) tensor(at string, doc []byte, p *BlobParam) error {
	return r.object(at, doc, func(name string) reading {
		switch name {
		case "name":
			return into(&p.Name)
		case "shape":
			return shapeInto(&p.Shape)
		case "data":
			return numbersInto(&p.Data)
		}
		return nil
	})
}

// numbersInto reads a list of numbers.
func numbersInto(data *[]float64) reading {
	return func(at string, value []byte) error {
		list, reason := numbers(value)
		if reason != "" {
			return &GraphError{Field: at, Reason: reason}
		}
		*data = list
		return nil
	}
}

func (r graphReader) edge(at string, doc []byte, e *DocumentEdge) error {
	return r.object(at, doc, func(name string) reading {
		switch name {
		case "from":
			return into(&e.From)
		case "to":
			return into(&e.To)
		case "param":
			return into(&e.Param)
		case fieldDelayFrames:
			return wholeInto(&e.DelayFrames)
		case fieldGates:
			return into(&e.Gates)
		}
		return nil
	})
}

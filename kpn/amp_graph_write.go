package kpn

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// JSON writes the document: of version 2 at least where a node or an edge uses
// that, and with the fields that have no meaning here. Its errors are those of
// [ReadGraph].
func (d *GraphDocument) JSON() (json.RawMessage, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	version := max(d.Version, documentV1)
	if d.Extended() {
		version = max(version, documentV2)
	}
	w := graphWriter{document: d}
	if version > documentV1 {
		w.value(fieldVersion, version)
	}
	w.list("nodes", len(d.Nodes), func(i int, w *graphWriter) { w.node(fmt.Sprintf("nodes[%d]", i), &d.Nodes[i]) })
	if len(d.Edges) > 0 {
		w.list("edges", len(d.Edges), func(i int, w *graphWriter) { w.edge(fmt.Sprintf("edges[%d]", i), &d.Edges[i]) })
	}
	w.unknown("")
	return w.object(), w.err
}

// graphWriter writes one object.
type graphWriter struct {
	documentWriter
	document *GraphDocument
	err      error
}

// value writes a field that the JSON package knows how to.
func (w *graphWriter) value(name string, v any) {
	text, err := json.Marshal(v)
	if err != nil && w.err == nil {
		w.err = &GraphError{Field: name, Reason: err.Error()}
	}
	w.add(name, text)
}

// list writes a list of objects.
func (w *graphWriter) list(name string, n int, write func(int, *graphWriter)) {
	var all bytes.Buffer
	for i := range n {
		one := graphWriter{document: w.document}
		write(i, &one)
		if i > 0 {
			all.WriteByte(',')
		}
		all.Write(one.object())
		if w.err == nil {
			w.err = one.err
		}
	}
	w.add(name, fmt.Appendf(nil, "[%s]", all.Bytes()))
}

// unknown writes the fields of an object that have no meaning here.
func (w *graphWriter) unknown(at string) {
	for _, f := range w.document.Unknown[at] {
		if !json.Valid(f.Value) && w.err == nil {
			w.err = &GraphError{Field: at + "." + f.Name, Reason: "its value is not JSON"}
		}
		w.add(f.Name, f.Value)
	}
}

func (w *graphWriter) node(at string, n *DescriptorNode) {
	w.value("name", n.Name)
	w.value("type", n.Type)
	if n.TypeID != 0 {
		w.value("type_id", n.TypeID)
	}
	if len(n.Inputs) > 0 {
		w.value("inputs", n.Inputs)
	}
	if len(n.Modulations) > 0 {
		w.list("modulations", len(n.Modulations), func(i int, w *graphWriter) {
			m := &n.Modulations[i]
			w.value("source", m.Source)
			w.value("param", m.Param)
			w.value("mode", m.Mode.String())
			w.value("scale", m.Scale)
			w.value("channel", m.Channel)
			w.unknown(fmt.Sprintf("%s.modulations[%d]", at, i))
		})
	}
	if len(n.Params) > 0 {
		w.list("tensors", len(n.Params), func(i int, w *graphWriter) {
			p := &n.Params[i]
			w.value("name", p.Name)
			w.value("shape", []int{p.Shape.B, p.Shape.C, p.Shape.F})
			w.value("data", append([]float64{}, p.Data...))
			w.unknown(fmt.Sprintf("%s.tensors[%d]", at, i))
		})
	}
	if len(n.Buffers) > 0 {
		var shapes [][3]int
		for _, s := range n.Buffers {
			shapes = append(shapes, [3]int{s.B, s.C, s.F})
		}
		w.value("buffers", shapes)
	}
	if len(n.JSON) > 0 {
		w.add("params", n.JSON)
	}
	w.unknown(at)
}

func (w *graphWriter) edge(at string, e *DocumentEdge) {
	w.value("from", e.From)
	w.value("to", e.To)
	if e.Param != "" {
		w.value("param", e.Param)
	}
	if e.DelayFrames != 0 {
		w.value(fieldDelayFrames, e.DelayFrames)
	}
	if len(e.Gates) > 0 {
		w.value(fieldGates, e.Gates)
	}
	w.unknown(at)
}

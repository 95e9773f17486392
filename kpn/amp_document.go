package kpn

import (
	"encoding/json"
	"fmt"
	"math"
)

// documentReader takes a node's own fields over into a node.
type documentReader struct {
	builder *networkBuilder
	// name is the node's in the descriptor.
	name  string
	node  *Node
	alias *typeAlias
	// seen are the parameters that are taken over, and channelCount how many
	// channels the node says it has.
	seen         map[string]bool
	channelCount int
	// rateOf is the first rate of a resampler.
	rateOf float64
}

// The fields that are no parameters: what a table holds, and the key of the
// control history that a controller follows.
const (
	fieldPoints  = "points"
	fieldSamples = "samples"
	fieldRate    = "sample_rate"
	fieldKey     = "key"
	// fieldChannels is how many channels a constant has.
	fieldChannels = "channels"
	// fieldWaveform is a word for one of several weights.
	fieldWaveform = "waveform"
)

func (r *documentReader) read(meta *Metadata) error {
	key, rate := r.name, 0.0
	for _, f := range meta.Fields {
		var err error
		switch {
		case r.alias.follows && f.Name == fieldPoints, r.alias.kind == KindSampler && f.Name == fieldSamples:
			err = r.table(f)
		case r.alias.kind == KindSampler && f.Name == fieldRate:
			err = r.decode(f, &rate)
		case r.alias.follows && f.Name == fieldKey:
			err = r.decode(f, &key)
		case r.alias.resamples:
			err = r.rate(f)
		case r.alias.kind == KindConstant && f.Name == fieldChannels:
			err = r.channels(f)
		case r.alias.waveforms != nil && f.Name == fieldWaveform:
			err = r.waveform(f)
		default:
			err = r.param(f)
		}
		if err != nil {
			return err
		}
	}
	if r.node.Table != nil {
		r.node.Table.Rate = rate
	}
	if r.alias.follows && r.node.Table == nil {
		for _, name := range sortedKeys(r.node.Params) {
			r.builder.report(r.name, name)
		}
		r.node.Kind = KindInput
		r.node.Params = nil
		r.builder.network.Curves[r.node.ID] = key
	}
	return nil
}

// param takes over a parameter: a number, or a choice's name.
func (r *documentReader) param(f MetadataField) error {
	spec, _ := r.builder.network.Graph.Spec(r.alias.kind)
	name := r.alias.param(f.Name)
	p, _, ok := spec.Param(name)
	switch {
	case !ok:
		r.builder.report(r.name, f.Name)
		return nil
	case r.seen[name]:
		return r.fault(f, fmt.Sprintf("it is another name of %s, which is there already; leave one", name))
	}
	r.seen[name] = true
	var number float64
	if p.Choices != nil && len(f.Value) > 0 && f.Value[0] == '"' {
		var choice string
		if err := r.decode(f, &choice); err != nil {
			return err
		}
		if own, renamed := r.alias.choices[choice]; renamed {
			choice = own
		}
		k, ok := p.Choice(choice)
		if !ok {
			return r.fault(f, unknown(choice, p.Choices))
		}
		number = float64(k)
	} else if err := r.decode(f, &number); err != nil {
		return err
	}
	if own, fixed := r.alias.fixed[name]; fixed && own != number {
		return r.fault(f, fmt.Sprintf("a %s has no other: leave it out, or take another type", r.alias.name))
	}
	r.node.Params[name] = Const(number)
	return nil
}

// waveform takes over a word that stands for one of the kind's weights.
func (r *documentReader) waveform(f MetadataField) error {
	var word string
	if err := r.decode(f, &word); err != nil {
		return err
	}
	one, ok := r.alias.waveforms[word]
	if !ok {
		return r.fault(f, unknown(word, sortedKeys(r.alias.waveforms)))
	}
	for _, weight := range r.alias.waveforms {
		if r.seen[weight] {
			return r.fault(f, fmt.Sprintf("it says %s, which is there already; leave one", weight))
		}
		r.node.Params[weight] = Const(0)
	}
	for _, weight := range r.alias.waveforms {
		r.seen[weight] = true
	}
	r.node.Params[one] = Const(1)
	return nil
}

// channels takes over how many channels a node has.
func (r *documentReader) channels(f MetadataField) error {
	var count float64
	if err := r.decode(f, &count); err != nil {
		return err
	}
	if count != math.Trunc(count) || count < 1 || count > MaxChannels {
		return r.fault(f, fmt.Sprintf("got %g, allowed are 1 to %d", count, MaxChannels))
	}
	r.channelCount = int(count)
	return nil
}

// table takes over rows of numbers, of which all are as long as the first; or
// one row.
func (r *documentReader) table(f MetadataField) error {
	if e := newElements(f.Value); !isList(f.Value) || !e.next() || !isList(e.value) {
		row, err := r.row(f, "", f.Value)
		r.node.Table = &Table{Rows: 1, Columns: len(row), Data: row}
		return err
	}
	t := &Table{}
	for e := newElements(f.Value); e.next(); t.Rows++ {
		row, err := r.row(f, fmt.Sprintf("[%d]", t.Rows), e.value)
		switch {
		case err != nil:
			return err
		case t.Rows == 0:
			t.Columns = len(row)
		case len(row) != t.Columns:
			return r.fault(f, fmt.Sprintf("row %d has %d numbers and the first has %d; give all as many", t.Rows, len(row), t.Columns))
		}
		t.Data = append(t.Data, row...)
	}
	r.node.Table = t
	return nil
}

// row reads numbers that are at a place of a field.
func (r *documentReader) row(f MetadataField, place string, value []byte) ([]float64, error) {
	row, at, reason := numbers(value)
	if reason == "" {
		return row, nil
	}
	if at >= 0 {
		place += fmt.Sprintf("[%d]", at)
	}
	return nil, r.fault(MetadataField{Name: f.Name + place}, reason)
}

// decode reads a field's value.
func (r *documentReader) decode(f MetadataField, into any) error {
	if string(f.Value) == "null" {
		return r.fault(f, noValue)
	}
	if err := json.Unmarshal(f.Value, into); err != nil {
		return r.fault(f, err.Error())
	}
	return nil
}

func (r *documentReader) fault(f MetadataField, reason string) error {
	return &GraphError{Node: r.name, Field: f.Name, Reason: reason}
}

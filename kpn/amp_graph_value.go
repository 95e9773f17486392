package kpn

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
)

// graphReader reads the values of a document and knows where it is.
type graphReader struct {
	// path leads to the value that is read. It becomes a text only where that is
	// wanted: most values are shorter than their paths.
	path []pathStep
	// unknown are the objects that have fields without a meaning, the last
	// first, and unknownCount is how many.
	unknown      *unknownFields
	unknownCount int
}

// pathStep is a field of an object, or, if it has no name, an element of a list.
type pathStep struct {
	name  string
	index int
}

// unknownFields are those without a meaning of the object at a path.
type unknownFields struct {
	at     string
	fields []MetadataField
	before *unknownFields
}

// at writes the path.
func (r *graphReader) at() string {
	var space [64]byte
	text := space[:0]
	for i, s := range r.path {
		if s.index >= 0 {
			text = append(strconv.AppendInt(append(text, '['), int64(s.index), 10), ']')
			continue
		}
		if i > 0 {
			text = append(text, '.')
		}
		text = append(text, s.name...)
	}
	return string(text)
}

func (r *graphReader) enter(s pathStep) { r.path = append(r.path, s) }
func (r *graphReader) leave()           { r.path = r.path[:len(r.path)-1] }

// fault is an error of the value that is read.
func (r *graphReader) fault(format string, args ...any) error {
	return &GraphError{Field: r.at(), Reason: fmt.Sprintf(format, args...)}
}

// faultOf is an error of a field of the object that is read.
func (r *graphReader) faultOf(field, reason string) error {
	r.enter(pathStep{field, -1})
	return r.fault("%s", reason)
}

// object hands the values of an object's fields to a function that reads those
// that it knows, and keeps the others.
func (r *graphReader) object(doc []byte, read func(name string, value []byte) (known bool, err error), required ...string) error {
	if doc[skipSpace(doc, 0)] != '{' {
		return r.fault("it is no object; give {…}")
	}
	s := newMembers(doc)
	names := make([]string, 0, s.count())
	for walk := s; walk.next(); {
		names = append(names, unescape(walk.name))
	}
	// Before anything is read: what is there twice would be kept twice.
	if i := firstRepeat(len(names), func(i int) string { return names[i] }); i >= 0 {
		return r.faultOf(names[i], "it is there twice: leave one")
	}
	for _, name := range required {
		if !slices.Contains(names, name) {
			return r.faultOf(name, "it is missing; give it")
		}
	}
	var others []MetadataField
	for i := 0; s.next(); i++ {
		r.enter(pathStep{names[i], -1})
		known, err := read(names[i], s.value)
		if err != nil {
			return err
		}
		r.leave()
		if known {
			continue
		}
		if others == nil {
			others = make([]MetadataField, 0, len(names)-i)
		}
		others = append(others, MetadataField{Name: names[i], Value: bytes.Clone(s.value)})
	}
	if others != nil {
		r.unknown = &unknownFields{r.at(), others, r.unknown}
		r.unknownCount++
	}
	return nil
}

// elements counts those of a list, to one more than so many.
func (r *graphReader) elements(value []byte, most int) (e elements, n int, err error) {
	if !isList(value) {
		return e, 0, r.fault("it is no list; give […]")
	}
	e = newElements(value)
	return e, e.count(most), nil
}

// list reads a list of at most so many elements, each of at least so many bytes.
func list[T any](r *graphReader, all *[]T, value []byte, most, least int, read func(*T, []byte) error) error {
	e, n, err := r.elements(value, most)
	switch {
	case err != nil:
		return err
	case n > most:
		return r.fault("it has more than %d elements, which are all that is allowed", most)
	}
	*all = makeList[T](min(n, len(value)/least))[:0]
	for i := 0; e.next(); i++ {
		r.enter(pathStep{index: i})
		var zero T
		*all = append(*all, zero)
		if err := read(&(*all)[i], e.value); err != nil {
			return err
		}
		r.leave()
	}
	return nil
}

func (r *graphReader) text(v *string, value []byte) error {
	switch {
	case string(value) == "null":
		return r.fault(noValue)
	case value[0] != '"':
		return r.fault("%s is no string; write it in quotes", shorten(string(value), maxQuotedRunes))
	}
	*v = unescape(value[1 : len(value)-1])
	return nil
}

func (r *graphReader) single(v *float32, value []byte) error {
	x, err := strconv.ParseFloat(string(value), 32)
	switch {
	case string(value) == "null":
		return r.fault(noValue)
	case err != nil:
		return r.fault("%s is no number of single precision", shorten(string(value), maxQuotedRunes))
	}
	*v = float32(x)
	return nil
}

// integer reads a whole number, which may be written as 7.0 is.
func integer[T int | int32 | uint32](r *graphReader, v *T, value []byte, least, most float64) error {
	x, ok := wholeWithin(value, least, most)
	if !ok {
		return r.fault("%s is no whole number from %.0f to %.0f", shorten(string(value), maxQuotedRunes), least, most)
	}
	*v = T(x)
	return nil
}

func (r *graphReader) mode(m *ModulationMode, value []byte) error {
	switch string(value) {
	case `"add"`:
		*m = ModulationAdd
	case `"multiply"`:
		*m = ModulationMultiply
	default:
		return r.fault(`got %s, allowed is "add" or "multiply"`, shorten(string(value), maxQuotedRunes))
	}
	return nil
}

// shape reads batches, channels and frames.
func (r *graphReader) shape(s *Shape, value []byte) error {
	e, n, err := r.elements(value, 3)
	switch {
	case err != nil:
		return err
	case n != 3:
		return r.fault("a shape has three numbers: batches, channels, frames")
	}
	for i, axis := range [...]*int{&s.B, &s.C, &s.F} {
		e.next()
		r.enter(pathStep{index: i})
		if err := integer(r, axis, e.value, 0, maxWhole); err != nil {
			return err
		}
		r.leave()
	}
	return nil
}

func (r *graphReader) numbers(data *[]float64, value []byte) error {
	all, at, reason := numbers(value)
	if reason == "" {
		*data = all
		return nil
	}
	if at >= 0 {
		r.enter(pathStep{index: at})
	}
	return r.fault("%s", reason)
}

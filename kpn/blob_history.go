package kpn

import (
	"encoding/binary"
	"fmt"
	"slices"
)

// History is what the control-history blob holds: the values that controls
// took over time. It is read-only once it is in use.
type History struct {
	Keys   []string
	Events []Event
}

// Event is a moment at which keys took values.
type Event struct {
	// Time is in seconds.
	Time float64
	// Values has one list for each key of the history; an empty list leaves
	// the key as it was.
	Values [][]float64
}

// Sample returns the values that a key has at a time: those of the latest
// event, at that time or before it, that has the key. Of events at one time
// the last in the list is the latest. There are none before the key's first
// event, for an unknown key, and at a time that is not a number. The values
// belong to the history.
//
// Events need no order, so that every one of them is looked at.
func (h *History) Sample(key string, time float64) ([]float64, bool) {
	k := slices.Index(h.Keys, key)
	if k < 0 {
		return nil, false
	}
	var latest *Event
	for i := range h.Events {
		e := &h.Events[i]
		if e.Time <= time && k < len(e.Values) && len(e.Values[k]) > 0 && (latest == nil || e.Time >= latest.Time) {
			latest = e
		}
	}
	if latest == nil {
		return nil, false
	}
	return latest.Values[k], true
}

// The smallest key: its length and a name of one byte.
const minHistoryKey = 4 + 1

// DecodeHistory reads a control-history blob. Its errors are *[BlobError].
func DecodeHistory(data []byte) (*History, error) {
	r := newBlobReader(blobHistory, data)
	events, keys := r.length("event count"), r.length("key count")
	h := &History{Keys: makeList[string](r.list(keys, minHistoryKey))}
	lengthsAt := r.at
	lengths := r.take("key lengths", 4*len(h.Keys))
	for i := range h.Keys {
		if r.err != nil {
			break
		}
		r.enter("key", i)
		h.Keys[i] = r.name(blobLength{"name", lengthsAt + 4*i, binary.LittleEndian.Uint32(lengths[4*i:])})
	}
	r.enter("", 0)
	r.unique("key", len(h.Keys), func(i int) string { return h.Keys[i] })

	// An event takes 8 bytes and 4 for each key at least.
	h.Events = makeList[Event](r.list(events, 8+4*len(h.Keys)))
	lists := makeList[[]float64](len(h.Events) * len(h.Keys))
	for i := range h.Events {
		if r.err != nil {
			break
		}
		r.enter("event", i)
		h.Events[i].Values, lists = slices.Clip(lists[:len(h.Keys)]), lists[len(h.Keys):]
		r.event(&h.Events[i])
	}
	if err := r.finish("event"); err != nil {
		return nil, err
	}
	return h, nil
}

// event reads an event whose lists are laid out.
func (r *blobReader) event(e *Event) {
	at := r.at
	e.Time = r.f64("time")
	r.fail(at, "time", timeFault(e.Time))
	for k := range e.Values {
		e.Values[k] = r.floats("values", r.list(r.length("value count"), 8))
	}
}

// timeFault says why a number is no time, or nothing.
func timeFault(time float64) string {
	if !isFinite(time) {
		return fmt.Sprintf("%g is not finite: give seconds", time)
	}
	return ""
}

// Encode writes the control-history blob. Its errors are *[BlobError].
func (h *History) Encode() ([]byte, error) {
	w := newBlobWriter(blobHistory)
	w.length("event count", len(h.Events))
	w.length("key count", len(h.Keys))
	for _, key := range h.Keys {
		w.length("key length", len(key))
	}
	for i, key := range h.Keys {
		w.enter("key", i)
		w.name("name", key)
	}
	w.enter("", 0)
	w.unique("key", len(h.Keys), func(i int) string { return h.Keys[i] })
	for i := range h.Events {
		w.enter("event", i)
		w.event(&h.Events[i], len(h.Keys))
	}
	return w.finish()
}

// event writes an event.
func (w *blobWriter) event(e *Event, keys int) {
	w.check("time", timeFault(e.Time))
	if len(e.Values) != keys {
		w.check("values", fmt.Sprintf("%d lists for %d keys: give one for each, empty where the key does not change", len(e.Values), keys))
	}
	w.f64(e.Time)
	for _, values := range e.Values {
		w.length("value count", len(values))
		w.floats(values)
	}
}

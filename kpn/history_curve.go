package kpn

import (
	"cmp"
	"slices"
	"sort"
)

// curve is one key of a history, in the order of time: what [History.Sample]
// finds, without looking at every event.
type curve []Event

// curve sorts the events that have a key. Of events at one time the last in
// the list is the latest.
func (h *History) curve(key string) curve {
	k := slices.Index(h.Keys, key)
	if k < 0 {
		return nil
	}
	var c curve
	for _, e := range h.Events {
		// A time that is no number is never reached.
		if k < len(e.Values) && len(e.Values[k]) > 0 && e.Time == e.Time {
			c = append(c, Event{Time: e.Time, Values: e.Values[k : k+1]})
		}
	}
	slices.SortStableFunc(c, func(a, b Event) int { return cmp.Compare(a.Time, b.Time) })
	return c
}

// at is the values at a time, nil before the first.
func (c curve) at(time float64) []float64 {
	next := sort.Search(len(c), func(i int) bool { return c[i].Time > time })
	if next == 0 {
		return nil
	}
	return c[next-1].Values[0]
}

// fill gives the signal of so many frames from one on, for so many channels: a
// list of fewer values repeats, and before the first event there is silence.
func (c curve) fill(first, frames, channels int, rate float64) *Values {
	v := &Values{Shape{1, channels, frames}, make([]float64, channels*frames)}
	for f := range frames {
		values := c.at(float64(first+f) / rate)
		for ch := 0; ch < channels && len(values) > 0; ch++ {
			v.Data[ch*frames+f] = values[ch%len(values)]
		}
	}
	return v
}

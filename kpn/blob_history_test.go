package kpn_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"sawmill/kpn"
)

// historyParts is a history of three events and two keys by hand.
func historyParts() []any {
	return []any{
		u32s(3, 2), u32s(5, 1), "pitchq", // 0, 8, 16
		0.5, uint32(2), []float64{60, 61}, uint32(1), []float64{7}, // 22
		-1.0, uint32(0), uint32(0), // 62
		0.25, uint32(1), []float64{55}, uint32(0), // 78
	}
}

func history() *kpn.History {
	return &kpn.History{
		Keys: []string{"pitch", "q"},
		Events: []kpn.Event{
			{Time: 0.5, Values: [][]float64{{60, 61}, {7}}},
			{Time: -1, Values: [][]float64{nil, nil}},
			{Time: 0.25, Values: [][]float64{{55}, nil}},
		},
	}
}

func TestHistoryLayout(t *testing.T) {
	byHand := blobBytes(t, historyParts()...)
	encoded, err := history().Encode()
	require.NoError(t, err)
	require.Equal(t, byHand, encoded)
	decoded, err := kpn.DecodeHistory(byHand)
	require.NoError(t, err)
	assert.Equal(t, history(), decoded)
	checkCut(t, "control history", byHand)
	checkCut(t, "control history", make([]byte, 8))
	// Events without keys hold a time each.
	checkCut(t, "control history", blobBytes(t, u32s(2, 0), 1.0, 2.0))
}

// Lists of neighbours do not overlap: appending to one leaves the next.
func TestHistoryListsAreApart(t *testing.T) {
	h, err := kpn.DecodeHistory(blobBytes(t, historyParts()...))
	require.NoError(t, err)
	_ = append(h.Events[1].Values, []float64{1})
	assert.Equal(t, history(), h)
}

// Each row overwrites one field of historyParts.
func TestHistoryFaults(t *testing.T) {
	for _, c := range []struct {
		at    int
		value any
		blobFault
	}{
		{0, uint32(6), blobFault{"events", 0, "", "event count", "takes 96 bytes but 80 remain"}},
		{4, uint32(19), blobFault{"keys", 4, "", "key count", "takes 95 bytes but 94 remain"}},
		{0, u32s(math.MaxUint32, math.MaxUint32), blobFault{"all", 4, "", "key count", "remain"}},
		{8, uint32(87), blobFault{"key", 8, "", "key 0: name", "takes 87 bytes but 86 remain"}},
		{12, uint32(0), blobFault{"no key", 21, "", "key 1: name", "empty"}},
		{8, append(u32s(1, 1), 0x7171), blobFault{"keys clash", -1, "", "key", `"q" is there twice`}},
		{22, math.NaN(), blobFault{"time", 22, "", "event 0: time", "NaN"}},
		{62, math.Inf(-1), blobFault{"infinite time", 62, "", "event 1: time", "-Inf"}},
		{30, uint32(9), blobFault{"values", 30, "", "event 0: value count", "takes 72 bytes but 68 remain"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			blob := blobBytes(t, historyParts()...)
			copy(blob[c.at:], blobBytes(t, c.value))
			_, err := kpn.DecodeHistory(blob)
			c.check(t, err)
		})
	}
}

// Each row spoils one thing of a value.
func TestHistoryEncodeRefuses(t *testing.T) {
	for _, c := range []struct {
		spoil func(h *kpn.History)
		blobFault
	}{
		{func(h *kpn.History) { h.Keys[0] = "q" }, blobFault{"keys", -1, "", "key", `"q"`}},
		{func(h *kpn.History) { h.Keys[1] = "" }, blobFault{"key", -1, "", "key 1: name", "empty"}},
		{func(h *kpn.History) { h.Events[2].Time = math.NaN() }, blobFault{"time", -1, "", "event 2: time", "NaN"}},
		{func(h *kpn.History) { h.Events[1].Values = nil }, blobFault{"lists", -1, "", "event 1: values", "0 lists for 2 keys"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := history()
			c.spoil(h)
			_, err := h.Encode()
			c.check(t, err)
		})
	}
}

func TestSample(t *testing.T) {
	h := history()
	h.Events = append(h.Events, kpn.Event{Time: 0.5, Values: [][]float64{{62}, nil}})
	for _, c := range []struct {
		key  string
		time float64
		want []float64
	}{
		{"pitch", -1, nil},
		{"pitch", math.Nextafter(0.25, 0), nil},
		{"pitch", 0.25, []float64{55}},
		{"pitch", math.Nextafter(0.5, 0), []float64{55}},
		{"pitch", 0.5, []float64{62}}, // the last of the two at that time
		{"pitch", math.Inf(1), []float64{62}},
		{"q", 0.4, nil},
		{"q", 9, []float64{7}}, // later events do not have the key
		{"pitch", math.NaN(), nil},
		{"pit", 9, nil},
	} {
		got, ok := h.Sample(c.key, c.time)
		assert.Equal(t, c.want, got, "%s at %g", c.key, c.time)
		assert.Equal(t, c.want != nil, ok)
	}
}

// The order of events counts among those of one time only.
func TestSampleOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := &kpn.History{Keys: []string{"k"}}
		latest, found := kpn.Event{Time: math.Inf(-1)}, false
		at := rapid.IntRange(0, 5).Draw(t, "at")
		for i, time := range rapid.SliceOfN(rapid.IntRange(0, 5), 0, 9).Draw(t, "times") {
			e := kpn.Event{Time: float64(time), Values: [][]float64{{float64(i)}}}
			h.Events = append(h.Events, e)
			if time <= at && e.Time >= latest.Time {
				latest, found = e, true
			}
		}
		got, ok := h.Sample("k", float64(at))
		if ok != found || ok && got[0] != latest.Values[0][0] {
			t.Fatalf("%v, want %v", got, latest)
		}
	})
}

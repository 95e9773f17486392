package kpn_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"sawmill/kpn"
)

const drawPreset = `{"sawmill": 1, "output": "out", "rate": 48000,
	"parameters": {"note": {"midi": [36, 84]}, "amount": {"uniform": [0, 1]}},
	"nodes": {
		"out": {"kind": "mix", "inputs": ["a", "b"], "params": {"level_0": {"ref": "amount"}, "level_1": {"ref": "amount", "multiply": -1, "add": 1}}},
		"a": {"kind": "osc", "params": {"freq": {"ref": "note"}, "width": {"normal": [0.5, 0.2]}}},
		"b": {"kind": "osc", "params": {"freq": {"ref": "note", "multiply": 2, "add": 0.5}, "shape": {"choice": ["saw", "sine"]}}}}}`

// reordered has the same values in another order, with one more among them.
const reordered = `{"sawmill": 1, "output": "out", "rate": 48000,
	"nodes": {
		"b": {"kind": "osc", "params": {"shape": {"choice": ["saw", "sine"]}, "phase": {"uniform": [0, 1]}, "freq": {"ref": "note", "multiply": 2, "add": 0.5}}},
		"a": {"kind": "osc", "params": {"width": {"normal": [0.5, 0.2]}, "freq": {"ref": "note"}}},
		"out": {"kind": "mix", "inputs": ["a", "b"], "params": {"level_0": {"ref": "amount"}, "level_1": {"ref": "amount", "multiply": -1, "add": 1}}}},
	"parameters": {"amount": {"uniform": [0, 1]}, "note": {"midi": [36, 84]}}}`

func TestDrawsDependOnTheirNameAlone(t *testing.T) {
	t.Parallel()
	first, second := parse(t, drawPreset), parse(t, reordered)
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		item := rapid.Uint64Range(0, 1<<48-1).Draw(t, "item")
		byName := map[string]kpn.Draw{}
		for i, d := range second.Draw(seed, item) {
			byName[second.Sampled[i].Name] = d
		}
		require.Len(t, byName, len(first.Sampled)+1)
		for i, d := range first.Draw(seed, item) {
			require.Equal(t, byName[first.Sampled[i].Name], d)
			require.Equal(t, kpn.UnitDraw(seed, item, first.Sampled[i].Name), d.Unit)
		}
	})
}

func TestDrawsAreSinglePrecision(t *testing.T) {
	t.Parallel()
	p := parse(t, drawPreset)
	for item := range uint64(1000) {
		for i, d := range p.Draw(3, item) {
			require.Equal(t, float64(float32(d.Value)), d.Value)
			lo, hi := p.Sampled[i].Distribution.Support()
			require.GreaterOrEqual(t, d.Value, lo)
			require.LessOrEqual(t, d.Value, hi)
			// A float32 has 24 bits: one unit of its last is 2⁻²³ of it at most,
			// which is what it may lose at a bound of the support.
			require.InDelta(t, p.Sampled[i].Distribution.Value(d.Unit), d.Value, 1.2e-7*math.Abs(d.Value))
			if p.Sampled[i].Name != "note" {
				require.Nil(t, d.Note)
				continue
			}
			require.NotNil(t, d.Note)
			require.Equal(t, math.Trunc(*d.Note), *d.Note)
			require.InEpsilon(t, 440*math.Pow(2, (*d.Note-69)/12), d.Value, 1.2e-7)
		}
	}
}

// The same items come out of one batch and of many.
func TestBind(t *testing.T) {
	t.Parallel()
	p := parse(t, drawPreset)
	const items = 20
	whole := &kpn.Job{Shape: kpn.Shape{B: items, C: 2, F: 8}, Rate: p.Rate, Seed: 11, FirstItem: 5}
	p.Bind(whole)
	require.NoError(t, whole.Validate(p.Graph))
	require.Len(t, whole.Items, 6)
	for b := range items {
		draws := map[string]float64{}
		for i, d := range p.Draw(11, 5+uint64(b)) {
			draws[p.Sampled[i].Name] = d.Value
		}
		want := map[kpn.ParamRef]float64{
			{Node: "a", Param: "freq"}:      draws["note"],
			{Node: "b", Param: "freq"}:      float64(float32(2*draws["note"] + 0.5)),
			{Node: "out", Param: "level_0"}: draws["amount"],
			{Node: "out", Param: "level_1"}: float64(float32(1 - draws["amount"])),
			{Node: "a", Param: "width"}:     draws["a.width"],
			{Node: "b", Param: "shape"}:     draws["b.shape"],
		}
		one := &kpn.Job{Shape: kpn.Shape{B: 1, C: 2, F: 8}, Rate: p.Rate, Seed: 11, FirstItem: 5 + uint64(b)}
		p.Bind(one)
		for ref, v := range want {
			require.Equal(t, v, whole.Items[ref][b], "%v of %d", ref, b)
			require.Equal(t, []float64{v}, one.Items[ref], "%v of %d", ref, b)
		}
	}
}

// Rounding to float32 does not push a value out of its parameter's range.
func TestBindStaysInRange(t *testing.T) {
	t.Parallel()
	// The float32 nearest to half the rate is above it.
	p := parse(t, `{"sawmill": 1, "output": "out", "rate": 44100.1, "parameters": {"f": {"constant": 22050.05}},
		"nodes": {"out": {"kind": "osc", "params": {"freq": {"ref": "f"}}}}}`)
	require.Greater(t, float64(float32(22050.05)), 22050.05)
	job := &kpn.Job{Shape: kpn.Shape{B: 1, C: 1, F: 1}, Rate: p.Rate}
	p.Bind(job)
	require.NoError(t, job.Validate(p.Graph))
}

package kpn_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/kpn"
)

const givenPreset = `{"sawmill": 1, "output": "out", "rate": 48000,
	"parameters": {
		"note": {"midi": [60, 69]},
		"amount": {"unit": {"min": -1, "max": 3, "curve": 0.5, "symmetric": true}},
		"shape": {"choice": ["triangle", "sine"]}
	},
	"nodes": {
		"a": {"kind": "osc", "params": {"freq": {"ref": "note", "multiply": 2, "add": 1}, "shape": {"ref": "shape"}, "width": {"uniform": [0.25, 0.75]}}},
		"out": {"kind": "mix", "inputs": ["a", "a"], "params": {"level_0": {"ref": "amount"}, "level_1": {"ref": "amount", "multiply": -3}}}}}`

func TestGivenUnitsAreMappedAndNotRounded(t *testing.T) {
	t.Parallel()
	p := parse(t, givenPreset)
	draws, err := p.DrawUnits([]float64{1, 1.0 / 3, 0.5, 0.1})
	require.NoError(t, err)
	note := 69.0
	// d = −1/3, so the value is −1 + 2·(1 − 1/9).
	require.InDelta(t, -1+2*(8.0/9), draws[1].Value, 1e-15)
	draws[1].Value = 0
	require.Equal(t, []kpn.Draw{
		{Unit: 1, Value: 440, Note: &note},
		{Unit: 1.0 / 3},
		{Unit: 0.5, Value: kpn.OscSine, Name: "sine"},
		{Unit: 0.1, Value: 0.25 + 0.5*0.1},
	}, draws)
	for i, bad := range []float64{math.NaN(), -1e-300, 1 + 1e-15, math.Inf(1)} {
		units := []float64{0, 1, 0, 1}
		units[i] = bad
		_, err = p.DrawUnits(units)
		var given *kpn.GivenError
		require.ErrorAs(t, err, &given)
		require.Equal(t, i, given.Index)
	}
	_, err = p.DrawUnits([]float64{0, math.NaN(), 0, 0})
	require.EqualError(t, err, "amount: got the unit value NaN; allowed is 0 to 1")
}

func TestGivenValuesAreKept(t *testing.T) {
	t.Parallel()
	p := parse(t, givenPreset)
	draws, err := p.DrawValues([]float64{300.1, 2.9999999999, kpn.OscTriangle, 0.3})
	require.NoError(t, err)
	require.Equal(t, 300.1, draws[0].Value)
	require.Nil(t, draws[0].Note)
	require.Equal(t, 2.9999999999, draws[1].Value)
	require.InDelta(t, 1, draws[1].Unit, 1e-10)
	require.Equal(t, "triangle", draws[2].Name)
	require.InDelta(t, 0.1, draws[3].Unit, 1e-15)
	draws, err = p.DrawValues([]float64{440, 0, 0, 0.3})
	require.NoError(t, err)
	require.Equal(t, 69.0, *draws[0].Note)

	job := &kpn.Job{Shape: kpn.Shape{B: 2, C: 1, F: 3}, Rate: 48000}
	p.BindDraws(job, [][]kpn.Draw{draws, draws})
	require.NoError(t, job.Validate(p.Graph))
	require.Equal(t, []float64{881, 881}, job.Items[kpn.ParamRef{Node: "a", Param: "freq"}])
	require.Equal(t, []float64{0.3, 0.3}, job.Items[kpn.ParamRef{Node: "a", Param: "width"}])

	for _, c := range []struct {
		values []float64
		want   string
	}{
		{[]float64{440.0001, 0, 0, 0.3}, "note: got 440.0001 Hz; allowed is 261.6255653005986 to 440 Hz"},
		{[]float64{440, -1.5, 0, 0.3}, "amount: got -1.5; allowed is -1 to 3"},
		{[]float64{440, 0, 1, 0.3}, "shape: got 1; allowed are 3 (triangle), 0 (sine)"},
		{[]float64{440, 0, 0, math.NaN()}, "a.width: got NaN cycles; allowed is 0.25 to 0.75 cycles"},
	} {
		_, err = p.DrawValues(c.values)
		require.EqualError(t, err, c.want)
	}
}

func TestNamesOfEnumerationsAreGiven(t *testing.T) {
	t.Parallel()
	p := parse(t, givenPreset)
	v, err := p.Named(2, "sine")
	require.NoError(t, err)
	require.Equal(t, float64(kpn.OscSine), v)
	_, err = p.Named(2, "sin")
	require.EqualError(t, err, `shape: got "sin"; did you mean "sine"?; allowed: triangle, sine`)
	_, err = p.Named(1, "loud")
	require.EqualError(t, err, `amount: got "loud", which is no number`)
}

// The slope of every distribution is its difference quotient: the error of a
// central one is of the order of h² times the third derivative, and its
// rounding of 1e-16/h, both far below a millionth here.
func TestSlopes(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`{"constant": 3}`, `{"uniform": [-1, 3]}`, `{"log_uniform": [1, 100]}`, `{"normal": [5, 2]}`,
		`{"unit": {"min": -1, "max": 3}}`, `{"unit": {"min": -1, "max": 3, "curve": 0.3}}`,
		`{"unit": {"min": -1, "max": 3, "curve": 2.5}}`,
		`{"unit": {"min": -1, "max": 3, "curve": 0.3, "symmetric": true}}`,
	} {
		d := distributionOf(t, text)
		for _, u := range []float64{0.07, 0.2, 0.48, 0.53, 0.9} {
			const h = 1e-5
			require.InEpsilon(t, 1+(d.Value(u+h)-d.Value(u-h))/(2*h), 1+d.Slope(u), 1e-6, "%s at %g", text, u)
		}
	}
	steps := distributionOf(t, `{"choice": [1, 5]}`)
	require.Zero(t, steps.Slope(0.5))
	require.Zero(t, distributionOf(t, `{"midi": [60, 69]}`).Slope(0.5))
	clipped := distributionOf(t, `{"normal": [5, 2], "min": 4, "max": 6}`)
	require.Zero(t, clipped.Slope(0.01))
	require.Zero(t, clipped.Slope(0.99))
	require.Positive(t, clipped.Slope(0.5))
	require.Equal(t, 4.0, distributionOf(t, `{"unit": {"min": -1, "max": 3}}`).Slope(0))
	require.Zero(t, distributionOf(t, `{"unit": {"min": -1, "max": 3, "curve": 0.5}}`).Slope(0))
	require.True(t, math.IsInf(distributionOf(t, `{"unit": {"min": -1, "max": 3, "curve": 2}}`).Slope(0), 1))
}

// What several nodes get of a parameter adds up, each times its factor.
func TestGradientsByParameter(t *testing.T) {
	t.Parallel()
	p := parse(t, givenPreset)
	job := &kpn.Job{Shape: kpn.Shape{B: 2, C: 1, F: 3}, Rate: 48000}
	var draws [][]kpn.Draw
	for _, u := range []float64{0.25, 1} {
		d, err := p.DrawUnits([]float64{u, u, u, u})
		require.NoError(t, err)
		draws = append(draws, d)
	}
	p.BindDraws(job, draws)
	all := kpn.NewGradients(p.Graph, job)
	for i := range all.List {
		g := &all.List[i]
		for k := range g.F64 {
			// A gradient that does not exist counts for nothing, whatever it says.
			g.F64[k] = float64(10*len(g.Ref.Param) + k)
		}
	}
	physical, unit := p.ByParameter(all, draws)
	level := func(k float64) float64 { return (1 - 3) * (70 + k) }
	require.Equal(t, []float64{2 * 40, level(0), 0, 50, 2 * 41, level(1), 0, 51}, physical)
	// The symmetric curve of ½ over 4: 4·|2u−1|/½.
	require.InDeltaSlice(t, []float64{0, level(0) * 4, 0, 50 * 0.5, 0, level(1) * 8, 0, 51 * 0.5}, unit, 1e-9)
}

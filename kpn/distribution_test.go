package kpn_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"sawmill/kpn"
)

// distributionOf reads a distribution as the value of a constant node, which
// takes any number.
func distributionOf(t require.TestingT, text string) kpn.Distribution {
	p, err := kpn.ParsePreset("p.json", fmt.Appendf(nil,
		`{"sawmill": 1, "output": "out", "nodes": {"out": {"kind": "constant", "params": {"value": %s}}}}`, text))
	require.NoError(t, err)
	require.Len(t, p.Sampled, 1)
	return p.Sampled[0].Distribution
}

var distributions = []struct {
	text string
	// say is what String gives.
	say    string
	lo, hi float64
	// mean and deviation are those of the distribution, and fourth its fourth
	// central moment, which bounds how far a sample's variance strays.
	mean, deviation, fourth float64
	// steps is the number of different values; 0 for a continuum.
	steps int
}{
	{`{"constant": 3}`, "constant(3)", 3, 3, 3, 0, 0, 1},
	{`{"uniform": [-1, 3]}`, "uniform(-1, 3)", -1, 3, 1, 4 / math.Sqrt(12), 256.0 / 80, 0},
	{`{"log_uniform": [1, 100]}`, "log_uniform(1, 100)", 1, 100, logMoment(1), logDeviation(), logFourth(), 0},
	{`{"normal": [5, 2]}`, "normal(5, 2) in [-1e+09, 1e+09]", 5 - 2*8.2924, 5 + 2*8.2095, 5, 2, 3 * 16, 0},
	{`{"choice": [1, 2, 4]}`, "choice(1, 2, 4)", 1, 4, 7.0 / 3, math.Sqrt(14.0 / 9), 98.0 / 27, 3},
	{`{"midi": [69, 69]}`, "midi(69, 69)", 440, 440, 440, 0, 0, 1},
	{`{"unit": {"min": 0, "max": 1, "curve": 0.5}}`, "unit(0, 1, curve 0.5)", 0, 1, 1.0 / 3, math.Sqrt(4.0 / 45), powFourth, 0},
	{`{"unit": {"min": -2, "max": 2, "curve": 0.5, "symmetric": true}}`, "unit(-2, 2, curve 0.5, symmetric)", -2, 2, 0, math.Sqrt(4.0 / 5), 16.0 / 9, 0},
}

// logMoment is the k-th moment of the log-uniform distribution over [1, 100]:
// the integral of 100^(k·u).
func logMoment(k float64) float64 { return (math.Pow(100, k) - 1) / (k * math.Log(100)) }

func logDeviation() float64 { return math.Sqrt(logMoment(2) - logMoment(1)*logMoment(1)) }

func logFourth() float64 {
	m := logMoment(1)
	return logMoment(4) - 4*m*logMoment(3) + 6*m*m*logMoment(2) - 3*m*m*m*m
}

// powFourth is the fourth central moment of u²: its moments are 1/(2k+1).
const powFourth = 1.0/9 - 4.0/3/7 + 6.0/9/5 - 3.0/81

func TestDistributions(t *testing.T) {
	t.Parallel()
	for _, c := range distributions {
		t.Run(c.say, func(t *testing.T) {
			t.Parallel()
			d := distributionOf(t, c.text)
			require.Equal(t, c.say, d.String())
			lo, hi := d.Support()
			// The normal's are the quantiles of 2⁻⁵⁴ and 1 − 2⁻⁵³, the numbers
			// next to 0 and 1: 8.29 deviations below and 8.21 above its mean.
			require.InDelta(t, c.lo, lo, 0.01*c.deviation)
			require.InDelta(t, c.hi, hi, 0.01*c.deviation)

			const n = 1 << 14
			var sum, squares float64
			previous := math.Inf(-1)
			seen := map[float64]int{}
			for i := range n {
				u := (float64(i) + 0.5) / n
				v := d.Value(u)
				require.GreaterOrEqual(t, v, lo)
				require.LessOrEqual(t, v, hi)
				require.GreaterOrEqual(t, v, previous, "it decreases at %g", u)
				previous = v
				sum += v
				squares += (v - c.mean) * (v - c.mean)
				seen[v]++
			}
			for _, u := range []float64{0, 1 - 1.0/(1<<53)} {
				require.False(t, math.IsInf(d.Value(u), 0) || math.IsNaN(d.Value(u)))
			}
			require.InDelta(t, lo, d.Value(0), 1e-12*(1+math.Abs(lo)))
			// The midpoint rule over the quantile function: what it misses is at
			// most a cell's share of the range, for the variance of its square.
			width := hi - lo
			require.InDelta(t, c.mean, sum/n, width/n+1e-9)
			require.InDelta(t, c.deviation*c.deviation, squares/n, width*width/n+1e-9)
			if c.steps > 0 {
				require.Len(t, seen, c.steps)
				for v, count := range seen {
					require.InDelta(t, float64(n)/float64(c.steps), count, 1, "%g", v)
				}
			}
		})
	}
}

// Draws have the distribution's moments, within what chance allows.
func TestDrawsHaveTheirMoments(t *testing.T) {
	t.Parallel()
	for _, c := range distributions {
		t.Run(c.say, func(t *testing.T) {
			t.Parallel()
			p := parse(t, fmt.Sprintf(`{"sawmill": 1, "output": "out", "nodes": {"out": {"kind": "constant", "params": {"value": %s}}}}`, c.text))
			const n = 10000
			var sum, squares float64
			for i := range uint64(n) {
				v := p.Draw(7, i)[0].Value
				sum += v
				squares += (v - c.mean) * (v - c.mean)
			}
			// Five standard errors: a chance of one in a million and a half, and
			// the seed is fixed. Values are rounded to float32.
			rounding := 1e-7 * (math.Abs(c.mean) + 5*c.deviation)
			variance := c.deviation * c.deviation
			require.InDelta(t, c.mean, sum/n, 5*c.deviation/math.Sqrt(n)+rounding)
			require.InDelta(t, variance, squares/n, 5*math.Sqrt((c.fourth-variance*variance)/n)+rounding)
		})
	}
}

func TestUnitInvertsValue(t *testing.T) {
	t.Parallel()
	for _, c := range distributions {
		if c.lo == c.hi {
			continue
		}
		d := distributionOf(t, c.text)
		rapid.Check(t, func(t *rapid.T) {
			u := rapid.Float64Range(0.001, 0.999).Draw(t, "u")
			v := d.Value(u)
			back := d.Unit(v)
			// Any unit value of a step will do if it gives the same value. Of a
			// continuum it has to be u, within the rounding of a few functions
			// and the loss where the value lies close to a bound of its range.
			if c.steps > 0 {
				require.Equal(t, v, d.Value(back), "u = %g", u)
				return
			}
			require.InDelta(t, u, back, 1e-9, "%s: u = %g gives %g", c.say, u, v)
		})
	}
}

func TestNormalQuantiles(t *testing.T) {
	t.Parallel()
	// Quantiles of the normal distribution from tables.
	d := distributionOf(t, `{"normal": [10, 2]}`)
	for u, z := range map[float64]float64{0.5: 0, 0.975: 1.959963984540054, 0.0013498980316301: -3, 0.8413447460685429: 1} {
		require.InDelta(t, 10+2*z, d.Value(u), 1e-9, "%g", u)
	}
	clamped := distributionOf(t, `{"normal": [10, 2], "min": 9, "max": 10.5}`)
	require.Equal(t, 9.0, clamped.Value(0.1))
	require.Equal(t, 10.5, clamped.Value(0.9))
	lo, hi := clamped.Support()
	require.Equal(t, []float64{9, 10.5}, []float64{lo, hi})
	require.Equal(t, 3.0, distributionOf(t, `{"normal": [3, 0]}`).Value(0))
}

func TestMIDINotes(t *testing.T) {
	t.Parallel()
	d := distributionOf(t, `{"midi": [57, 81]}`)
	require.InDelta(t, 220, d.Value(0), 1e-12)
	require.InDelta(t, 440, d.Value(12.5/25), 1e-12)
	require.InDelta(t, 261.6255653, d.Value(3.5/25), 1e-7) // middle C
	require.InDelta(t, 880, d.Value(0.9999), 1e-12)
}

// A constant that is sampled is sampled: it has a unit value and a label.
func TestSupportOfShapes(t *testing.T) {
	t.Parallel()
	p := parse(t, `{"sawmill": 1, "output": "out", "nodes": {"out": {"kind": "osc", "params": {
		"shape": {"choice": ["triangle", "sine"]}, "band_limit": {"constant": "polyblep2"}}}}}`)
	require.Equal(t, "choice(triangle, sine)", p.Sampled[0].Distribution.String())
	require.Equal(t, float64(kpn.OscTriangle), p.Sampled[0].Distribution.Value(0))
	require.Equal(t, float64(kpn.OscSine), p.Sampled[0].Distribution.Value(0.5))
	require.Equal(t, float64(kpn.BandLimitPolyBLEP2), p.Sampled[1].Distribution.Value(0.3))
}

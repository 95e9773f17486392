package cpuref_test

import (
	"math"
	"math/cmplx"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/dsp/fourier"

	"sawmill/kpn"
)

// tabled is a graph of one node with a table.
func tabled(kind kpn.Kind, params map[string]float64, rows ...[]float64) *kpn.Graph {
	g := single(kind, constants(params))
	t := &kpn.Table{Rows: len(rows), Columns: len(rows[0])}
	for _, row := range rows {
		t.Data = append(t.Data, row...)
	}
	g.Nodes[0].Table = t
	return g
}

// randomRow is a row of a table: numbers between ±1.
func randomRow(seed uint64, n int) []float64 {
	random := rand.New(rand.NewPCG(seed, 3))
	row := make([]float64, n)
	for i := range row {
		row[i] = 2*random.Float64() - 1
	}
	return row
}

// TestControllerByHand reads a curve before, at, between and after its points.
func TestControllerByHand(t *testing.T) {
	curve := [][]float64{{0.001, 10}, {0.002, 20}, {0.004, -20}}
	at := []int{0, 47, 48, 72, 96, 144, 191, 192, 300}
	linear := []float64{10, 10, 10, 15, 20, 0, -20 + 40./96, -20, -20}
	hold := []float64{10, 10, 10, 10, 20, 20, 20, -20, -20}
	for interpolation, want := range map[float64][]float64{kpn.ControllerLinear: linear, kpn.ControllerHold: hold} {
		x := one(t, tabled(kpn.KindController, map[string]float64{"interpolation": interpolation}, curve...), 301)
		for i, frame := range at {
			// Where a time in float64 is next to a point's, it may be on either
			// side of it.
			if interpolation == kpn.ControllerLinear {
				assert.InDelta(t, want[i], x[frame], 1e-9, "frame %d", frame)
			} else if frame%48 != 0 {
				assert.Equal(t, want[i], x[frame], "frame %d", frame)
			}
		}
	}
	late := one(t, tabled(kpn.KindController, map[string]float64{"start": 0.0015, "speed": -0.5}, curve...), 100)
	assert.InDelta(t, 15, late[0], 1e-9)
	assert.InDelta(t, 15-5*float64(24)/24, late[48], 1e-9)
}

// TestSamplerPlaysItsTable: at ratio 1 the samples themselves, at ratio ½ the
// spline between them too, channel by channel.
func TestSamplerPlaysItsTable(t *testing.T) {
	left, right := randomRow(1, 64), randomRow(2, 64)
	for _, c := range []struct {
		mode, ratio, start float64
		want               func(row []float64, i int) float64
	}{
		{kpn.SamplerOnce, 1, 0, func(row []float64, i int) float64 {
			if i < 64 {
				return row[i]
			}
			return 0
		}},
		{kpn.SamplerLoop, 1, 0.25, func(row []float64, i int) float64 { return row[(i+16)%64] }},
		{kpn.SamplerLoop, 0.5, 0, func(row []float64, i int) float64 {
			at := func(k int) float64 { return row[(i/2+k+64)%64] }
			if i%2 == 0 {
				return at(0)
			}
			return (9*(at(0)+at(1)) - at(-1) - at(2)) / 16
		}},
		{kpn.SamplerOnce, 3, 0.5, func(row []float64, i int) float64 {
			if 32+3*i < 64 {
				return row[32+3*i]
			}
			return 0
		}},
		{kpn.SamplerOnce, 1, 1, func([]float64, int) float64 { return 0 }},
	} {
		g := tabled(kpn.KindSampler, map[string]float64{"mode": c.mode, "ratio": c.ratio, "start": c.start}, left, right)
		x := render(t, g, &kpn.Job{Shape: kpn.Shape{B: 1, C: 3, F: 700}, Rate: rate})[0]
		for i := range 700 {
			for channel, row := range [][]float64{left, right, left} {
				require.InDelta(t, c.want(row, i), x[channel*700+i], 1e-9, "mode %v, ratio %v, channel %d, frame %d", c.mode, c.ratio, channel, i)
			}
		}
	}
}

// TestSamplerFollowsItsRate: a recording of 24 kHz lasts twice as long.
func TestSamplerFollowsItsRate(t *testing.T) {
	row := randomRow(3, 50)
	g := tabled(kpn.KindSampler, nil, row)
	g.Nodes[0].Table.Rate = rate / 2
	x := one(t, g, 120)
	for i := range 50 {
		require.InDelta(t, row[i], x[2*i], 1e-9)
	}
	require.Equal(t, make([]float64, 20), x[100:])
}

// wave is a cycle with harmonics of random phases that fall with their number.
func wave(seed uint64, n, harmonics int) []float64 {
	random := rand.New(rand.NewPCG(seed, 9))
	row := make([]float64, n)
	for k := 1; k <= harmonics; k++ {
		phase := random.Float64()
		for i := range row {
			row[i] += math.Cos(2*math.Pi*(float64(k*i)/float64(n)+phase)) / float64(k)
		}
	}
	return row
}

// TestWavetableSpectrum compares the harmonics that are heard with those of the
// table, and the rest with the spline's error: m cycles fill the frames.
func TestWavetableSpectrum(t *testing.T) {
	const n, columns = 4096, 256
	row := wave(4, columns, 127)
	table := fourier.NewFFT(columns).Coefficients(nil, row)
	for _, c := range []struct{ cycles, heard int }{{3, 127}, {16, 127}, {17, 63}, {40, 31}, {500, 3}, {700, 1}, {2000, 1}} {
		g := tabled(kpn.KindWavetable, map[string]float64{"freq": float64(c.cycles) * rate / n}, row)
		bins := fourier.NewFFT(n).Coefficients(nil, one(t, g, n))
		worst := 0.0
		for i, bin := range bins {
			want := complex128(0)
			if k := i / c.cycles; i%c.cycles == 0 && k <= c.heard {
				want = table[k] * n / columns
			}
			worst = max(worst, cmplx.Abs(bin-want)/(n/2))
		}
		// Every harmonic k of a level up to h is 1/k loud and off by
		// 0.14·(πk/16h)³ of that.
		allowed := 1e-9
		for k := 1; k <= c.heard; k++ {
			allowed += 0.14 * math.Pow(math.Pi*float64(k)/float64(16*c.heard), 3) / float64(k)
		}
		t.Logf("%d cycles: %.1f dB", c.cycles, 20*math.Log10(worst))
		assert.LessOrEqual(t, worst, allowed, "%d cycles", c.cycles)
	}
}

// TestWavetableMorphs: half way between two frames is their mean.
func TestWavetableMorphs(t *testing.T) {
	rows := [][]float64{wave(1, 64, 9), wave(2, 64, 20), wave(3, 64, 5)}
	play := func(position float64, rows ...[]float64) []float64 {
		return one(t, tabled(kpn.KindWavetable, map[string]float64{"freq": 321, "position": position, "phase": 0.3}, rows...), 500)
	}
	for i, row := range rows {
		alone, among := play(0.7, row), play(float64(i)/2, rows...)
		for f := range alone {
			require.InDelta(t, alone[f], among[f], 1e-14)
		}
	}
	first, second, between := play(0, rows[1]), play(0, rows[2]), play(0.625, rows...)
	for f := range between {
		require.InDelta(t, 0.75*first[f]+0.25*second[f], between[f], 1e-14)
	}
}

package cpuref_test

import (
	"math"
	"math/big"
	"math/cmplx"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/dsp/fourier"

	"sawmill/kpn"
)

// TestSineTenMinutes compares the phase after ten minutes at 440.1 Hz with
// exact arithmetic. Two rows a quarter cycle apart give it as an angle.
//
// Three roundings may move it: the frequency's to float64 (2.8e-14 Hz, or
// 1.7e-11 cycles in all), and those of 1/rate and of the increment, each half
// a unit in the last place (1.5e-11 cycles each). The bound is 1e-9.
func TestSineTenMinutes(t *testing.T) {
	const frames = 600 * rate
	g := single(kpn.KindOsc, map[string]kpn.Param{
		"freq": kpn.Const(440.1), "phase": {Rate: kpn.PerItem}, "shape": kpn.Const(kpn.OscSine),
	})
	x, err := engine.Compile(g)
	require.NoError(t, err)
	job := &kpn.Job{
		Shape: kpn.Shape{B: 2, C: 1, F: frames}, Rate: rate,
		Items: map[kpn.ParamRef][]float64{{Node: "node", Param: "phase"}: {0, 0.25}},
	}
	var sin, cos float64
	require.NoError(t, x.Forward(t.Context(), job, func(b *kpn.Block) error {
		sin, cos = b.F64[b.Shape.F-1], b.F64[2*b.Shape.F-1]
		return nil
	}))
	exact := new(big.Rat).Mul(big.NewRat(4401, 10*rate), big.NewRat(frames-1, 1))
	whole := new(big.Int).Quo(exact.Num(), exact.Denom())
	want, _ := exact.Sub(exact, new(big.Rat).SetInt(whole)).Float64()
	got := math.Atan2(sin, cos) / (2 * math.Pi)
	assert.InDelta(t, 0, math.Remainder(got-want, 1), 1e-9)
	assert.InDelta(t, 1, math.Hypot(sin, cos), 1e-15)
}

// partials are the Fourier coefficients of a waveform at the harmonics 1, 2,
// …: the amplitudes of sin 2πkφ and cos 2πkφ.
type partials func(k float64) (sin, cos float64)

func sawPartials(k float64) (sin, cos float64) { return -2 / (math.Pi * k), 0 }

// pulsePartials are those of a saw that falls at width less those of one that
// falls at 0.
func pulsePartials(width float64) partials {
	return func(k float64) (sin, cos float64) {
		s, c := math.Sincos(2 * math.Pi * k * width)
		return 2 / (math.Pi * k) * (1 - c), 2 / (math.Pi * k) * s
	}
}

// trianglePartials are odd harmonics only, falling with 1/k².
func trianglePartials(k float64) (sin, cos float64) {
	if math.Mod(k, 2) == 0 {
		return 0, 0
	}
	return 0, -8 / (math.Pi * math.Pi * k * k)
}

// TestBandLimitedSpectrum compares every bin of the spectrum with theory,
// aliases included: a waveform smoothed by a B-spline of order n has its k-th
// harmonic times sinc(k·inc)ⁿ, and sampling folds harmonic k to bin km mod N
// if m cycles fill N frames. The smoothed waveform reaches no further than
// two samples, so the residuals of the nearest steps give it exactly.
func TestBandLimitedSpectrum(t *testing.T) {
	const n = 1024
	shapes := []struct {
		name  string
		shape float64
		width float64
		dc    float64
		partials
	}{
		{"saw", kpn.OscSaw, 0.5, 0, sawPartials},
		{"square", kpn.OscPulse, 0.5, 0, pulsePartials(0.5)},
		{"pulse", kpn.OscPulse, 0.3, -0.4, pulsePartials(0.3)},
		{"narrow", kpn.OscPulse, 0.001, -0.998, pulsePartials(0.001)},
		{"wide", kpn.OscPulse, 0.97, 0.94, pulsePartials(0.97)},
		{"triangle", kpn.OscTriangle, 0.5, 0, trianglePartials},
	}
	limits := []struct {
		name  string
		limit float64
		order int
	}{{"polyblep2", kpn.BandLimitPolyBLEP2, 2}, {"polyblep4", kpn.BandLimitPolyBLEP4, 4}}
	for _, s := range shapes {
		for _, l := range limits {
			for _, cycles := range []int{3, 37, 301, 511} {
				got := one(t, single(kpn.KindOsc, constants(map[string]float64{
					"shape": s.shape, "band_limit": l.limit, "width": s.width, "freq": float64(rate*cycles) / n,
				})), n)
				spectrum := fourier.NewFFT(n).Coefficients(nil, got)
				want := theory(n, cycles, l.order, s.partials)
				want[0] += complex(s.dc*n, 0)
				for bin := range spectrum {
					// The series stops where what is left of it adds less
					// than 4e-11 to a bin; float64 adds 1e-13.
					require.InDelta(t, 0, cmplx.Abs(spectrum[bin]-want[bin])/n, 1e-10,
						"%s %s, %d cycles, bin %d: got %v, want %v", s.name, l.name, cycles, bin, spectrum[bin], want[bin])
				}
			}
		}
	}
}

// theory is the spectrum of n frames of a smoothed waveform with so many
// cycles in them.
func theory(n, cycles, order int, p partials) []complex128 {
	want := make([]complex128, n/2+1)
	for k := 1; k < 1024*n/cycles; k++ {
		x := math.Pi * float64(k) * float64(cycles) / float64(n)
		level := math.Pow(math.Sin(x)/x, float64(order)) * float64(n) / 2
		s, c := p(float64(k))
		// A real partial has a line at its bin and one, conjugate, at the
		// mirror image of its bin; those up to n/2 are compared.
		bin := k * cycles % n
		if bin <= n/2 {
			want[bin] += complex(level*c, -level*s)
		}
		if mirror := (n - bin) % n; mirror <= n/2 {
			want[mirror] += complex(level*c, level*s)
		}
	}
	return want
}

// TestOversampledSaw has its harmonics at theory's level up to the pass
// band's edge, which is where the decimator may touch them.
func TestOversampledSaw(t *testing.T) {
	const n, cycles, ratio = 4096, 37, 8
	g := single(kpn.KindOsc, constants(map[string]float64{"shape": kpn.OscSaw, "freq": float64(rate*cycles) / n}))
	g.Nodes[0].Oversample = ratio
	got := one(t, g, 2*n)[n:]
	spectrum := fourier.NewFFT(n).Coefficients(nil, got)
	for k := 1; k*cycles < n*45/100; k++ {
		x := math.Pi * float64(k) * cycles / (n * ratio)
		want := 2 / (math.Pi * float64(k)) * math.Pow(math.Sin(x)/x, 4)
		// The tier's ripple of 1e-5 (100 dB), and aliases below 1e-5.
		assert.InDelta(t, want, cmplx.Abs(spectrum[k*cycles])*2/n, 2e-5, "harmonic %d", k)
	}
}

func TestNaiveWaveforms(t *testing.T) {
	// 3/16 of a cycle a frame is exact, so is the phase.
	shapes := map[float64]func(x float64) float64{
		kpn.OscSine: func(x float64) float64 { return math.Sin(2 * math.Pi * x) },
		kpn.OscSaw:  func(x float64) float64 { return 2*x - 1 },
		kpn.OscPulse: func(x float64) float64 {
			if x < 0.25 {
				return 1
			}
			return -1
		},
		kpn.OscTriangle: func(x float64) float64 { return 1 - 4*math.Abs(x-0.5) },
	}
	for shape, f := range shapes {
		got := one(t, single(kpn.KindOsc, constants(map[string]float64{
			"shape": shape, "band_limit": kpn.BandLimitNone, "freq": rate * 3 / 16, "phase": 0.125, "width": 0.25,
		})), 64)
		for i, y := range got {
			require.InDelta(t, f(math.Mod(0.125+float64(i)*3/16, 1)), y, 1e-15, "shape %v, frame %d", shape, i)
		}
	}
}

func TestPulseMeanIsTwiceWidthLessOne(t *testing.T) {
	for _, width := range []float64{0, 1e-9, 0.1, 0.25, 0.5, 0.77, 1 - 1e-9, 1} {
		got := one(t, single(kpn.KindOsc, constants(map[string]float64{
			"shape": kpn.OscPulse, "freq": 1500, "width": width,
		})), 4000)
		mean := 0.0
		for _, y := range got {
			mean += y / 4000
		}
		// 32 frames a cycle: what would alias to 0 Hz are multiples of the
		// sample rate, where the B-spline's spectrum is 0.
		assert.InDelta(t, 2*width-1, mean, 1e-12, "width %v", width)
	}
}

func TestOscillatorExtremes(t *testing.T) {
	for shape := range 4 {
		for limit := range 3 {
			for _, freq := range []float64{0, 5e-324, 1e-12, 1, rate/2 - 1e-9, rate / 2} {
				for _, phase := range []float64{0, 0.5, 1 - 0x1p-53, 1} {
					for _, width := range []float64{0, 1e-300, 0.5, 1 - 0x1p-53, 1} {
						for _, y := range one(t, single(kpn.KindOsc, constants(map[string]float64{
							"shape": float64(shape), "band_limit": float64(limit), "freq": freq, "phase": phase, "width": width,
						})), 5) {
							// The residuals overlap near Nyquist, and may add up.
							require.LessOrEqual(t, math.Abs(y), 2.0, "shape %d limit %d freq %v phase %v width %v", shape, limit, freq, phase, width)
						}
					}
				}
			}
		}
	}
}

func TestConstantPulses(t *testing.T) {
	for width, want := range map[float64]float64{0: -1, 1: 1} {
		for _, y := range one(t, single(kpn.KindOsc, constants(map[string]float64{
			"shape": kpn.OscPulse, "freq": 12345, "width": width,
		})), 100) {
			require.Equal(t, want, y, "width %v has no edges", width)
		}
	}
}

func TestStandingOscillatorHasNoResiduals(t *testing.T) {
	for shape, want := range map[float64]float64{kpn.OscSine: 0, kpn.OscSaw: -1, kpn.OscPulse: 1, kpn.OscTriangle: -1} {
		for _, y := range one(t, single(kpn.KindOsc, constants(map[string]float64{"shape": shape, "freq": 0})), 10) {
			require.Equal(t, want, y, "shape %v", shape)
		}
	}
}

// TestPerFrameParameters follows a frequency that changes every frame, and
// parameters that are choices.
func TestPerFrameParameters(t *testing.T) {
	shape := kpn.Shape{B: 1, C: 1, F: 300}
	freq, phase := tensor(shape, 1, 0, 2000), tensor(shape, 2, 0, 1)
	shapes := kpn.NewTensor(shape)
	for i := range shapes.Data {
		shapes.Data[i] = float32(i / 50 % 2) // sine, saw
	}
	perFrame := kpn.Param{Rate: kpn.PerFrame}
	got := render(t, single(kpn.KindOsc, map[string]kpn.Param{
		"freq": perFrame, "phase": perFrame, "shape": perFrame, "band_limit": kpn.Const(kpn.BandLimitNone),
	}), &kpn.Job{Shape: shape, Rate: rate, Frames: map[kpn.ParamRef]*kpn.Tensor{
		{Node: "node", Param: "freq"}: freq, {Node: "node", Param: "phase"}: phase, {Node: "node", Param: "shape"}: shapes,
	}})[0]
	x := 0.0
	for i, y := range got {
		at := math.Mod(x+float64(phase.Data[i]), 1)
		want := math.Sin(2 * math.Pi * at)
		if shapes.Data[i] == kpn.OscSaw {
			want = 2*at - 1
		}
		// 300 sums of numbers near 10 round by 1e-15 each, times 2π.
		require.InDelta(t, want, y, 3e-12, "frame %d", i)
		x += float64(freq.Data[i]) / rate
	}
}

// TestOversampledSweep holds the frequency during the sub-steps of a frame:
// the phase at a frame's start is then the sum of all frames' before it.
func TestOversampledSweep(t *testing.T) {
	shape := kpn.Shape{B: 1, C: 1, F: 4000}
	freq := kpn.NewTensor(shape)
	for i := range freq.Data {
		freq.Data[i] = 400 + float32(i)/10
	}
	g := single(kpn.KindOsc, map[string]kpn.Param{"freq": {Rate: kpn.PerFrame}, "shape": kpn.Const(kpn.OscSine)})
	g.Nodes[0].Oversample = 4
	got := render(t, g, &kpn.Job{Shape: shape, Rate: rate, Frames: map[kpn.ParamRef]*kpn.Tensor{
		{Node: "node", Param: "freq"}: freq,
	}})[0]
	x, latency := 0.0, g.Nodes[0].Latency()
	for i, y := range got {
		// The filters reach 37 frames to either side, and after the last
		// frame the frequency stands still.
		if i >= latency && i < shape.F-latency {
			// The tier's ripple, 1e-5. Over those 37 frames the steps of the
			// frequency bend the phase by less than 1e-9 cycles from a ramp's.
			require.InDelta(t, math.Sin(2*math.Pi*x), y, 2e-5, "frame %d", i)
		}
		x += float64(freq.Data[i]) / rate
	}
}

// TestPhasesJustBelowAWholeCycle: such a phase is a whole number of cycles to
// all bits that count, and not, by overflow, half a one.
func TestPhasesJustBelowAWholeCycle(t *testing.T) {
	for _, phase := range []float64{-1e-18, -1e-30, math.Nextafter(1, 0) - 1} {
		got := render(t, single(kpn.KindOsc, constants(map[string]float64{"shape": kpn.OscSine, "freq": 12000, "phase": phase})),
			&kpn.Job{Shape: kpn.Shape{B: 1, C: 1, F: 4}, Rate: 48000})[0]
		for i, want := range []float64{0, 1, 0, -1} {
			require.InDelta(t, want, got[i], 1e-14, "phase %g, frame %d", phase, i)
		}
	}
}

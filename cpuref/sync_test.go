package cpuref_test

import (
	"context"
	"math"
	"math/cmplx"
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/cpuref"
	"sawmill/kpn"
)

// piece is a straight part of a waveform's cycle: from a to b, starting at v.
type piece struct{ a, b, v, slope float64 }

// harmonic is the k-th Fourier coefficient of a waveform made of such parts.
func harmonic(pieces []piece, k int) complex128 {
	var sum complex128
	w := complex(0, -2*math.Pi*float64(k))
	for _, p := range pieces {
		if k == 0 {
			sum += complex((p.v+p.slope*(p.b-p.a)/2)*(p.b-p.a), 0)
			continue
		}
		from, to := cmplx.Exp(w*complex(p.a, 0)), cmplx.Exp(w*complex(p.b, 0))
		end := p.v + p.slope*(p.b-p.a)
		sum += (complex(end, 0)*to-complex(p.v, 0)*from)/w - complex(p.slope, 0)*(to-from)/(w*w)
	}
	return sum
}

// cutUp is the parts of a synced waveform of s cycles, whose own cycle has the
// parts given.
func cutUp(own []piece, s float64) []piece {
	var list []piece
	for cycle := 0.0; cycle < s; cycle++ {
		for _, p := range own {
			if from := cycle + p.a; from < s {
				list = append(list, piece{from / s, min(cycle+p.b, s) / s, p.v, p.slope * s})
			}
		}
	}
	return list
}

// TestSyncIsTheSmoothedWaveform: every line of the spectrum, aliases among
// them, is that of the naive waveform's Fourier series, which is integrated in
// closed form, times the spectrum of the B-spline that smooths it.
func TestSyncIsTheSmoothedWaveform(t *testing.T) {
	const frames, cycles, width = 256, 5, 0.3
	shapes := map[int][]piece{
		kpn.OscSaw:      {{0, 1, -1, 2}},
		kpn.OscPulse:    {{0, width, 1, 0}, {width, 1, -1, 0}},
		kpn.OscTriangle: {{0, 0.5, -1, 4}, {0.5, 1, 1, -4}},
	}
	orders := map[int]float64{kpn.BandLimitPolyBLEP2: 2, kpn.BandLimitPolyBLEP4: 4}
	for shape, own := range shapes {
		for limit, order := range orders {
			for _, s := range []float64{1, 1.5, 2, 2.7, 5.25, 17} {
				g := single(kpn.KindSync, constants(map[string]float64{
					"shape": float64(shape), "band_limit": float64(limit),
					"freq": cycles * 48000. / frames, "cycles": s, "width": width,
				}))
				got := spectrumOf(t, g, frames)
				pieces := cutUp(own, s)
				want := make([]complex128, frames)
				for k := -40 * frames; k <= 40*frames; k++ {
					x := math.Pi * float64(k) * cycles / frames
					smoothed := 1.0
					if k != 0 {
						smoothed = math.Pow(math.Sin(x)/x, order)
					}
					line := ((k*cycles)%frames + frames) % frames
					want[line] += harmonic(pieces, k) * complex(smoothed, 0)
				}
				for line := range want {
					require.InDelta(t, 0, cmplx.Abs(got[line]-want[line]), 1e-6, "shape %d, limit %d, %g cycles, line %d", shape, limit, s, line)
				}
			}
		}
	}
}

// spectrumOf is the discrete Fourier transform of a graph's output.
func spectrumOf(t *testing.T, g *kpn.Graph, frames int) []complex128 {
	t.Helper()
	x, err := cpuref.New().Compile(g)
	require.NoError(t, err)
	lines := make([]complex128, frames)
	job := &kpn.Job{Shape: kpn.Shape{B: 1, C: 1, F: frames}, Rate: 48000}
	require.NoError(t, x.Forward(context.Background(), job, func(b *kpn.Block) error {
		for i, y := range b.F64 {
			for line := range lines {
				lines[line] += complex(y/float64(frames), 0) * cmplx.Exp(complex(0, -2*math.Pi*float64(line*(b.First+i)%frames)/float64(frames)))
			}
		}
		return nil
	}))
	return lines
}

// TestSyncOfOneCycleIsAnOsc: where the slave ends with its master, they are the
// same oscillator.
func TestSyncOfOneCycleIsAnOsc(t *testing.T) {
	for shape := kpn.OscSine; shape <= kpn.OscTriangle; shape++ {
		for _, freq := range []float64{0, 1e-7, 100, 3333.3, 12000} {
			params := map[string]float64{"shape": float64(shape), "freq": freq, "phase": 0.3, "width": 0.4}
			want := spectrumOf(t, single(kpn.KindOsc, constants(params)), 64)
			params["cycles"] = 1
			got := spectrumOf(t, single(kpn.KindSync, constants(params)), 64)
			for line := range want {
				require.InDelta(t, 0, cmplx.Abs(got[line]-want[line]), 1e-9, "shape %d at %g Hz, line %d", shape, freq, line)
			}
		}
	}
}

package cpuref_test

import (
	"math"
	"math/cmplx"
	"testing"

	"github.com/stretchr/testify/assert"

	"sawmill/kpn"
)

var everyShape = []float64{kpn.WaveshaperTanh, kpn.WaveshaperHard, kpn.WaveshaperFold}

// shapeAt and its integral, written otherwise than in the engine.
func shapeAt(shape, u float64) float64 {
	switch shape {
	case kpn.WaveshaperTanh:
		return 1 - 2/(math.Exp(2*u)+1)
	case kpn.WaveshaperHard:
		return (math.Abs(u+1) - math.Abs(u-1)) / 2
	default:
		return math.Asin(math.Sin(math.Pi/2*u)) * 2 / math.Pi
	}
}

func shapeIntegral(shape, u float64) float64 {
	switch shape {
	case kpn.WaveshaperTanh:
		return math.Log(math.Cosh(u))
	case kpn.WaveshaperHard:
		if math.Abs(u) <= 1 {
			return u * u / 2
		}
		return math.Abs(u) - 0.5
	default:
		// A triangle's integral is a parabola around each of its zeros.
		n := math.Round(u / 2)
		d := u - 2*n
		return (0.5 - d*d/2) * -math.Cos(math.Pi*n)
	}
}

// TestWaveshaperIsItsShape checks what is not antialiased.
func TestWaveshaperIsItsShape(t *testing.T) {
	in := tensor(kpn.Shape{B: 1, C: 1, F: 500}, 4, -3, 3).Data
	for _, shape := range everyShape {
		for i, y := range filtered(t, kpn.KindWaveshaper, map[string]float64{"shape": shape, "antialias": kpn.AntialiasNone, "drive": 2.5, "bias": -0.4}, in) {
			assert.InDelta(t, shapeAt(shape, 2.5*float64(in[i])-0.4), y, 1e-13)
		}
	}
}

// TestADAAIsTheQuotientOfTheIntegral where that is well-conditioned, and the
// value at the middle, to a 24th of the distance's square, where it is not.
func TestADAAIsTheQuotientOfTheIntegral(t *testing.T) {
	in := tensor(kpn.Shape{B: 1, C: 1, F: 2000}, 5, -1, 1).Data
	for _, shape := range everyShape {
		for _, drive := range []float64{0.3, 1, 2, 8} {
			const bias = 0.3
			last := bias
			for i, y := range filtered(t, kpn.KindWaveshaper, map[string]float64{"shape": shape, "drive": drive, "bias": bias}, in) {
				u := drive*float64(in[i]) + bias
				if apart := u - last; math.Abs(apart) > 1e-3 {
					want := (shapeIntegral(shape, u) - shapeIntegral(shape, last)) / apart
					assert.InDelta(t, want, y, 1e-14/math.Abs(apart)+1e-13, "shape %v from %v to %v", shape, last, u)
				}
				last = u
			}
		}
		for _, middle := range []float64{-5, -2.3, -0.7, 0, 0.2, 0.99, 1.7, 6} {
			for _, apart := range []float64{0, 0x1p-30, 0x1p-14, -0x1p-14, -0x1p-8} {
				pair := []float32{float32(middle), float32(float64(float32(middle)) + apart)}
				y := filtered(t, kpn.KindWaveshaper, map[string]float64{"shape": shape}, pair)[1]
				u := (float64(pair[0]) + float64(pair[1])) / 2
				assert.InDelta(t, shapeAt(shape, u), y, apart*apart/24+1e-13, "shape %v around %v, %v apart", shape, u, apart)
			}
		}
	}
}

// TestADAASlopesOfEqualFrames halve the shape's slope between both frames,
// however near they are.
func TestADAASlopesOfEqualFrames(t *testing.T) {
	shape := kpn.Shape{B: 1, C: 1, F: 2}
	last := kpn.NewTensor(shape)
	last.Data[1] = 1
	for _, bent := range everyShape {
		for _, u := range []float64{-2.3, -0.7, 0, 0.2, 0.7, 1.7} {
			for _, apart := range []float64{0, 0x1p-22, 0x1p-16, 0x1p-11, 0x1p-9} {
				in := &kpn.Tensor{Shape: shape, Data: []float32{float32(u), float32(float64(float32(u)) + apart)}}
				g := sources(kpn.KindWaveshaper, 1, map[string]float64{"shape": bent})
				all := adjoint(t, g, &kpn.AdjointJob{
					Job:        &kpn.Job{Shape: shape, Rate: rate, Inputs: map[string]*kpn.Tensor{"a": in}},
					Cotangents: kpn.TensorCotangents{last},
				})
				const h = 1e-4
				middle := (float64(in.Data[0]) + float64(in.Data[1])) / 2
				slope := (shapeAt(bent, middle+h) - shapeAt(bent, middle-h)) / (2 * h)
				v, _ := all.Find(kpn.ParamRef{Node: "a"})
				for _, got := range v.F64 {
					assert.InDelta(t, slope/2, got, 0.13*apart+1e-8, "shape %v around %v, %v apart", bent, u, apart)
				}
			}
		}
	}
}

// TestADAALowersAliases looks between the harmonics of a tone that is driven
// hard into each shape.
func TestADAALowersAliases(t *testing.T) {
	const frames, cycles, drive = 4800, 367, 6
	in := make([]float32, frames+1)
	for i := range in {
		in[i] = float32(math.Sin(2 * math.Pi * cycles * float64(i) / frames))
	}
	for _, shape := range everyShape {
		alias := [2]float64{}
		for antialias := range alias {
			y := filtered(t, kpn.KindWaveshaper, map[string]float64{"shape": shape, "antialias": float64(antialias), "drive": drive}, in)[1:]
			for bin := 1; bin < frames/2; bin++ {
				// Odd harmonics are all there is; what is beyond half the rate comes back elsewhere.
				if bin%cycles == 0 || bin > frames/8 {
					continue
				}
				power := cmplx.Abs(response(y, float64(bin)*rate/frames)) / frames
				alias[antialias] += power * power
			}
		}
		t.Logf("shape %v: aliases below 6 kHz %.1f dB, with adaa1 %.1f dB", shape, 10*math.Log10(alias[0]), 10*math.Log10(alias[1]))
		assert.Less(t, alias[1], alias[0]/10, "shape %v", shape)
	}
}

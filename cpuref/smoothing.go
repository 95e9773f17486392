package cpuref

import "sawmill/kpn"

// smoothing is how a waveform is band-limited: as if its steps and corners
// had been smoothed by a symmetric kernel. The functions take a distance of
// at least 0, in samples, and are 0 from the kernel's half width on.
//
// Source: Välimäki, Pekonen, Nam, JASA 131(1), 2012; Esqueda, Välimäki,
// Bilbao, DAFx 2016. For a windowed sinc see [kpn.KaiserTable].
type smoothing struct {
	// kernel is the kernel itself.
	kernel func(distance float64) float64
	// step is the kernel's integral from the distance to infinity. Before a
	// unit step at 0 it is what smoothing adds to the step, and after, by
	// the kernel's symmetry, what it takes away.
	step func(distance float64) float64
	// corner is the integral of step from the distance to infinity: what
	// smoothing adds to a corner that grows by 1 a sample, on both sides.
	corner func(distance float64) float64
	// bend is the slope of corner, downwards: step, but where both come of a
	// table, whose interpolations are each other's slopes only nearly.
	bend func(distance float64) float64
	// reach is the kernel's half width.
	reach float64
}

// smoothings is indexed by the band_limit parameter.
var smoothings = [...]smoothing{
	kpn.BandLimitNone:      {},
	kpn.BandLimitPolyBLEP2: {kernel2, step2, corner2, step2, 1},
	kpn.BandLimitPolyBLEP4: {kernel4, step4, corner4, step4, 2},
	kpn.BandLimitKaiser:    kaiser,
}

// kernel2 is the linear B-spline.
func kernel2(d float64) float64 { return max(1-d, 0) }

// kernel4 is the cubic B-spline.
func kernel4(d float64) float64 {
	switch {
	case d >= 2:
		return 0
	case d >= 1:
		return (2 - d) * (2 - d) * (2 - d) / 6
	default:
		return horner(d, 2./3, 0, -1, 1./2)
	}
}

// step2 integrates the linear B-spline 1−d.
func step2(d float64) float64 {
	if d >= 1 {
		return 0
	}
	return (1 - d) * (1 - d) / 2
}

// corner2 integrates step2.
func corner2(d float64) float64 {
	if d >= 1 {
		return 0
	}
	return (1 - d) * (1 - d) * (1 - d) / 6
}

// step4 integrates the cubic B-spline: ⅔ − d² + d³/2 up to 1, (2−d)³/6 up
// to 2.
func step4(d float64) float64 {
	switch {
	case d >= 2:
		return 0
	case d >= 1:
		e := (2 - d) * (2 - d)
		return e * e / 24
	default:
		return horner(d, 1./2, -2./3, 0, 1./3, -1./8)
	}
}

// corner4 integrates step4.
func corner4(d float64) float64 {
	switch {
	case d >= 2:
		return 0
	case d >= 1:
		e := (2 - d) * (2 - d)
		return e * e * (2 - d) / 120
	default:
		return horner(d, 7./30, -1./2, 1./3, 0, -1./12, 1./40)
	}
}

// horner evaluates a polynomial, its constant term first.
func horner(x float64, coefficients ...float64) float64 {
	y := 0.0
	for i := len(coefficients) - 1; i >= 0; i-- {
		y = float64(y*x) + coefficients[i]
	}
	return y
}

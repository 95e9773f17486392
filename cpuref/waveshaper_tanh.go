package cpuref

import "math"

// tanhNear is half the distance of two ends below which their mean is computed
// from the middle.
const tanhNear = 0.5

func tanhSlope(u float64) float64 {
	t := math.Tanh(u)
	return (1 - t) * (1 + t)
}

// tanhMean: the integral of tanh is ln cosh. With m the middle and h half the
// distance, ln cosh(m+h) − ln cosh(m−h) is 2·artanh(tanh m·tanh h), in which
// nothing cancels for small h. For large h, |x| + ln((1 + e^(−2|x|))/2) is ln
// cosh x.
func tanhMean(low, high float64) float64 {
	middle, half := (low+high)/2, (high-low)/2
	switch {
	case half < 1e-8:
		return math.Tanh(middle) // h²/3 of it is less than it can tell.
	case half < tanhNear:
		return math.Atanh(math.Tanh(middle)*math.Tanh(half)) / half
	}
	rest := math.Log1p(math.Exp(-2*math.Abs(high))) - math.Log1p(math.Exp(-2*math.Abs(low)))
	return (math.Abs(high) - math.Abs(low) + rest) / (high - low)
}

// tanhSlopes: by its middle m the mean grows by (f(m+h) − f(m−h))/2h, and by h
// by ((f(m+h) + f(m−h))/2 − mean)/h, which for small h is h/3 of f's second derivative and h³/30 of its fourth.
func tanhSlopes(low, high float64) (byLow, byHigh float64) {
	if high-low >= 2*tanhNear {
		y := tanhMean(low, high)
		return (y - math.Tanh(low)) / (high - low), (math.Tanh(high) - y) / (high - low)
	}
	half := (high - low) / 2
	m, h := math.Tanh((low+high)/2), math.Tanh(half)
	slope, apart := (1-m)*(1+m), 1-float64(m*m*h*h)
	byMiddle := slope / apart
	if half > 0 {
		byMiddle *= h / half
	}
	var byHalf float64
	if half < 1e-3 {
		second, fourth := -2*m*slope, 16*m*slope*slope-float64(8*m*m*m*slope)
		byHalf = float64(second*half)/3 + float64(fourth*half*half*half)/30
	} else {
		byHalf = (m*(1-h)*(1+h)/apart - tanhMean(low, high)) / half
	}
	return (byMiddle - byHalf) / 2, (byMiddle + byHalf) / 2
}

// Residuals of band-limited steps and corners: what to add to a naive waveform around a discontinuity at
// time 0, seen from a sample at distance d in samples (d < 0: before it). Needs nothing else.
//
// A step or ramp is smoothed by a B-spline kernel of 2 points (linear) or 4 (cubic); the residual is the
// smoothed shape less the naive one. Written with truncated powers the pieces join by themselves: no branch.
// d must be 0 or normal: a denormal number may lose its sign on some devices.
// Source: Valimaki, Pekonen, Nam, "Perceptually informed synthesis of bandlimited classical waveforms using
// integrated polynomial interpolation", JASA 131(1), 2012; Esqueda, Valimaki, Bilbao, "Rounding corners with
// BLAMP", DAFx 2016.

// blep2 is the residual of a unit step with the linear B-spline. Domain: any d; 0 outside (-1, 1).
// The naive step counts as 1 from d = 0 on, so the value there is exactly -1/2. Error: absolute at most 5e-8.
float blep2(float d) {
	precise float v = max(1.0 - abs(d), 0.0);
	precise float r = v * v;
	r = r * 0.5;
	return d < 0.0 ? r : -r;
}

// blep4 is the residual of a unit step with the cubic B-spline. Domain: any d; 0 outside (-2, 2), exactly -1/2
// at 0. Error: absolute at most 2e-7.
//
// With u = 2 - |d| and v = 1 - |d|, both cut off at 0, it is (u^4 - 4 v^4) / 24 before the step; as a
// product of sum and difference it loses nothing where the two powers are near each other.
float blep4(float d) {
	precise float a = abs(d);
	precise float u = max(2.0 - a, 0.0);
	precise float v = max(1.0 - a, 0.0);
	u = u * u;
	v = v * v;
	v = v + v;
	precise float r = u - v;
	u = u + v;
	r = r * u;
	r = r * 0.0416666679084300995;
	return d < 0.0 ? r : -r;
}

// blamp2 is the residual of a unit corner (the slope grows by 1 a sample at 0) with the linear B-spline:
// the integral of blep2, (1 - |d|)^3 / 6. Even. Domain: any d; 0 outside (-1, 1). Error: absolute at most 4e-8.
float blamp2(float d) {
	precise float v = max(1.0 - abs(d), 0.0);
	precise float r = v * v;
	r = r * v;
	r = r * 0.166666671633720398;
	return r;
}

// blamp4 is the residual of a unit corner with the cubic B-spline: the integral of blep4,
// (u^5 - 4 v^5) / 120 with u = 2 - |d| and v = 1 - |d| cut off at 0; that is 7/30 at 0. Even.
// Domain: any d; 0 outside (-2, 2). Error: absolute at most 1.1e-7.
float blamp4(float d) {
	precise float a = abs(d);
	precise float u = max(2.0 - a, 0.0);
	precise float v = max(1.0 - a, 0.0);
	precise float u2 = u * u;
	precise float v2 = v * v;
	u2 = u2 * u2;
	v2 = v2 * v2;
	u2 = u2 * u;
	v2 = v2 * v;
	u2 = u2 * 8.33333376795053482e-3;
	v2 = v2 * 3.33333350718021393e-2;
	u2 = u2 - v2;
	return u2;
}

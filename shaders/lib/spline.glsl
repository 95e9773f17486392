// B-splines: the slopes of band-limited steps, at distance d in samples. Both are even, 0 beyond their reach, and
// have an integral of 1. Needs nothing else.

// bspline2 is the linear B-spline, the derivative of the smoothed step whose residual is blep2. Domain: any d; 0
// outside (-1, 1). Error: absolute at most 6e-8.
float bspline2(float d) {
	precise float v = max(1.0 - abs(d), 0.0);
	return v;
}

// bspline4 is the cubic B-spline, the same for blep4: (u^3 - 4 v^3) / 6 with u = 2 - |d| and v = 1 - |d|, cut off at
// 0; that is 2/3 at 0. Domain: any d; 0 outside (-2, 2). Error: absolute at most 3e-7.
float bspline4(float d) {
	precise float a = abs(d);
	precise float u = max(2.0 - a, 0.0);
	precise float v = max(1.0 - a, 0.0);
	precise float u3 = u * u;
	u3 = u3 * u;
	precise float v3 = v * v;
	v3 = v3 * v;
	v3 = v3 * 4.0;
	u3 = u3 - v3;
	u3 = u3 * 0.166666671633720398;
	return u3;
}

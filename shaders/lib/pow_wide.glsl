// Powers in double. Needs reciprocal_wide.glsl, exp2_wide.glsl, log2_wide.glsl.

// pow_precise is x^e. Domain: positive normal x, any e; 0 below 2^-1022, +infinity from 2^1024 on.
// Error: relative at most (2.5 + 4.2 |e log2 x|) 2^-53: the exponential's own 2.5, and the logarithm's 5 and the
// product's 1, times the exponent and ln 2. Below 1e-14 where the power is between 2^-20 and 2^20.
double pow_precise(double x, double e) {
	precise double y = e * log2_precise(x);
	return exp2_precise(y);
}

// pow_unit is x^e. Domain: x 0 or in [2^-1022, 1], e in (0, 100]. Exactly 0 at x = 0 and 1 at x = 1.
// Error: absolute at most 3.5e-16 whatever e: with x^e = 2^-t the bound of pow_precise is (2.5 + 4.2 t) 2^-53 2^-t,
// which is largest, 3.5e-16, at t = 0.85.
double pow_unit(double x, double e) {
	precise double y = e * log2_precise(x);
	// Zero (and what a device may flush to it) has no logarithm.
	y = x < 2.2250738585072014e-308LF ? -1023.0LF : y;
	return exp2_precise(y);
}

// Powers. Needs exp2.glsl, log2.glsl.

// pow_precise is x^e. Domain: positive normal x, any e; 0 below 2^-126, +infinity from 2^128 on.
// Error: relative at most (1.7 + 2.9 |e log2 x|) 2^-24: the exponential's own, and the logarithm's and the
// product's, 4.2 2^-24, times the exponent and ln 2.
float pow_precise(float x, float e) {
	precise float y = e * log2_precise(x);
	return exp2_precise(y);
}

// pow_unit is x^e. Domain: x 0 or in [2^-126, 1], e in (0, 100]. Exactly 0 at x = 0 and 1 at x = 1.
// Error: absolute at most 1.4e-7 whatever e (measured 9.7e-8): with x^e = 2^-t the bound of pow_precise is
// (1.7 + 2.9 t) 2^-24 2^-t, which is largest, 1.4e-7, at t = 0.86.
float pow_unit(float x, float e) {
	precise float y = e * log2_precise(x);
	// Zero (and what a device may flush to it) has no logarithm.
	y = x < 1.17549435082228751e-38 ? -127.0 : y;
	return exp2_precise(y);
}

// Parts of ln cosh, the integral of the hyperbolic tangent, and of its mean between two places.
// Needs exp2.glsl, log2.glsl, reciprocal.glsl.

// tanh_ratio is tanh(h)/h for square = h^2. Domain: square in [0, 1/4]. Error: relative at most 1.4e-7; exactly 1 at 0.
// A polynomial of degree 5, good to 5e-9 with rounded coefficients.
float tanh_ratio(float square) {
	precise float q = -6.946984212845564e-3 * square;
	q = q + 2.1472711116075516e-2;
	q = q * square;
	q = q + -5.393378809094429e-2;
	q = q * square;
	q = q + 0.1333322674036026;
	q = q * square;
	q = q + -0.3333333134651184;
	q = q * square;
	q = 1.0 + q;
	return q;
}

// artanh_ratio is artanh(z)/z for square = z^2. Domain: square in [0, 0.2136], what tanh(1/2) is. Error: relative at
// most 1.4e-7; exactly 1 at 0. A polynomial of degree 6, good to 5e-9 with rounded coefficients.
float artanh_ratio(float square) {
	precise float q = 0.14096218347549438 * square;
	q = q + 7.352539896965027e-2;
	q = q * square;
	q = q + 0.11315760761499405;
	q = q * square;
	q = q + 0.1427508145570755;
	q = q * square;
	q = q + 0.20000199973583221;
	q = q * square;
	q = q + 0.3333333134651184;
	q = q * square;
	q = 1.0 + q;
	return q;
}

// ln_cosh_rest is what ln cosh x is above |x| - ln 2: ln(1 + exp(-2 |x|)). Domain: any x but NaN. Error: absolute at
// most 2.5e-7. Never below 0.
//
// With e = exp(-2 |x|), 1 + e is twice 1 + (e - 1)/2 where that keeps the logarithm's argument in its domain.
float ln_cosh_rest(float x) {
	precise float z = abs(x) * -2.88539004325866699;
	precise float e = exp2_precise(z);
	precise float half_way = e - 1.0;
	half_way = half_way * 0.5;
	bool large = e > 0.414213538169860840;
	precise float r = log1p_reduced(large ? half_way : e);
	r = r + (large ? 0.693147182464599609 : 0.0);
	return r;
}

// tanh_short is 1 - |tanh x| = 2 e/(1 + e). Domain: any x but NaN; 0 from |x| = 44 on. Error: relative at most
// (5 + 3 |x|) 2^-24.
float tanh_short(float x) {
	precise float z = abs(x) * -2.88539004325866699;
	precise float e = exp2_precise(z);
	precise float r = e + e;
	r = r * recip(1.0 + e);
	return r;
}

// tanh_slope is the derivative of tanh, 4 e/(1 + e)^2: from its own formula, since 1 - tanh^2 x cancels. Domain: any x
// but NaN; 0 from |x| = 44 on. Error: relative at most (8 + 3 |x|) 2^-24.
float tanh_slope(float x) {
	precise float z = abs(x) * -2.88539004325866699;
	precise float e = exp2_precise(z);
	precise float r = recip(1.0 + e);
	precise float s = 4.0 * e;
	s = s * r;
	s = s * r;
	return s;
}

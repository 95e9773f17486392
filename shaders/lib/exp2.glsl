// Powers of two. Needs nothing else.

// exp2_reduced is 2^f - 1. Domain: f in [-0.5, 0.5]. Error: relative at most 2.4e-7, absolute 9e-8; exactly 0
// at 0. A minimax polynomial of degree 6 (Remez, 1.3e-8 of 2^f with rounded coefficients).
float exp2_reduced(float f) {
	precise float q = 1.3332234811969101e-4 * f;
	q = q + 1.3387937797233462e-3;
	q = q * f;
	q = q + 9.625446982681751e-3;
	q = q * f;
	q = q + 5.5503662675619125e-2;
	q = q * f;
	q = q + 0.24022594094276428;
	q = q * f;
	q = q + 0.6931471824645996;
	q = q * f;
	return q;
}

// exp2_precise is 2^x. Domain: any x but NaN; below -126 it is 0 (no denormals), from 128 on +infinity.
// Error: at most 1.25 ulp (measured 1.17), relative 1e-7. Whole x give exact powers.
//
// x is split into the nearest whole number, which goes to the exponent, and the rest, found exactly.
float exp2_precise(float x) {
	precise float c = min(x, 128.0);
	c = x < -126.0 ? -127.0 : c;
	// Adding 1.5 * 2^23 leaves the nearest whole number in the low bits.
	precise float k = c + 12582912.0;
	precise float n = k - 12582912.0;
	precise float f = c - n;
	precise float p = exp2_reduced(f);
	p = 1.0 + p;
	return uintBitsToFloat(floatBitsToUint(p) + (floatBitsToUint(k) << 23));
}

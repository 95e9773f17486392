// Logarithms, with full relative accuracy near 1. Needs nothing else.

// log1p_reduced is ln(1 + f). Domain: f in [sqrt(1/2) - 1, sqrt(2) - 1]. Error: relative at most 2.2e-7;
// exactly 0 at 0. f - f^2 P(f), so that the leading term carries no error near 0; P is a minimax polynomial
// of degree 7 (Remez, weighted for the relative error of the logarithm: 3.7e-8 with rounded coefficients).
float log1p_reduced(float f) {
	precise float p = -8.75817611813545227e-2 * f;
	p = p + 0.1432182937860489;
	p = p * f;
	p = p + -0.149161234498024;
	p = p * f;
	p = p + 0.16568323969841003;
	p = p * f;
	p = p + -0.1996195763349533;
	p = p * f;
	p = p + 0.25001826882362366;
	p = p * f;
	p = p + -0.33333954215049744;
	p = p * f;
	p = p + 0.49999991059303284;
	precise float q = f * f;
	q = q * p;
	q = f - q;
	return q;
}

// log2_precise is the logarithm of x to base 2. Domain: positive normal x. Error: at most 2.5 ulp (measured
// 2.28 over every x in [1/2, 2), so near 1 too), relative 2e-7. Exact at powers of two.
//
// x = 2^k m with m in [sqrt(1/2), sqrt(2)), found exactly from the bits (0x3f3504f3 is sqrt(1/2)).
float log2_precise(float x) {
	uint b = floatBitsToUint(x);
	int k = int(b - 0x3f3504f3u) >> 23;
	precise float f = uintBitsToFloat(b - (uint(k) << 23)) - 1.0;
	precise float r = log1p_reduced(f);
	r = r * 1.44269502162933350;
	r = r + float(k);
	return r;
}

// ln_uint is ln((n + 0.5) / 2^32). Domain: every n. Error: at most 2.8 ulp (measured 2.67), relative 2.2e-7,
// at both ends too; always below 0.
//
// For an argument above sqrt(1/2) the distance to 1 is formed in integers, (2^32 - 1 - n + 0.5) / 2^32, and
// nothing cancels. Sixteen bits are converted at a time, so that only the sum rounds.
float ln_uint(uint n) {
	bool upper = n >= 0xb504f334u;
	uint t = upper ? ~n : n;
	precise float low = float(int(t & 0xffffu)) + 0.5;
	precise float u = float(int(t >> 16)) * 65536.0;
	u = u + low;
	uint b = floatBitsToUint(u);
	int k = int(b - 0x3f3504f3u) >> 23;
	precise float f = uintBitsToFloat(b - (uint(k) << 23)) - 1.0;
	precise float v = u * -2.3283064365386963e-10;
	f = upper ? v : f;
	k = upper ? 32 : k;
	precise float r = log1p_reduced(f);
	precise float e = float(k - 32) * 0.693147182464599609;
	r = e + r;
	return r;
}

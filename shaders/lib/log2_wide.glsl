// Logarithms in double, with full relative accuracy near 1. Needs reciprocal_wide.glsl.

// log1p_reduced is ln(1 + f). Domain: f in [sqrt(1/2) - 1, sqrt(2) - 1]. Error: at most 1.5 ulp, relative 3.4e-16;
// exactly 0 at 0.
//
// With s = f/(2 + f), the logarithm is 2 artanh s = 2 s + s^3 L(s^2), and as 2 s = f - s f it is
// f - s (f - s^2 L(s^2)), whose leading term carries no error. L is a minimax polynomial of degree 6 (Remez, weighted
// for the relative error of the logarithm: 1.3e-18).
double log1p_reduced(double f) {
	precise double d = 2.0LF + f;
	precise double s = f * recip(d);
	precise double z = s * s;
	precise double p = 0.14796025393009307LF * z;
	p = p + 0.15314044415760661LF;
	p = p * z;
	p = p + 0.18183564502587832LF;
	p = p * z;
	p = p + 0.22222198571218862LF;
	p = p * z;
	p = p + 0.28571428742389632LF;
	p = p * z;
	p = p + 0.3999999999941477LF;
	p = p * z;
	p = p + 0.6666666666666734LF;
	p = p * z;
	p = f - p;
	p = s * p;
	p = f - p;
	return p;
}

// log2_precise is the logarithm of x to base 2. Domain: positive normal x. Error: at most 2.5 ulp, near 1 too,
// relative 5e-16. Exact at powers of two.
//
// x = 2^k m with m in [sqrt(1/2), sqrt(2)), found exactly from the bits (0x3fe6a09e is the upper word of sqrt(1/2)).
double log2_precise(double x) {
	uvec2 b = unpackDouble2x32(x);
	int k = int(b.y - 0x3fe6a09eu) >> 20;
	precise double f = packDouble2x32(uvec2(b.x, b.y - (uint(k) << 20))) - 1.0LF;
	precise double r = log1p_reduced(f);
	r = r * 1.4426950408889634LF;
	r = r + double(k);
	return r;
}

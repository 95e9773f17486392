// Hyperbolic tangent. Needs exp2.glsl, reciprocal.glsl.

// tanh_precise is tanh(x). Domain: any x but NaN, 0 or at least 2^-125 in size. Error: at most 5 ulp (measured
// 4.7, near |x| = 0.06). Odd to the bit; exactly +-1 from |x| = 9.1 on, never beyond.
//
// With E = exp(2|x|) - 1, tanh|x| is E/(E+2) where E is small and 1 - 2/(E+2) where it is large, so neither
// cancels.
float tanh_precise(float x) {
	precise float z = abs(x) * 2.88539004325866699;
	z = min(z, 30.0);
	precise float k = z + 12582912.0;
	precise float n = k - 12582912.0;
	precise float f = z - n;
	precise float p = exp2_reduced(f);
	precise float s = uintBitsToFloat(0x3f800000u + (floatBitsToUint(k) << 23));
	p = p * s;
	precise float e = s - 1.0;
	e = e + p;
	precise float d = e + 2.0;
	precise float r = recip(d);
	precise float a = e * r;
	precise float b = r + r;
	b = 1.0 - b;
	a = e < 2.0 ? a : b;
	return uintBitsToFloat(floatBitsToUint(a) | (floatBitsToUint(x) & 0x80000000u));
}

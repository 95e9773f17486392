// Counter-based random numbers: Philox4x32-10 and the draws made from it.
// Needs log2.glsl, reciprocal.glsl, sine.glsl.
//
// Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11.

// philox4x32_round is one round of Philox4x32.
uvec4 philox4x32_round(uvec4 c, uvec2 key) {
	uint hi0, lo0, hi1, lo1;
	umulExtended(0xd2511f53u, c.x, hi0, lo0);
	umulExtended(0xcd9e8d57u, c.z, hi1, lo1);
	return uvec4(hi1 ^ c.y ^ key.x, lo1, hi0 ^ c.w ^ key.y, lo0);
}

// philox4x32_10 is four random words, a function of counter and key alone.
uvec4 philox4x32_10(uvec4 counter, uvec2 key) {
	const uvec2 weyl = uvec2(0x9e3779b9u, 0xbb67ae85u);
	uvec4 c = philox4x32_round(counter, key);
	c = philox4x32_round(c, key + weyl);
	c = philox4x32_round(c, key + 2u * weyl);
	c = philox4x32_round(c, key + 3u * weyl);
	c = philox4x32_round(c, key + 4u * weyl);
	c = philox4x32_round(c, key + 5u * weyl);
	c = philox4x32_round(c, key + 6u * weyl);
	c = philox4x32_round(c, key + 7u * weyl);
	c = philox4x32_round(c, key + 8u * weyl);
	return philox4x32_round(c, key + 9u * weyl);
}

// uniform_signed is uniform in [-1, 1): the word's upper 24 bits less 2^23, times 2^-23. Exact.
float uniform_signed(uint word) {
	precise float r = float(int(word >> 8) - 0x800000) * 1.1920928955078125e-7;
	return r;
}

// gaussian4 is four normal deviates of variance 1, by Box and Muller: the pairs (x, y) and (z, w) of words
// give r cos a, r sin a with r = sqrt(-2 ln((first + 0.5) / 2^32)) and a = second / 2^32 cycles.
// Error: at most 3.4e-7 r: root 1.4e-7, half the logarithm's 2.2e-7, sine 1e-7. At most 6.77 in size.
vec4 gaussian4(uvec4 words) {
	precise float r0 = -2.0 * ln_uint(words.x);
	precise float r1 = -2.0 * ln_uint(words.z);
	r0 = sqrt_pos(r0);
	r1 = sqrt_pos(r1);
	precise vec4 g = vec4(
		r0 * cos_cycles(uvec2(0u, words.y)), r0 * sin_cycles(uvec2(0u, words.y)),
		r1 * cos_cycles(uvec2(0u, words.w)), r1 * sin_cycles(uvec2(0u, words.w)));
	return g;
}

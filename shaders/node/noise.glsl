//! uses: phase reciprocal sine log2 philox
//! step: state quad
//! cost: 60
// noise: white noise. Four frames share one block of the counter-based generator.

struct noise_params {
	int distribution;
	uint stream;
};

struct noise_state {
	vec4 quad;
};

noise_params noise_prepare(node_info info, int distribution) {
	return noise_params(distribution, info.stream);
}

noise_state noise_seek(noise_params p, node_info info, uint t) {
	return noise_state(vec4(0.0));
}

// noise_fill draws the four frames that t is one of.
void noise_fill(inout noise_state s, noise_params p, uint t) {
	const int GAUSSIAN = 1;
	uvec4 counter = uvec4(t >> 2, lane_item.x, (lane_channel & 0xffffu) | (lane_item.y << 16), p.stream);
	uvec4 words = philox4x32_10(counter, seed);
	if (p.distribution == GAUSSIAN) {
		s.quad = gaussian4(words);
	} else {
		s.quad = vec4(uniform_signed(words.x), uniform_signed(words.y), uniform_signed(words.z), uniform_signed(words.w));
	}
}

float noise_step(noise_state s, uint quad) {
	return quad == 0u ? s.quad.x : quad == 1u ? s.quad.y : quad == 2u ? s.quad.z : s.quad.w;
}

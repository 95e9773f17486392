//! uses: phase reciprocal sine log2 philox
//! step: state quad
//! loops: 26
//! cost: 60
// noise: white, pink or brown. Four frames share one block of the counter-based generator.

const int NOISE_GAUSSIAN = 1;
const int NOISE_PINK = 1, NOISE_BROWN = 2;
const uint NOISE_PINK_ROWS = 17u;
const uint NOISE_PINK_BLOCK = 0x20000000u;
const uint NOISE_BROWN_SPACING = 8192u;
// A quad that none is, since frames are 31 bits.
const uint NOISE_NOWHERE = 0x80000000u;

// What the ends of an interval of 2, 4, … frames and the middle's own draw make of it, for a leak of 1/512.
const float NOISE_ENDS[13] = float[13](
	0.499999044, 0.499996178, 0.499984712, 0.499938852, 0.499755481, 0.49902312, 0.496111476,
	0.484742777, 0.443309229, 0.323785854, 0.132650771, 0.0182380695, 0.000332848609);
const float NOISE_REST[13] = float[13](
	0.0442157477, 0.0625303906, 0.0884306505, 0.125056001, 0.17683427, 0.249959245, 0.352807794,
	0.495124675, 0.680074686, 0.8729287, 0.981919288, 0.999667207, 0.999999889);

struct noise_params {
	int distribution, color;
	uint stream;
};

// at is the quad that tail, the sum of the pink generators from the fourth on, is of.
struct noise_state {
	vec4 quad;
	uint at;
	int tail;
};

noise_params noise_prepare(node_info info, int distribution, int color) {
	return noise_params(distribution, color, info.stream);
}

noise_state noise_seek(noise_params p, node_info info, uint t) {
	return noise_state(vec4(0.0), NOISE_NOWHERE, 0);
}

uvec4 noise_words(noise_params p, uint block) {
	return philox4x32_10(uvec4(block, lane_item.x, (lane_channel & 0xffffu) | (lane_item.y << 16), p.stream), seed);
}

// noise_pink_draw is a word as a whole number of 22 bits.
int noise_pink_draw(uint word) {
	return int(word >> 10) - 0x200000;
}

// noise_pink_held is what a pink generator drew in a quad, which may be before the first.
int noise_pink_held(noise_params p, uint quad) {
	return noise_pink_draw(noise_words(p, NOISE_PINK_BLOCK + (quad & (NOISE_PINK_BLOCK - 1u))).w);
}

// noise_pink_tail brings the tail to a quad. From the quad before, at most one generator draws; from anywhere else all
// are looked up, in a loop that has no turns otherwise.
void noise_pink_tail(inout noise_state s, noise_params p, uint quad, int drawn) {
	bool fresh = s.at != quad && s.at + 1u != quad;
	// Generator 3 + j draws at the odd multiples of 2^j quads.
	uint step = quad & (0u - quad);
	bool draws = s.at + 1u == quad && step < 1u << (NOISE_PINK_ROWS - 3u);
	for (uint turn = draws ? 0u : 1u; turn < 1u; turn++) {
		s.tail += drawn - noise_pink_held(p, quad - 2u * step);
	}
	s.tail = fresh ? 0 : s.tail;
	for (uint j = fresh ? 3u : NOISE_PINK_ROWS; j < NOISE_PINK_ROWS; j++) {
		uint apart = 1u << (j - 3u);
		s.tail += noise_pink_held(p, ((quad + apart) & ~(2u * apart - 1u)) - apart);
	}
	s.at = quad;
}

// noise_pink is a whole number of 29 bits times the scale: the sum of its upper and lower bits rounds once.
float noise_pink(int sum, float scale) {
	precise float y = float(sum >> 12) * 4096.0;
	y = y + float(sum & 0xfff);
	y = y * scale;
	return y;
}

vec4 noise_pink4(inout noise_state s, noise_params p, uint t) {
	uvec4 white = noise_words(p, t >> 2);
	uvec4 own = noise_words(p, NOISE_PINK_BLOCK + (t >> 2));
	noise_pink_tail(s, p, t >> 2, noise_pink_draw(own.w));
	int rest = 8 * (s.tail + noise_pink_draw(own.z));
	int first = rest + 9 * noise_pink_draw(own.x);
	int second = rest + 9 * noise_pink_draw(own.y);
	// 1/(138 2^21), 1/(sqrt(374) 2^21)
	float scale = p.distribution == NOISE_GAUSSIAN ? 2.46566624639043e-8 : 3.45534172610961e-9;
	return vec4(
		noise_pink(first + 9 * noise_pink_draw(white.x), scale), noise_pink(first + 9 * noise_pink_draw(white.y), scale),
		noise_pink(second + 9 * noise_pink_draw(white.z), scale), noise_pink(second + 9 * noise_pink_draw(white.w), scale));
}

// noise_between is the middle of an interval of 2^(level + 1) frames.
float noise_between(uint level, float left, float right, float draw) {
	precise float y = left + right;
	y = y * NOISE_ENDS[level];
	precise float rest = draw * NOISE_REST[level];
	y = y + rest;
	return y;
}

// noise_brown4 halves the interval around a quad until it is the quad.
vec4 noise_brown4(noise_params p, uint t) {
	uint quad = t & ~3u;
	uint start = t & ~(NOISE_BROWN_SPACING - 1u);
	float left = uniform_signed(noise_words(p, start >> 2).x);
	float right = uniform_signed(noise_words(p, (start + NOISE_BROWN_SPACING) >> 2).x);
	for (uint level = 12u; level > 1u; level--) {
		uint middle = start + (1u << level);
		float y = noise_between(level, left, right, uniform_signed(noise_words(p, middle >> 2).x));
		bool later = quad >= middle;
		start = later ? middle : start;
		left = later ? y : left;
		right = later ? right : y;
	}
	uvec4 words = noise_words(p, quad >> 2);
	float half_way = noise_between(1u, left, right, uniform_signed(words.z));
	precise vec4 y = vec4(left, noise_between(0u, left, half_way, uniform_signed(words.y)),
		half_way, noise_between(0u, half_way, right, uniform_signed(words.w)));
	y = y * (p.distribution == NOISE_GAUSSIAN ? 1.73205081 : 0.25);
	return y;
}

// noise_fill draws the four frames that t is one of.
void noise_fill(inout noise_state s, noise_params p, uint t) {
	if (p.color == NOISE_PINK) {
		s.quad = noise_pink4(s, p, t);
	} else if (p.color == NOISE_BROWN) {
		s.quad = noise_brown4(p, t);
	} else {
		uvec4 words = noise_words(p, t >> 2);
		if (p.distribution == NOISE_GAUSSIAN) {
			s.quad = gaussian4(words);
		} else {
			s.quad = vec4(uniform_signed(words.x), uniform_signed(words.y), uniform_signed(words.z), uniform_signed(words.w));
		}
	}
}

float noise_step(noise_state s, uint quad) {
	return quad == 0u ? s.quad.x : quad == 1u ? s.quad.y : quad == 2u ? s.quad.z : s.quad.w;
}

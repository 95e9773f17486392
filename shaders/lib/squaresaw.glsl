// A square that turns into a saw, shaped by tanh. Needs exp2.glsl, reciprocal.glsl, sine.glsl, tanh.glsl.
//
// Source: Lazzarini, Timoney, "New perspectives on distortion synthesis for virtual analog oscillators", CMJ 34(1),
// 2010.

// square_saw_edge is tanh(pi/2 k s), s = sin(2 pi phase). Error: at most 3e-7, from the rounding of its argument and
// that of tanh.
float square_saw_edge(float s, float harmonics) {
	precise float x = 1.57079637050628662 * harmonics;
	x = x * s;
	return tanh_precise(abs(x) < 2.350988701644575e-38 ? 0.0 : x);
}

// square_saw is (1 - saw/2) tanh(pi/2 k sin) (1 + saw cos). Domain: every phase, saw in [0, 1], harmonics in
// [0, 1e6]. Error: at most 1e-6; where the edge is steep, that of the sine times pi/2 k besides.
float square_saw(uvec2 phase, float saw, float harmonics) {
	precise float y = 1.0 - 0.5 * saw;
	precise float tilt = saw * cos_cycles(phase);
	tilt = 1.0 + tilt;
	y = y * square_saw_edge(sin_cycles(phase), harmonics);
	y = y * tilt;
	return y;
}

// square_saw_slopes are its derivatives by phase in cycles, by saw and by harmonics.
vec3 square_saw_slopes(uvec2 phase, float saw, float harmonics) {
	precise float s = sin_cycles(phase);
	precise float c = cos_cycles(phase);
	precise float edge = square_saw_edge(s, harmonics);
	precise float less = 1.0 - 0.5 * saw;
	precise float tilt = saw * c;
	tilt = 1.0 + tilt;
	precise float both = less * tilt;
	// The slope of tanh, without cancelling where it is flat.
	precise float steep = (1.0 - abs(edge)) * (1.0 + abs(edge));
	steep = steep * 1.57079637050628662;
	precise float by_harmonics = steep * s;
	by_harmonics = by_harmonics * both;
	precise float by_phase = steep * harmonics;
	by_phase = by_phase * c;
	by_phase = by_phase * both;
	precise float turn = edge * saw;
	turn = turn * s;
	turn = turn * less;
	by_phase = by_phase - turn;
	by_phase = by_phase * 6.28318548202514648;
	precise float by_saw = less * c;
	by_saw = by_saw - 0.5 * tilt;
	by_saw = by_saw * edge;
	return vec3(by_phase, by_saw, by_harmonics);
}

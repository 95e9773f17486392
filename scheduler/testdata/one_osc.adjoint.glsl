// ---- node osc: adjoint of osc ------------------------------------------------

node_info n0_osc_info() {
	return node_info(1.0LF * inv_rate, 1u, 0x2aa153acu, 0.0);
}

osc_params n0_osc_params;

void n0_osc_prepare(uint t) {
	n0_osc_params = osc_prepare(n0_osc_info(),
		0 /* shape */,
		2 /* band_limit */,
		row_double(0u) /* freq */,
		row_double(1u) /* phase */,
		row_double(2u) /* width */,
		0.0LF /* pitch */,
		-256.0LF /* pitch_low */,
		256.0LF /* pitch_high */,
		real(0.5LF) /* saw */,
		real(20.0LF) /* harmonics */,
		0 /* advance */,
		0 /* precision */);
}

osc_cotangent n0_osc_back;

void n0_osc_rewind(uint top) {
	uint t = top - min(top, 0u);
	n0_osc_back = osc_rewind(osc_seek(n0_osc_params, n0_osc_info(), t));
}

precise real n0_osc_sum_freq = 0.0;
precise real n0_osc_sum_phase = 0.0;
precise real n0_osc_sum_width = 0.0;
precise real n0_osc_sum_pitch = 0.0;
precise real n0_osc_sum_saw = 0.0;
precise real n0_osc_sum_harmonics = 0.0;

void n0_osc_adjoint(uint m, uint k, real c) {
	uint t = m - 0u;
	osc_adjoint_begin(n0_osc_back, n0_osc_params);
	osc_adjoint_step(n0_osc_back, n0_osc_params, 0u, c);
	real d_freq;
	real d_phase;
	real d_width;
	real d_pitch;
	real d_saw;
	real d_harmonics;
	osc_adjoint_end(n0_osc_back, n0_osc_params, t, true, d_freq, d_phase, d_width, d_pitch, d_saw, d_harmonics);
	n0_osc_sum_freq = n0_osc_sum_freq + d_freq;
	n0_osc_sum_phase = n0_osc_sum_phase + d_phase;
	n0_osc_sum_width = n0_osc_sum_width + d_width;
	n0_osc_sum_pitch = n0_osc_sum_pitch + d_pitch;
	n0_osc_sum_saw = n0_osc_sum_saw + d_saw;
	n0_osc_sum_harmonics = n0_osc_sum_harmonics + d_harmonics;
}

// ---- all nodes ---------------------------------------------------------------

void lane_prepare() {
	n0_osc_prepare(0u);
}

void lane_rewind(uint top) {
	n0_osc_rewind(top);
}

void lane_shut() {
}

void lane_forget() {
	n0_osc_sum_freq = 0.0;
	n0_osc_sum_phase = 0.0;
	n0_osc_sum_width = 0.0;
	n0_osc_sum_pitch = 0.0;
	n0_osc_sum_saw = 0.0;
	n0_osc_sum_harmonics = 0.0;
}

void lane_flush(uint n) {
	granule_store(0u, n, n0_osc_sum_freq);
	granule_store(1u, n, n0_osc_sum_phase);
	granule_store(2u, n, n0_osc_sum_width);
	granule_store(3u, n, n0_osc_sum_pitch);
	granule_store(4u, n, n0_osc_sum_saw);
	granule_store(5u, n, n0_osc_sum_harmonics);
}

void lane_store(uint n) {
}

// lane_adjoint walks every node back over four frames, down to loop frame n, a multiple of 4.
void lane_adjoint(uint n) {
	uint at = lane_row * row_quads + (n - segment_first) / 4u;
	vec4 c0 = cotangent_load(0u * rows * row_quads + at);
	for (uint k = 4u; k > 0u;) {
		k--;
		uint m = n + k;
		precise real n0_osc = 0.0;
		n0_osc = n0_osc + frame_of(c0, k);
		n0_osc_adjoint(m, k, n0_osc);
	}
}


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
		row_double(2u) /* width */);
}

osc_cotangent n0_osc_back;

void n0_osc_rewind(uint top) {
	uint t = top - min(top, 0u);
	n0_osc_back = osc_rewind(osc_seek(n0_osc_params, n0_osc_info(), t));
}

precise float n0_osc_sum_freq = 0.0;
precise float n0_osc_sum_phase = 0.0;
precise float n0_osc_sum_width = 0.0;

void n0_osc_adjoint(uint m, uint k, float c) {
	uint t = m - 0u;
	osc_adjoint_begin(n0_osc_back, n0_osc_params);
	osc_adjoint_step(n0_osc_back, n0_osc_params, 0u, c);
	float d_freq;
	float d_phase;
	float d_width;
	osc_adjoint_end(n0_osc_back, n0_osc_params, t, true, d_freq, d_phase, d_width);
	n0_osc_sum_freq = n0_osc_sum_freq + d_freq;
	n0_osc_sum_phase = n0_osc_sum_phase + d_phase;
	n0_osc_sum_width = n0_osc_sum_width + d_width;
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
}

void lane_flush(uint n) {
	granule_store(0u, n, n0_osc_sum_freq);
	granule_store(1u, n, n0_osc_sum_phase);
	granule_store(2u, n, n0_osc_sum_width);
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
		precise float n0_osc = 0.0;
		n0_osc = n0_osc + frame_of(c0, k);
		n0_osc_adjoint(m, k, n0_osc);
	}
}


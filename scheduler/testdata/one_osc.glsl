// ---- node osc: osc -----------------------------------------------------------

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

osc_state n0_osc_state;

void n0_osc_seek(uint t) {
	n0_osc_state = osc_seek(n0_osc_params, n0_osc_info(), t);
}

real n0_osc_frame(uint t, uint quad) {
	osc_begin(n0_osc_state, n0_osc_params);
	return osc_step(n0_osc_state, n0_osc_params, 0u);
}

real4 n0_osc_quad(uint n) {
	real4 y = real4(0.0);
	y.x = n0_osc_frame(n, 0u);
	y.y = n0_osc_frame(n + 1u, 1u);
	y.z = n0_osc_frame(n + 2u, 2u);
	y.w = n0_osc_frame(n + 3u, 3u);
	return y;
}

// ---- all nodes ---------------------------------------------------------------

void lane_prepare() {
	n0_osc_prepare(0u);
}

void lane_seek(uint n) {
	n0_osc_seek(n - min(n, 0u));
}

void lane_recall() {}

void lane_load() {}

void lane_save() {}

void lane_fill(uint n) {
}

// lane_quad runs every node for four frames from loop frame n on, a multiple of 4.
void lane_quad(uint n, out vec4 y[OUTPUTS]) {
	real4 n0_osc = n0_osc_quad(n);
	y[0] = vec4(n0_osc);
}


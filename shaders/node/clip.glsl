//! step: params inputs
//! cost: 2
// clip: the input, limited to a range.

struct clip_params {
	real low, high;
};

clip_params clip_prepare(node_info info, real low, real high) {
	return clip_params(low, high);
}

real clip_step(clip_params p, real x) {
	return min(max(x, p.low), p.high);
}

//! adjoint: params inputs
void clip_adjoint(clip_params p, real x, real c, out real dx, out real dlow, out real dhigh) {
	bool above = max(x, p.low) > p.high;
	bool below = !above && x < p.low;
	dx = above || below ? real(0.0) : c;
	dlow = below ? c : real(0.0);
	dhigh = above ? c : real(0.0);
}

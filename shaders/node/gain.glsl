//! step: params inputs
//! cost: 1
// gain: the input times a parameter.

struct gain_params {
	real gain;
};

gain_params gain_prepare(node_info info, real gain) {
	return gain_params(gain);
}

real gain_step(gain_params p, real x) {
	precise real y = x * p.gain;
	return y;
}

//! adjoint: params inputs
void gain_adjoint(gain_params p, real x, real c, out real dx, out real dgain) {
	precise real to_x = c * p.gain;
	precise real to_gain = c * x;
	dx = to_x;
	dgain = to_gain;
}

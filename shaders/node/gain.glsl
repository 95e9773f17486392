//! step: params inputs
//! cost: 1
// gain: the input times a parameter.

struct gain_params {
	float gain;
};

gain_params gain_prepare(node_info info, float gain) {
	return gain_params(gain);
}

float gain_step(gain_params p, float x) {
	precise float y = x * p.gain;
	return y;
}

//! adjoint: params inputs
void gain_adjoint(gain_params p, float x, float c, out float dx, out float dgain) {
	precise float to_x = c * p.gain;
	precise float to_gain = c * x;
	dx = to_x;
	dgain = to_gain;
}

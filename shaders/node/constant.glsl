//! step: params
//! cost: 0
// constant: a signal that holds its parameter's value.

struct constant_params {
	float value;
};

constant_params constant_prepare(node_info info, float value) {
	return constant_params(value);
}

float constant_step(constant_params p) {
	return p.value;
}

//! adjoint:
void constant_adjoint(float c, out float dvalue) {
	dvalue = c;
}

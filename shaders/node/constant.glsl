//! step: params
//! cost: 0
// constant: a signal that holds its parameter's value.

struct constant_params {
	real value;
};

constant_params constant_prepare(node_info info, real value) {
	return constant_params(value);
}

real constant_step(constant_params p) {
	return p.value;
}

//! adjoint:
void constant_adjoint(real c, out real dvalue) {
	dvalue = c;
}

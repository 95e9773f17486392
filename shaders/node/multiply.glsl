//! step: fold
//! cost: 1
// multiply: the product of the inputs, in the order of their indices.

real multiply_first(real x) {
	return x;
}

real multiply_next(real product, real x) {
	precise real y = product * x;
	return y;
}

//! adjoint: fold others
// others is the product of all other inputs.
void multiply_adjoint(real others, real c, out real dx) {
	precise real to_x = c * others;
	dx = to_x;
}

//! step: fold
//! cost: 1
// multiply: the product of the inputs, in the order of their indices.

float multiply_first(float x) {
	return x;
}

float multiply_next(float product, float x) {
	precise float y = product * x;
	return y;
}

//! adjoint: fold others
// others is the product of all other inputs.
void multiply_adjoint(float others, float c, out float dx) {
	precise float to_x = c * others;
	dx = to_x;
}

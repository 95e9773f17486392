//! step: fold
//! cost: 2
// mix: the sum of the inputs times their levels, in the order of their indices.

float mix_first(float x, float level) {
	precise float y = x * level;
	return y;
}

float mix_next(float sum, float x, float level) {
	precise float y = x * level;
	y = sum + y;
	return y;
}

//! adjoint: fold
void mix_adjoint(float x, float level, float c, out float dx, out float dlevel) {
	precise float to_x = c * level;
	precise float to_level = c * x;
	dx = to_x;
	dlevel = to_level;
}

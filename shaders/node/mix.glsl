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

//! step: fold
//! cost: 2
// mix: the sum of the inputs times their levels, in the order of their indices.

real mix_first(real x, real level) {
	precise real y = x * level;
	return y;
}

real mix_next(real sum, real x, real level) {
	precise real y = x * level;
	y = sum + y;
	return y;
}

//! adjoint: fold
void mix_adjoint(real x, real level, real c, out real dx, out real dlevel) {
	precise real to_x = c * level;
	precise real to_level = c * x;
	dx = to_x;
	dlevel = to_level;
}

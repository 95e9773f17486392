//! step: signal
//! cost: 1
// input: a signal that the job brings, silent after its last frame.

float input_step(float signal) {
	return signal;
}

//! adjoint:
void input_adjoint(float c, out float dsignal) {
	dsignal = c;
}

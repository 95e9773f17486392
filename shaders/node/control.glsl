//! step: control
//! cost: 6
// control: a control signal, interpolated linearly to audio frames. A lane keeps the control frames that four audio
// frames are between: from one to the next, by how much, and by how much from there. All signals are read together,
// before a run of frames that they serve: software renderers run both sides of every if.

uniform uint control_base;  // the first control frame that is there

double control_read(uint signal, int k) {
	uint at = uint(min(k - int(control_base), int(control_frames) - 1));
	return row_params[(control_first + signal * control_frames + at) * rows + lane_row];
}

// control_index is the control frame at or before an audio frame.
int control_index(uint t) {
	precise double place = double(min(t, frames - 1u)) * control_pace;
	return min(int(place), int(control_base + control_frames) - 2);
}

// control_quads is for how many quads, of which the first starts at audio frame t, control frame k is the one at or
// before their start. It may be too few, by one where the last quad starts close to the next control frame.
uint control_quads(int k, uint t) {
	precise double left = double(min(t, frames - 1u)) * control_pace;
	left = double(k + 1) - left;
	left = left * control_span;
	left = left - 0.0009765625LF;
	return 1u + uint(int(max(min(left, 268435456.0LF), 0.0LF)));
}

// control_step is the signal at frame t, which is at most two control frames after frame k.
double control_step(int k, double from, double by, double next, uint t) {
	precise double w = double(min(t, frames - 1u)) * control_pace;
	w = w - double(k);
	precise double later = max(w - 1.0LF, 0.0LF) * next;
	precise double y = min(w, 1.0LF) * by;
	y = from + y;
	y = y + later;
	return y;
}

// The same in single precision, for what is rounded to that anyway. The place between the control frames is not.
float control_step(int k, float from, float by, float next, uint t) {
	precise double place = double(min(t, frames - 1u)) * control_pace;
	place = place - double(k);
	precise float w = float(place);
	precise float later = max(w - 1.0, 0.0) * next;
	precise float y = min(w, 1.0) * by;
	y = from + y;
	y = y + later;
	return y;
}

//! adjoint:
void control_adjoint(float c, out float dsignal) {
	dsignal = c;
}

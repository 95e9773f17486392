//! uses: exp2_wide
//! step: params
//! cost: 30
// pitch: the frequency of a note, in double until it is a signal.

struct pitch_params {
	real hz, per_note, ratio;
};

pitch_params pitch_prepare(node_info info, double note, double reference) {
	precise double octaves = (note - 69.0LF) * 0.083333333333333333LF;
	precise double ratio = exp2_precise(octaves);
	precise double hz = reference * ratio;
	precise double per_note = hz * 0.057762265046662109LF;
	return pitch_params(real(hz), real(per_note), real(ratio));
}

real pitch_step(pitch_params p) {
	return p.hz;
}

//! adjoint: params
void pitch_adjoint(pitch_params p, real c, out real dnote, out real dreference) {
	precise real to_note = c * p.per_note;
	precise real to_reference = c * p.ratio;
	dnote = to_note;
	dreference = to_reference;
}

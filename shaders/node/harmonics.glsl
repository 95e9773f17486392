//! uses: reciprocal exp2
//! step: inputs
//! cost: 35
// harmonics: 12000/(F log10 F) of the frequency F in Hz of a pitch.
//
// log2 F is a twelfth of the semitones s above 1 Hz, so that this is 12 12000/log10(2) 2^(-s/12) / s.

// harmonics_semitones is how far the pitch is above 1 Hz: 69 - 12 log2(440) below 0, in two parts, so that nothing is
// lost near it.
real harmonics_semitones(real pitch) {
	precise real s = min(max(pitch, real(-36.0)), real(300.0));
	s = s + real(36.37631607055664LF);
	s = s + real(4.9173927462383619e-7LF);
	return s;
}

real harmonics_count(real semitones) {
	precise real octaves = semitones * real(-0.083333333333333329LF);
	precise real k = recip(semitones) * real(478357.64566378017LF);
	k = k * exp2_precise(octaves);
	return k;
}

real harmonics_step(real x) {
	return harmonics_count(harmonics_semitones(x));
}

//! adjoint: inputs
// A semitone changes ln K by -(ln 2/12 + 1/s).
void harmonics_adjoint(real x, real c, out real dx) {
	real s = harmonics_semitones(x);
	precise real d = recip(s) + real(0.057762265046662109LF);
	d = d * harmonics_count(s);
	d = d * c;
	bool outside = x < real(-36.0) || x > real(300.0);
	dx = outside ? real(0.0) : -d;
}

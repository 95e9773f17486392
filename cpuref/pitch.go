package cpuref

import "math"

// forwardPitch is the step of [kpn.KindPitch].
func forwardPitch(r *run) {
	note, reference := r.param("note"), r.param("reference")
	for i := range r.out {
		r.out[i] = reference[i] * math.Exp2((note[i]-69)/12)
	}
}

// adjointPitch: a semitone is a twelfth of ln 2, and the frequency is in
// proportion to the reference.
func adjointPitch(r *backRun) {
	note, reference := r.param("note"), r.param("reference")
	byNote, byReference := r.derivative("note"), r.derivative("reference")
	for i, c := range r.cotangent {
		ratio := math.Exp2((note[i] - 69) / 12)
		byNote[i] = c * reference[i] * ratio * math.Ln2 / 12
		byReference[i] = c * ratio
	}
}

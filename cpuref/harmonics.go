package cpuref

import (
	"math"

	"sawmill/kpn"
)

// forwardHarmonics is the step of [kpn.KindHarmonics].
func forwardHarmonics(r *run) {
	for i, pitch := range r.in[0] {
		hz := harmonicsHertz(pitch)
		r.out[i] = 12000 / (hz * math.Log10(hz))
	}
}

// harmonicsHertz is the frequency that a pitch counts as.
func harmonicsHertz(pitch float64) float64 {
	pitch = min(max(pitch, kpn.HarmonicsLowest), kpn.HarmonicsHighest)
	return 440 * math.Exp2((pitch-69)/12)
}

// adjointHarmonics: a semitone changes ln F by ln 2/12, and ln K by that times
// −(1 + 1/ln F).
func adjointHarmonics(r *backRun) {
	for i, c := range r.cotangent {
		pitch := r.in[0][i]
		r.inputs[0][i] = 0
		if pitch < kpn.HarmonicsLowest || pitch > kpn.HarmonicsHighest {
			continue
		}
		hz := harmonicsHertz(pitch)
		slope := -math.Ln2 / 12 * (1 + 1/math.Log(hz))
		r.inputs[0][i] = c * slope * 12000 / (hz * math.Log10(hz))
	}
}

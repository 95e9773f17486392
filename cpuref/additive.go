package cpuref

import (
	"math"

	"sawmill/kpn"
)

// forwardAdditive is the step of [kpn.KindAdditive].
func forwardAdditive(r *run) {
	freq, offset := r.param("freq"), r.param("phase")
	count, tilt, balance := r.param("count"), r.param("tilt"), r.param("balance")
	perHertz := 1 / r.job.Rate
	phase := *r.phase
	var held spectrum
	var amplitudes [kpn.MaxHarmonics + 1]float64
	for i := range r.out {
		step := increment(freq[i], r.job.Rate, perHertz)
		if s := (spectrum{count[i], tilt[i], balance[i]}); s != held {
			held = s
			for k := 1; s.has(k, 0); k++ {
				amplitudes[k] = s.amplitude(k)
			}
		}
		at := phase + fixed(offset[i])
		sum := 0.0
		for k := 1; held.has(k, step); k++ {
			sum += float64(amplitudes[k] * math.Sin(angle(uint64(k)*at)))
		}
		r.out[i] = sum
		phase += step
	}
	*r.phase = phase
}

// angle is a fixed-point phase in radians, in [−π, π), where it is finest.
func angle(phase uint64) float64 { return 2 * math.Pi * (float64(int64(phase)) / cycle) }

// spectrum is the amplitudes of an additive during one frame.
type spectrum struct {
	count, tilt, balance float64
}

// has says whether there is a harmonic and it is below half the sample rate.
func (s spectrum) has(k int, increment uint64) bool {
	return float64(k) < s.count+1 && (increment == 0 || uint64(k) <= (cycle/2-1)/increment)
}

// share is the part that there is of a harmonic.
func (s spectrum) share(k int) float64 { return min(s.count-float64(k-1), 1) }

// side is what the balance leaves of a harmonic.
func (s spectrum) side(k int) float64 {
	if k%2 == 1 {
		return 1 - s.balance
	}
	return 1 + s.balance
}

// fall is what the tilt leaves of a harmonic.
func (s spectrum) fall(k int) float64 { return math.Pow(float64(k), -s.tilt) }

// amplitude is the whole of it.
func (s spectrum) amplitude(k int) float64 { return s.fall(k) * s.side(k) * s.share(k) }

// adjointAdditive differentiates as if the fixed-point phase were a real
// number, which is offset + Σ increments of all earlier frames.
func adjointAdditive(r *backRun) {
	freq, offset := r.param("freq"), r.param("phase")
	count, tilt, balance := r.param("count"), r.param("tilt"), r.param("balance")
	byFreq, byPhase := r.derivative("freq"), r.derivative("phase")
	byCount, byTilt, byBalance := r.derivative("count"), r.derivative("tilt"), r.derivative("balance")
	perHertz := 1 / r.job.Rate
	phase := r.startPhase
	for _, f := range freq {
		phase += increment(f, r.job.Rate, perHertz)
	}
	for i := len(r.cotangent) - 1; i >= 0; i-- {
		step := increment(freq[i], r.job.Rate, perHertz)
		phase -= step
		s := spectrum{count[i], tilt[i], balance[i]}
		by := s.slope(phase+fixed(offset[i]), step)
		c := r.cotangent[i]
		byFreq[i] = *r.later * perHertz
		byPhase[i] = c * by.phase
		byCount[i] = c * by.count
		byTilt[i] = c * by.tilt
		byBalance[i] = c * by.balance
		*r.later += byPhase[i]
	}
}

// spectrumSlope is the derivatives of a frame by the phase in cycles and by
// the spectrum.
type spectrumSlope struct {
	phase, count, tilt, balance float64
}

// slope differentiates a frame.
func (s spectrum) slope(phase, increment uint64) (by spectrumSlope) {
	for k := 1; s.has(k, increment); k++ {
		n := float64(k)
		sin, cos := math.Sincos(angle(uint64(k) * phase))
		amplitude, part := s.amplitude(k), s.fall(k)*sin
		by.phase += 2 * math.Pi * n * amplitude * cos
		by.tilt -= math.Log(n) * amplitude * sin
		if n >= s.count {
			by.count += s.side(k) * part
		}
		if k%2 == 1 {
			by.balance -= s.share(k) * part
		} else {
			by.balance += s.share(k) * part
		}
	}
	return by
}

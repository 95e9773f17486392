package cpuref

import (
	"math"

	"sawmill/kpn"
)

// decimator is the cascade of half-band filters behind an oversampled node;
// empty for a node that steps once a frame.
type decimator []stage

// stage is one half-band filter with its taps.
type stage struct {
	// m and pad are those of [kpn.HalfBand].
	m, pad int
	// odd holds the taps at offsets 1, 3, …, 2m−1 from the centre, on either
	// side. The centre's is ½ and the others are 0.
	odd []float64
}

// newDecimator designs the filters of a node.
func newDecimator(ratio int, q kpn.Quality) decimator {
	halfBands, _ := kpn.Decimator(ratio, q)
	var d decimator
	for _, h := range halfBands {
		d = append(d, stage{m: h.M, pad: h.Pad, odd: oddTaps(h)})
	}
	return d
}

// oddTaps evaluates the definition of [kpn.HalfBand] and scales the taps so
// that both sides together add up to ½.
func oddTaps(h kpn.HalfBand) []float64 {
	taps := make([]float64, h.M)
	sum := 0.0
	for i := range taps {
		k := float64(2*i + 1)
		sign := 1.0 - float64(2*(i%2)) // sin(πk/2)
		x := k / float64(2*h.M-1)
		window := besselI0(h.Beta * math.Sqrt(1-float64(x*x)))
		taps[i] = sign / (math.Pi * k) * window
		sum += 2 * taps[i]
	}
	for i := range taps {
		taps[i] *= 0.5 / sum
	}
	return taps
}

// besselI0 is the modified Bessel function of the first kind and order 0, by
// its power series Σ ((x/2)ⁿ/n!)². All terms are positive, so nothing cancels.
func besselI0(x float64) float64 {
	sum, term := 1.0, 1.0
	for n := 1.0; term > sum*0x1p-60; n++ {
		term *= x / (2 * n) * (x / (2 * n))
		sum += term
	}
	return sum
}

// memory is how many samples the cascade keeps for each row.
func (d decimator) memory() int {
	total := 0
	for _, s := range d {
		total += s.memory()
	}
	return total
}

// work is how much scratch a run over so many frames needs, at most.
func (d decimator) work(frames int) int {
	most := 0
	for i, s := range d {
		most = max(most, s.memory()+frames<<(len(d)-i))
	}
	return most
}

// run brings src, of 2 to the number of stages samples a frame, down to dst.
// It overwrites src.
func (d decimator) run(dst, src, history, work []float64) {
	for _, s := range d {
		half := src[:len(src)/2]
		s.run(half, src, history[:s.memory()], work)
		history = history[s.memory():]
		src = half
	}
	if len(d) > 0 {
		copy(dst, src)
	}
}

// memory is how many samples the stage keeps: the last m−1 even ones, the
// last 2m−1 odd ones, and one if the input is padded.
func (s *stage) memory() int { return s.m - 1 + 2*s.m - 1 + s.pad }

// run filters and halves src into dst, which may lie on it.
//
// Samples 2i and 2i+1 arrive for output i. With the even and the odd samples
// taken apart, the centre is on even[i−(m−1)], and its neighbours at offsets
// 2j+1 and −2j−1 are odd[i−m+1+j] and odd[i−m−j].
func (s *stage) run(dst, src, history, work []float64) {
	n := len(src) / 2
	even := work[:s.m-1+n]
	odd := work[len(even) : len(even)+2*s.m-1+n]
	kept := copy(even, history[:s.m-1])
	kept += copy(odd, history[kept:kept+2*s.m-1])
	s.split(even[s.m-1:], odd[2*s.m-1:], src, history[kept:])
	copy(history, even[n:])
	copy(history[s.m-1:], odd[n:])
	// Tap by tap over all outputs: the sums don't wait for each other.
	for i, centre := range even[:n] {
		dst[i] = 0.5 * centre
	}
	for j, tap := range s.odd {
		left, right := odd[s.m-1-j:][:n], odd[s.m+j:][:n]
		for i := range dst[:n] {
			dst[i] += float64(tap * (left[i] + right[i]))
		}
	}
}

// split takes the even and the odd samples of the stage's input apart. With
// pad, the input is src one sample late.
func (s *stage) split(even, odd, src, late []float64) {
	if s.pad == 0 {
		for i := range even {
			even[i], odd[i] = src[2*i], src[2*i+1]
		}
		return
	}
	last := late[0]
	for i := range even {
		even[i], odd[i] = last, src[2*i]
		last = src[2*i+1]
	}
	late[0] = last
}

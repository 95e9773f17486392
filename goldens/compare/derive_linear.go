package compare

import (
	"math"

	"sawmill/kpn"
)

// linear is a filter s' = M·s + B·in, out = C·s + D·in.
type linear struct {
	m    matrix
	b, c [2]float64
	d    float64
}

// sums are of a filter's magnitudes, for an input of 1: what the output and the
// two states are at most, and what an error of 1 of each state in each frame
// adds to the output. spread is what roundings of deviation 1 do. The lengths
// are the same as gain and states for an input whose squares add up to 1;
// infinite where they are not known.
type sums struct {
	gain                    float64
	states, carried, spread [2]float64
	length                  float64
	lengths                 [2]float64
}

// of is the largest magnitude of the output.
func (s *sums) of(in fed) float64 { return size(s.gain, s.length, in.magnitude, in.energy) }

// size is the largest magnitude of what has a sum and a length, for an input of
// a magnitude and of squares that add up to an energy.
func size(sum, length, magnitude, energy float64) float64 {
	return min(times(sum, magnitude), times(length, math.Sqrt(energy)))
}

// directFrames is how many frames of an impulse response are added up one by
// one; what is left is bounded by norms.
const directFrames = 1 << 12

// sums adds up the responses over so many frames. Poles at an angle come around
// in so many frames of period.
func (f *linear) sums(frames int, period float64) sums {
	s := sums{gain: math.Abs(f.d)}
	var squares, energies [2]float64
	energy := f.d * f.d
	state, power := f.b, matrix{{1, 0}, {0, 1}}
	direct := min(frames, directFrames)
	for range direct {
		y := dot(f.c, state)
		s.gain += math.Abs(y)
		energy += y * y
		for j := range 2 {
			s.states[j] += math.Abs(state[j])
			energies[j] += state[j] * state[j]
			out := math.Abs(f.c[0]*power[0][j] + f.c[1]*power[1][j])
			s.carried[j] += out
			squares[j] += out * out
		}
		state, power = f.m.apply(state), f.m.times(power)
	}
	if frames > direct {
		rest, size := f.m.powers(frames-direct), math.Hypot(f.c[0], f.c[1])
		last := math.Hypot(state[0], state[1])
		left, squared := last*rest, last*last*rest
		s.gain += size * left
		energy += size * size * squared
		for j := range 2 {
			s.states[j] += left
			energies[j] += squared
			out := size * math.Hypot(power[0][j], power[1][j])
			s.carried[j] += out * rest
			squares[j] += out * out * rest
		}
	}
	s.length = math.Sqrt(energy)
	for j, still := range f.still() {
		s.lengths[j] = math.Sqrt(energies[j])
		s.spread[j] = spread(s.carried[j], squares[j], still, period)
	}
	return s
}

// still is what errors of 1 of each state that are the same in every frame end
// up as in the output: C·(1 − M)⁻¹.
func (f *linear) still() [2]float64 {
	a, b, c, d := 1-f.m[0][0], -f.m[0][1], -f.m[1][0], 1-f.m[1][1]
	per := 1 / (a*d - b*c)
	return [2]float64{
		math.Abs(f.c[0]*d-f.c[1]*c) * per,
		math.Abs(f.c[1]*a-f.c[0]*b) * per,
	}
}

// spread is the deviation that roundings of deviation 1 in each frame have in
// the output, given the sums of a response's magnitudes and of their squares.
//
// Independent ones add up as squares. A signal that holds still repeats them,
// all of which then count as the response has it at frequency 0; one that
// repeats itself as the poles do, after P frames, has two harmonics of P there,
// where the response is no larger than its sum.
func spread(sum, squares, still, period float64) float64 {
	square := squares + still*still + 2*sum*sum/max(period, 2)
	if !(square < sum*sum) {
		return sum
	}
	return math.Sqrt(square)
}

// fed is what is known of a filter's input: its bound, and the sum of its
// squares, infinite where that was not measured.
type fed struct {
	bound
	energy float64
}

// fedTo is what is known of what comes to a node's only port. The candidate's
// energy is larger by its errors.
func (d *derivation) fedTo(n *kpn.Node, in bound) fed {
	at, ok := d.ranges[d.graph.Inputs(n.ID)[0].From]
	if !ok {
		return fed{in, math.Inf(1)}
	}
	length := math.Sqrt(at.energy) + math.Sqrt(float64(d.frames()))*d.fine*in.sample()
	return fed{in, length * length}
}

package fuzz

import "math/rand/v2"

// tape is where a trial's choices come from: bytes, and zeros behind their
// end. Choice 0 is the plainest, so that short tapes make plain trials.
type tape struct {
	bytes []byte
	at    int
}

// seedBytes is the length of a seed's tape: most trials read less.
const seedBytes = 768

// seedTape is the tape of a seed.
func seedTape(seed uint64) []byte {
	source := rand.NewPCG(seed, 0x5a)
	data := make([]byte, 0, seedBytes)
	for len(data) < seedBytes {
		word := source.Uint64()
		for range 8 {
			data = append(data, byte(word))
			word >>= 8
		}
	}
	return data
}

func (t *tape) byte() int {
	if t.at >= len(t.bytes) {
		return 0
	}
	t.at++
	return int(t.bytes[t.at-1])
}

// pick is a number from 0 to n-1.
func (t *tape) pick(n int) int {
	if n <= 1 {
		return 0
	}
	x := t.byte()
	if n > 64 {
		x = x<<8 | t.byte()
	}
	return x % n
}

// chance is true one time in so many, and never on a tape of zeros.
func (t *tape) chance(in int) bool { return t.pick(in) == in-1 }

// unit is a number in [0, 1), a multiple of 2⁻¹⁶.
func (t *tape) unit() float64 { return float64(t.byte()<<8|t.byte()) / (1 << 16) }

// word is 64 bits.
func (t *tape) word() uint64 {
	var w uint64
	for range 8 {
		w = w<<8 | uint64(t.byte())
	}
	return w
}

// from picks one of a list.
func from[T any](t *tape, list []T) T { return list[t.pick(len(list))] }

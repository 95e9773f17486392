package cpuref

import (
	"math"
	"math/bits"

	"sawmill/kpn"
)

// pinkDraw is the size of a draw of pink noise: half its range.
const pinkDraw = 1 << 21

// pink is the weighted sum of the generators at a frame, a whole number.
//
// Generator j ≥ 3 holds what it drew at the last frame t' ≤ t with
// t' ≡ 2^(j−1) mod 2ʲ. That frame may be before 0.
func (d *draws) pink(t uint32) float64 {
	centred := func(word uint32) int64 { return int64(word>>10) - pinkDraw }
	sum := 9 * centred(d.block(t / 4)[t%4])
	own := d.block(kpn.PinkBlock + t/4)
	sum += 9*centred(own[t%4/2]) + 8*centred(own[2])
	for j := 3; j < kpn.PinkRows; j++ {
		every := int64(1) << j
		drawn := (int64(t)+every/2)/every*every - every/2
		counter := uint32(drawn/4) & (kpn.PinkBlock - 1)
		sum += 8 * centred(d.block(kpn.PinkBlock + counter)[3])
	}
	return float64(sum)
}

// brown is a leaky integral at a frame: the interval around it is halved until
// the frame is its start.
func (d *draws) brown(t uint32) float64 {
	start := t - t%kpn.BrownSpacing
	left, right := d.uniform(start), d.uniform(start+kpn.BrownSpacing)
	for half := uint32(kpn.BrownSpacing / 2); start != t; half /= 2 {
		b := bridges[bits.Len32(half)-1]
		middle := float64(b.ends*(left+right)) + float64(b.rest*d.uniform(start+half))
		if t >= start+half {
			start, left = start+half, middle
		} else {
			right = middle
		}
	}
	return left
}

// bridge is how much of a middle frame its interval's ends make, each, and how
// much its own draw does.
type bridge struct {
	ends, rest float64
}

// bridges has them by the logarithm of the interval's half, up to half of
// [kpn.BrownSpacing].
var bridges = newBridges()

func newBridges() (list [13]bridge) {
	for i := range list {
		rho := math.Pow(1-kpn.BrownLeak, math.Exp2(float64(i)))
		list[i] = bridge{ends: rho / (1 + rho*rho), rest: math.Sqrt((1 - rho*rho) / (1 + rho*rho))}
	}
	return list
}

package cpuref

import (
	"math"

	"sawmill/kpn"
)

// forwardNoise is the step of [kpn.KindNoise].
func forwardNoise(r *run) {
	distribution := r.param("distribution")
	key := kpn.SeedKey(r.job.Seed)
	item := r.job.FirstItem + uint64(r.b)
	var words [4]uint32
	for i := range r.out {
		t := r.first + i
		if i == 0 || t%4 == 0 {
			counter := kpn.NoiseCounter(uint32(t/4), item, r.c, r.node.stream)
			words = kpn.Philox4x32(counter, key)
		}
		if distribution[i] == kpn.NoiseGaussian {
			pair := t % 4 / 2 * 2
			r.out[i] = gaussian(words[pair], words[pair+1], t%2 == 1)
		} else {
			r.out[i] = float64(int64(words[t%4]>>8)-1<<23) / (1 << 23)
		}
	}
}

// gaussian is one of the two normal deviates that Box and Muller make of two
// words: the cosine's, or the sine's if odd.
func gaussian(first, second uint32, odd bool) float64 {
	radius := math.Sqrt(-2 * math.Log((float64(first)+0.5)/(1<<32)))
	sin, cos := math.Sincos(2 * math.Pi * (float64(second) / (1 << 32)))
	if odd {
		return radius * sin
	}
	return radius * cos
}

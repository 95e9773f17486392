package cpuref

import (
	"math"

	"sawmill/kpn"
)

// forwardNoise is the step of [kpn.KindNoise].
func forwardNoise(r *run) {
	distribution, color := r.param("distribution"), r.param("color")
	d := draws{
		key:    kpn.SeedKey(r.job.Seed),
		item:   r.job.FirstItem + uint64(r.b),
		c:      r.c,
		stream: r.node.stream,
	}
	for i := range r.out {
		t := uint32(r.first + i)
		normal := distribution[i] == kpn.NoiseGaussian
		switch {
		case color[i] == kpn.NoisePink && normal:
			r.out[i] = d.pink(t) / (pinkDraw * math.Sqrt(374))
		case color[i] == kpn.NoisePink:
			r.out[i] = d.pink(t) / (pinkDraw * 138)
		case color[i] == kpn.NoiseBrown && normal:
			r.out[i] = d.brown(t) * math.Sqrt(3)
		case color[i] == kpn.NoiseBrown:
			r.out[i] = d.brown(t) / 4
		case normal:
			words := d.block(t / 4)
			pair := t % 4 / 2 * 2
			r.out[i] = gaussian(words[pair], words[pair+1], t%2 == 1)
		default:
			r.out[i] = d.uniform(t)
		}
	}
}

// draws are those of one row of a noise. The last block is kept.
type draws struct {
	key    [2]uint32
	item   uint64
	c      int
	stream uint32
	held   bool
	at     uint32
	words  [4]uint32
}

// block is the words of a counter.
func (d *draws) block(counter uint32) [4]uint32 {
	if !d.held || d.at != counter {
		d.held, d.at = true, counter
		d.words = kpn.Philox4x32(kpn.NoiseCounter(counter, d.item, d.c, d.stream), d.key)
	}
	return d.words
}

// uniform is white noise at a frame.
func (d *draws) uniform(t uint32) float64 {
	return float64(int64(d.block(t / 4)[t%4]>>8)-1<<23) / (1 << 23)
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

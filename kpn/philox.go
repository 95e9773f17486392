package kpn

import "math/bits"

// Philox4x32 is the counter-based generator Philox4x32-10: ten rounds over a
// counter of four words with a key of two. Neighbouring counters give
// independent words, so any sample can be drawn without those before it.
//
// Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1,
// 2, 3", SC 2011.
func Philox4x32(counter [4]uint32, key [2]uint32) [4]uint32 {
	const (
		multiplier0, multiplier1 = 0xD2511F53, 0xCD9E8D57
		weyl0, weyl1             = 0x9E3779B9, 0xBB67AE85
	)
	c := counter
	for range 10 {
		hi0, lo0 := bits.Mul32(multiplier0, c[0])
		hi1, lo1 := bits.Mul32(multiplier1, c[2])
		c = [4]uint32{hi1 ^ c[1] ^ key[0], lo1, hi0 ^ c[3] ^ key[1], lo0}
		key[0] += weyl0
		key[1] += weyl1
	}
	return c
}

// SeedKey is the generator's key for a seed: its low and high words.
func SeedKey(seed uint64) [2]uint32 { return [2]uint32{uint32(seed), uint32(seed >> 32)} }

// NoiseCounter is the counter of four consecutive frames (block = frame/4) of
// a noise node: block, item's low word, channel in the low half and item's
// bits 32–47 in the high half, stream.
func NoiseCounter(block uint32, item uint64, channel int, stream uint32) [4]uint32 {
	return [4]uint32{block, uint32(item), uint32(channel)&0xFFFF | uint32(item>>32)<<16, stream}
}

// Stream is the generator stream of a name: the FNV-1a hash of its bytes. A
// node's stream is that of "node:" and its ID, a sampled parameter's that of
// "param:" and its name, so that reordering a graph changes no sound.
func Stream(name string) uint32 {
	h := uint32(2166136261)
	for i := range len(name) {
		h = (h ^ uint32(name[i])) * 16777619
	}
	return h
}

// NodeStream is the stream of a node.
func NodeStream(id string) uint32 { return Stream("node:" + id) }

// UnitDraw is the draw of a sampled parameter for an item: uniform in [0, 1),
// a multiple of 2⁻⁵³.
func UnitDraw(seed, item uint64, param string) float64 {
	w := Philox4x32(NoiseCounter(0, item, 0, Stream("param:"+param)), SeedKey(seed))
	return float64(uint64(w[0])<<21|uint64(w[1])>>11) / (1 << 53)
}

package cpuref

// undelay is the transpose of delay over the frames from t on: it adds src to
// dst a ring's length early. The ring holds what later frames have left for
// earlier ones.
func undelay(dst, src, ring []float64, t int) {
	for i := len(src) - 1; i >= 0; i-- {
		if len(ring) == 0 {
			dst[i] += src[i]
			continue
		}
		at := &ring[(t+i)%len(ring)]
		dst[i] += *at
		*at = src[i]
	}
}

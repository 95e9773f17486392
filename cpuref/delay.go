package cpuref

// delay makes dst the frames of src a ring's length late. The ring holds the
// last frames of src, zeros at first; the frame at t overwrites the one that
// it pushes out, so that t alone says where it is. An empty ring delays
// nothing.
func delay(dst, src, ring []float64, t int) {
	if len(ring) == 0 {
		copy(dst, src)
		return
	}
	for len(src) > 0 {
		at := ring[t%len(ring):]
		n := min(len(at), len(src))
		copy(dst, at[:n])
		copy(at, src[:n])
		dst, src, t = dst[n:], src[n:], t+n
	}
}

// recall makes dst what a ring of at least as many frames holds for the frames
// from t on, and store puts src in its place: together they are delay, for
// sources that are evaluated after their readers.
func recall(dst, ring []float64, t int) {
	for len(dst) > 0 {
		n := copy(dst, ring[t%len(ring):])
		dst, t = dst[n:], t+n
	}
}

func store(src, ring []float64, t int) {
	for len(src) > 0 {
		n := copy(ring[t%len(ring):], src)
		src, t = src[n:], t+n
	}
}

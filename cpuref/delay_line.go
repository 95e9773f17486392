package cpuref

import "math"

// delayMemory is the frames of the input that a [kpn.KindDelay] can still read:
// in a ring, each at its number modulo the length.
func delayMemory(v *node, _ float64) int {
	for i := range v.params {
		if v.params[i].Name == "most" {
			return int(v.params[i].Value) + 2
		}
	}
	panic("cpuref: kind delay has no parameter most")
}

// delayTap is where a delay reads: this many frames back, and the part that it
// takes of the frame before that.
func delayTap(frames, most float64) (whole int, part float64) {
	d := min(frames, most)
	floor := math.Floor(d)
	return int(floor), d - floor
}

// at is the place of frame n in a ring; before frame 0 there is none.
func at(n, size int) (slot int, ok bool) { return (n%size + size) % size, n >= 0 }

// forwardDelay is the step of [kpn.KindDelay].
func forwardDelay(r *run) {
	in, frames, most := r.in[0], r.param("frames"), r.param("most")
	ring := r.memory
	for i := range r.out {
		n := r.first + i
		slot, _ := at(n, len(ring))
		ring[slot] = in[i]
		whole, part := delayTap(frames[i], most[i])
		near, _ := at(n-whole, len(ring))
		far, _ := at(n-whole-1, len(ring))
		r.out[i] = float64((1-part)*ring[near]) + float64(part*ring[far])
	}
}

// adjointDelay: what a frame's output gets goes to the frames that it was read
// from. Once the walk is at a frame, all that have read it have been there.
func adjointDelay(r *backRun) {
	in, frames, most := r.in[0], r.param("frames"), r.param("most")
	byFrames := r.derivative("frames")
	ring, size := r.memoryCotangent, len(r.memoryCotangent)
	past := func(n int) float64 {
		if n >= r.first {
			return in[n-r.first]
		}
		slot, ok := at(n, size)
		if !ok {
			return 0
		}
		return r.startMemory[slot]
	}
	for i := len(r.cotangent) - 1; i >= 0; i-- {
		n, c := r.first+i, r.cotangent[i]
		whole, part := delayTap(frames[i], most[i])
		if slot, ok := at(n-whole, size); ok {
			ring[slot] += (1 - part) * c
		}
		if slot, ok := at(n-whole-1, size); ok {
			ring[slot] += part * c
		}
		if frames[i] < most[i] {
			byFrames[i] = c * (past(n-whole-1) - past(n-whole))
		}
		slot, _ := at(n, size)
		r.inputs[0][i] = ring[slot]
		ring[slot] = 0
	}
}

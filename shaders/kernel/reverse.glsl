// main walks one chunk of one row from its last frame to its first. A lane that can seek starts up to WARM_UP frames
// after its chunk, for the memory of the filters' adjoints; one that carries state goes on where the segment after
// ended. Sums are stored once a granule, in a loop of its own: a software renderer runs both sides of every if.
void main() {
	if (!lane_begin()) {
		return;
	}
	uint first = segment_first + lane_index / rows * chunk_frames;
	uint end = min(first + chunk_frames, segment_first + segment_frames);
	uint top = CARRY ? end : min(end + WARM_UP, window_end);
	lane_start = CARRY ? loop_frames : top;
	lane_prepare();
	lane_rewind(top);
	for (uint n = top; n > first;) {
		uint granule = (n - 1u) / GRANULE * GRANULE;
		lane_forget();
		while (n > granule) {
			n -= 4u;
			lane_adjoint(n);
			if (n < end) {
				lane_store(n);
			}
		}
		if (n < end) {
			lane_flush(n);
		}
	}
	lane_shut();
}

// main finds the largest magnitude of a signal on the tape, over the frames that the job asks for.
void main() {
	if (!lane_begin()) {
		return;
	}
	uint first = segment_first + lane_index / rows * chunk_frames;
	uint end = min(first + chunk_frames, segment_first + segment_frames);
	uint at = (TAPE_SLOT * rows + lane_row) * row_quads + (first - segment_first) / 4u;
	float largest = 0.0;
	for (uint n = first; n < end; n += 4u) {
		vec4 x = abs(tape_load(at++));
		for (uint k = 0u; k < 4u; k++) {
			bool asked = n + k >= LATENCY && n + k - LATENCY < frames;
			largest = max(largest, asked ? frame_of(x, k) : 0.0);
		}
	}
	atomicMax(peaks[PEAK_SLOT * rows + lane_row], floatBitsToUint(largest));
}

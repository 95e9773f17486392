// main gives what the keep kernel stored to the whole-row node and stores what it makes of it.
void main() {
	if (!lane_begin()) {
		return;
	}
	uint first = lane_index / rows * chunk_frames;
	uint quads = (min(chunk_frames, segment_frames - first) + 3u) / 4u;
	uint n = segment_first + first + LATENCY;
	uint at = lane_row * row_quads + store_quad + first / 4u;
	lane_prepare();
	for (uint q = 0u; q < quads; q++) {
		sample_store(at + q, lane_scale(n + 4u * q, sample_load(at + q)));
	}
}

// main renders one chunk of one row and stores it four frames at a time.
void main() {
	if (!lane_begin()) {
		return;
	}
	uint first = lane_index / rows * chunk_frames;
	uint quads = (min(chunk_frames, segment_frames - first) + 3u) / 4u;
	uint n = lane_warm_up(segment_first + first);
	uint at = lane_row * row_quads + first / 4u;
	for (uint q = 0u; q < quads; q++) {
		float y0[OUTPUTS], y1[OUTPUTS], y2[OUTPUTS], y3[OUTPUTS];
		lane_frame(n, 0, y0);
		lane_frame(n + 1u, 1, y1);
		lane_frame(n + 2u, 2, y2);
		lane_frame(n + 3u, 3, y3);
		for (int o = 0; o < OUTPUTS; o++) {
			samples[uint(o) * rows * row_quads + at + q] = vec4(y0[o], y1[o], y2[o], y3[o]);
		}
		n += 4u;
	}
	lane_end();
}

// main renders one chunk of one row and stores it four frames at a time.
void main() {
	if (!lane_begin()) {
		return;
	}
	uint first = lane_index / rows * chunk_frames;
	uint deliver = segment_first + first + LATENCY;
	uint end = deliver + min(chunk_frames, segment_frames - first);
	uint at = lane_row * row_quads + store_quad + first / 4u;
	for (uint n = lane_warm_up(deliver); n < end;) {
		uint until = min(lane_control(n), end);
		do {
			vec4 y[OUTPUTS];
			lane_quad(n, y);
			if (n >= deliver) {
				for (int o = 0; o < OUTPUTS; o++) {
					sample_store(uint(o) * rows * row_quads + at, y[o]);
				}
				at++;
			}
			n += 4u;
		} while (n < until);
	}
	lane_end();
}

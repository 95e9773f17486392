// main renders one chunk of one row, stores it four frames at a time and finds its largest magnitude, so that
// a job that fits one segment needs no second pass over the graph: the scale kernel finishes it in place.
void main() {
	if (!lane_begin()) {
		return;
	}
	uint first = lane_index / rows * chunk_frames;
	uint deliver = segment_first + first + LATENCY;
	uint end = deliver + min(chunk_frames, segment_frames - first);
	uint at = lane_row * row_quads + store_quad + first / 4u;
	float largest = 0.0;
	for (uint n = lane_warm_up(deliver); n < end;) {
		uint until = min(lane_control(n), end);
		do {
			vec4 y[OUTPUTS];
			lane_quad(n, y);
			if (n >= deliver) {
				sample_store(at, y[0]);
				at++;
			}
			largest = max(largest, lane_largest(y[0], n, deliver, end));
			n += 4u;
		} while (n < until);
	}
	atomicMax(peaks[PEAK_SLOT * rows + lane_row], floatBitsToUint(largest));
	lane_end();
}

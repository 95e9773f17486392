// main renders one chunk of one row and keeps only its largest magnitude. The bits of floats that are not
// negative are ordered as they are, so the maximum is exact whatever the order of the lanes.
void main() {
	if (!lane_begin()) {
		return;
	}
	uint first = lane_index / rows * chunk_frames;
	uint deliver = segment_first + first + LATENCY;
	uint end = deliver + min(chunk_frames, segment_frames - first);
	float largest = 0.0;
	for (uint n = lane_warm_up(deliver); n < end;) {
		uint until = min(lane_control(n), end);
		do {
			vec4 y[OUTPUTS];
			lane_quad(n, y);
			largest = max(largest, lane_largest(y[0], n, deliver, end));
			n += 4u;
		} while (n < until);
	}
	atomicMax(peaks[PEAK_SLOT * rows + lane_row], floatBitsToUint(largest));
	lane_end();
}

// main renders one chunk of one row, stores it four frames at a time and finds its largest magnitude, so that
// a job that fits one segment needs no second pass over the graph: the scale kernel finishes it in place.
void main() {
	if (!lane_begin()) {
		return;
	}
	uint first = lane_index / rows * chunk_frames;
	uint last = segment_first + min(first + chunk_frames, segment_frames);
	uint n = lane_warm_up(segment_first + first);
	uint at = lane_row * row_quads + first / 4u;
	float largest = 0.0;
	for (uint f = segment_first + first; f < last; f += 4u) {
		float y0[OUTPUTS], y1[OUTPUTS], y2[OUTPUTS], y3[OUTPUTS];
		lane_frame(n, 0, y0);
		lane_frame(n + 1u, 1, y1);
		lane_frame(n + 2u, 2, y2);
		lane_frame(n + 3u, 3, y3);
		largest = max(largest, abs(y0[0]));
		largest = f + 1u < last ? max(largest, abs(y1[0])) : largest;
		largest = f + 2u < last ? max(largest, abs(y2[0])) : largest;
		largest = f + 3u < last ? max(largest, abs(y3[0])) : largest;
		samples[at] = vec4(y0[0], y1[0], y2[0], y3[0]);
		at++;
		n += 4u;
	}
	atomicMax(peaks[PEAK_SLOT * rows + lane_row], floatBitsToUint(largest));
	lane_end();
}

// main renders one chunk of one row and keeps only its largest magnitude. The bits of floats that are not
// negative are ordered as they are, so the maximum is exact whatever the order of the lanes.
void main() {
	if (!lane_begin()) {
		return;
	}
	uint first = lane_index / rows * chunk_frames;
	uint last = segment_first + min(first + chunk_frames, segment_frames);
	uint n = lane_warm_up(segment_first + first);
	float largest = 0.0;
	for (uint f = segment_first + first; f < last; f += 4u) {
		float y[OUTPUTS];
		lane_frame(n, 0, y);
		largest = max(largest, abs(y[0]));
		lane_frame(n + 1u, 1, y);
		largest = f + 1u < last ? max(largest, abs(y[0])) : largest;
		lane_frame(n + 2u, 2, y);
		largest = f + 2u < last ? max(largest, abs(y[0])) : largest;
		lane_frame(n + 3u, 3, y);
		largest = f + 3u < last ? max(largest, abs(y[0])) : largest;
		n += 4u;
	}
	atomicMax(peaks[PEAK_SLOT * rows + lane_row], floatBitsToUint(largest));
	lane_end();
}

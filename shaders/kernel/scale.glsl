// main gives what the keep kernel stored to the whole-row node and stores what it makes of it. Lanes next to each
// other have quads next to each other, of one row: so a vector of lanes has nothing to do where its row passes.
void main() {
	if (!lane_begin()) {
		return;
	}
	uint slices = lanes / rows;
	lane_at(lane_index / slices);
	lane_prepare();
	if (lane_passes()) {
		return;
	}
	uint n = segment_first + LATENCY;
	uint at = lane_row * row_quads + store_quad;
	uint end = (segment_frames + 3u) / 4u;
	for (uint q = lane_index % slices; q < end; q += slices) {
		sample_store(at + q, lane_scale(n + 4u * q, sample_load(at + q)));
	}
}

// main brings a window of a cotangent that lies on the device into place: from the job's frames to loop frames, with
// zeros around.
uniform uint output_index;
uniform uint source_first;   // of the job's first item
uniform uvec2 source_stride;  // from item to item and from channel to channel

void main() {
	if (!lane_begin()) {
		return;
	}
	uint n = segment_first + lane_index / rows * 4u;
	uint at = source_first + lane_batch * source_stride.x + lane_channel * source_stride.y;
	vec4 y = vec4(0.0);
	for (uint k = 0u; k < 4u; k++) {
		uint f = n + k - LATENCY;
		if (n + k >= LATENCY && f < frames) {
			frame_put(y, k, tensors[at + f]);
		}
	}
	cotangent_store((output_index * rows + lane_row) * row_quads + (n - segment_first) / 4u, y);
}

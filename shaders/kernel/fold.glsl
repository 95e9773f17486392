// main adds the granules of one sum of one row to its total, from the last to the first.
uniform uint first_sum, segment_granules;

void main() {
	if (!lane_begin()) {
		return;
	}
	uint sum = first_sum + lane_index / rows;
	precise double total = gradients[total_at(sum)];
	for (uint g = segment_granules; g > 0u;) {
		g--;
		total = total + gradients[granule_at(sum, g)];
	}
	gradients[total_at(sum)] = total;
}

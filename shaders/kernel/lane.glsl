// lane_warm_up brings the lane's state to the loop frame where it starts and returns that. A lane that can seek
// starts up to WARM_UP frames before its first frame to deliver, for the memory of its filters; one that carries
// state starts at 0, or goes on where the segment before ended.
uint lane_warm_up(uint deliver) {
	uint n = deliver - min(deliver, WARM_UP);
	lane_start = n;
	lane_prepare();
	if (CARRY && segment_first != 0u) {
		n = deliver;
		lane_start = 0u;
		lane_load();
	} else {
		lane_seek(n);
	}
	lane_recall();
	lane_fill(n);
	return n;
}

void lane_end() {
	if (CARRY) {
		lane_save();
	}
}

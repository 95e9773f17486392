// lane_warm_up brings the lane's state to loop frame first + LATENCY and returns it. A lane that can seek
// starts WARM_UP frames early, for the memory of its filters; one that carries state goes on where the
// segment before ended.
uint lane_warm_up(uint first) {
	uint end = first + LATENCY;
	uint n = end - min(end, WARM_UP);
	lane_start = n;
	lane_prepare();
	if (CARRY && segment_first != 0u) {
		n = end;
		lane_start = 0u;
		lane_load();
	} else {
		lane_seek(n);
	}
	float unused[OUTPUTS];
	for (; n < end; n++) {
		lane_frame(n, -1, unused);
	}
	lane_fill(n);
	return n;
}

void lane_end() {
	if (CARRY) {
		lane_save();
	}
}

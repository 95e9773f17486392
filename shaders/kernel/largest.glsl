// lane_largest is the largest magnitude of the four frames from n on that lie in [deliver, end).
float lane_largest(vec4 y, uint n, uint deliver, uint end) {
	vec4 a = abs(y);
	float rest = max(n + 1u < end ? a.y : 0.0, max(n + 2u < end ? a.z : 0.0, n + 3u < end ? a.w : 0.0));
	return n >= deliver ? max(a.x, rest) : 0.0;
}

//! uses: reciprocal_wide
//! step: params frame
//! loops: 19
//! cost: 80
// controller: a curve of points. It finds its place in double.

struct controller_params {
	uint table, points;
	bool hold;
	double start, speed, inv_rate;
};

// What is read at a time: the values before and after, the part of the way between them, and 1 over its length; the
// latter are 0 outside the curve.
struct controller_place {
	double before, after, part, per_second;
};

controller_params controller_prepare(node_info info, uint table, uint rows, uint columns, double per_second, int interpolation, double start, double speed) {
	return controller_params(table, rows, interpolation == 0, start, speed, info.inv_rate);
}

// controller_read is a number of the table: the exact sum of three.
double controller_read(controller_params p, uint point, uint column) {
	uint at = 6u * point + 3u * column;
	precise double x = double(table_read(p.table, at)) + double(table_read(p.table, at + 1u));
	x = x + double(table_read(p.table, at + 2u));
	return x;
}

controller_place controller_find(controller_params p, uint t) {
	precise double time = double(t) * p.inv_rate;
	time = p.speed * time;
	time = p.start + time;
	uint low = 0u, high = p.points;
	while (low < high) {
		uint middle = (low + high) >> 1;
		bool later = controller_read(p, middle, 0u) > time;
		high = later ? middle : high;
		low = later ? low : middle + 1u;
	}
	bool inside = low > 0u && low < p.points;
	uint before = max(low, 1u) - 1u;
	uint after = min(low, p.points - 1u);
	controller_place c;
	c.before = controller_read(p, before, 1u);
	c.after = controller_read(p, after, 1u);
	double from = controller_read(p, before, 0u);
	precise double length = controller_read(p, after, 0u) - from;
	c.per_second = inside ? recip(inside ? length : 1.0LF) : 0.0LF;
	precise double part = (time - from) * c.per_second;
	c.part = inside ? part : 0.0LF;
	return c;
}

real controller_step(controller_params p, uint t) {
	controller_place c = controller_find(p, t);
	precise double y = c.part * (c.after - c.before);
	y = c.before + y;
	return real(p.hold ? c.before : y);
}

//! adjoint: params frame
void controller_adjoint(controller_params p, uint t, real c, out real dstart, out real dspeed) {
	controller_place at = controller_find(p, t);
	precise double slope = (at.after - at.before) * at.per_second;
	slope = p.hold ? 0.0LF : slope;
	precise real to_start = c * real(slope);
	precise double time = double(t) * p.inv_rate;
	precise real to_speed = to_start * real(time);
	dstart = to_start;
	dspeed = to_speed;
}

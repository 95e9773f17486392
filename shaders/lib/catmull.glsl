// Catmull-Rom splines through numbers that are a step apart. Needs nothing else.

// catmull_rom is the spline between x.y and x.z, at the part f of the way. Domain: f in [0, 1]. Error: absolute at most
// 4.6e-6 of the largest of x (77 roundings of it, if all fall alike); exact at f = 0.
float catmull_rom(vec4 x, float f) {
	precise float a = x.z - x.x;
	precise float b = 2.0 * x.x - 5.0 * x.y;
	b = b + 4.0 * x.z;
	b = b - x.w;
	precise float c = 3.0 * (x.y - x.z);
	c = c + x.w;
	c = c - x.x;
	c = c * f;
	b = b + c;
	b = b * f;
	a = a + b;
	a = a * (0.5 * f);
	a = x.y + a;
	return a;
}

// catmull_rom_slope is its derivative by f. Error: absolute at most 1.3e-5 of the largest of x.
float catmull_rom_slope(vec4 x, float f) {
	precise float a = x.z - x.x;
	precise float b = 2.0 * x.x - 5.0 * x.y;
	b = b + 4.0 * x.z;
	b = b - x.w;
	precise float c = 3.0 * (x.y - x.z);
	c = c + x.w;
	c = c - x.x;
	c = c * 3.0;
	c = c * f;
	b = b + b;
	b = b + c;
	b = b * f;
	a = a + b;
	a = a * 0.5;
	return a;
}

// spline_column is the step before a phase of a cycle that has so many of them, and how far the phase is from there, in
// steps, rounded once from 32 bits: at most 1.
uint spline_column(uvec2 phase, uint columns, out float rest) {
	uint carry, lower, whole, part;
	umulExtended(phase.x, columns, carry, lower);
	umulExtended(phase.y, columns, whole, part);
	part += carry;
	precise float low = float(int(part & 0xffu)) * 2.3283064365386963e-10;
	precise float high = float(int(part >> 8)) * 5.9604644775390625e-8;
	high = high + low;
	rest = high;
	return whole + uint(part < carry);
}

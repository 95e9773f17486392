// Two trapezoidal integrators in a loop: the step of a filter of two poles, and its adjoint. Needs nothing else.
//
// Source: Zavalishin, "The art of VA filter design", 2.1.2, 2018, 4.4.

// The coefficients of a frame: with the state s = (b, l) and r = x - l, band is first b + mixed r and low is
// l + mixed b + second r; then b becomes 2 band - b, and l 2 low - l.
struct two_pole {
	float first, mixed, second;
};

// two_pole_step takes a frame's input and gives (band, low). Domain: any. Error: three roundings of what band, five of
// what low is a sum of.
vec2 two_pole_step(inout vec2 s, two_pole f, float x) {
	precise float rest = x - s.y;
	precise float band = f.first * s.x;
	precise float part = f.mixed * rest;
	band = band + part;
	precise float low = f.mixed * s.x;
	part = f.second * rest;
	low = low + part;
	low = s.y + low;
	precise vec2 y = vec2(band, low);
	precise vec2 twice = y + y;
	s = twice - s;
	return y;
}

// two_pole_back takes a frame back: from the cotangent c of the state after it to that of the state s before it, with
// the cotangents d of band and low. It gives the derivatives by the coefficients and, as dx, that by the input.
vec3 two_pole_back(inout vec2 c, two_pole f, vec2 s, float x, vec2 d, out float dx) {
	precise float rest = x - s.y;
	precise vec2 w = c + c;
	w = w + d;
	precise float by_mixed = w.x * rest;
	precise float part = w.y * s.x;
	by_mixed = by_mixed + part;
	precise vec3 by = vec3(w.x * s.x, by_mixed, w.y * rest);
	precise float to_x = f.mixed * w.x;
	part = f.second * w.y;
	to_x = to_x + part;
	precise float to_band = f.first * w.x;
	part = f.mixed * w.y;
	to_band = to_band + part;
	to_band = to_band - c.x;
	precise float to_low = w.y - to_x;
	to_low = to_low - c.y;
	c = vec2(to_band, to_low);
	dx = to_x;
	return by;
}

// two_pole_along is the derivative along the direction d of the coefficients.
float two_pole_along(vec3 by, two_pole d) {
	precise float sum = by.x * d.first;
	precise float part = by.y * d.mixed;
	sum = sum + part;
	part = by.z * d.second;
	sum = sum + part;
	return sum;
}

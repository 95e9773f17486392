//! step: params inputs
//! loops: 26
//! cost: 60
// quantize: the nearest note of a scale. It decides in double, as the input and the root are the same on every engine.

const int QUANTIZE_NONE = 0, QUANTIZE_MASK = 6;
const double QUANTIZE_REACH = 1200.0LF, QUANTIZE_TIE = 0.0007LF;
// Bit k is k semitones above the root: chromatic, major, minor, harmonic minor, pentatonic.
const int QUANTIZE_DEGREES[6] = int[6](0, 0xfff, 0xab5, 0x5ad, 0x9ad, 0x295);

struct quantize_params {
	bool none;
	int degrees;
	double root;
};

quantize_params quantize_prepare(node_info info, int scale, double root, double mask) {
	int degrees = scale == QUANTIZE_MASK ? int(mask) : QUANTIZE_DEGREES[min(scale, QUANTIZE_MASK - 1)];
	return quantize_params(scale == QUANTIZE_NONE, degrees, root);
}

// quantize_allows says whether a note, from 200 octaves below 0 on, is in the scale.
bool quantize_allows(quantize_params p, int note) {
	uint degree = uint(note + 2400) % 12u;
	return ((p.degrees >> degree) & 1) == 1;
}

real quantize_step(quantize_params p, real x) {
	precise double from_root = double(x) - p.root;
	from_root = min(max(from_root, -QUANTIZE_REACH), QUANTIZE_REACH);
	int below = int(floor(from_root));
	int above = below + 1;
	for (int i = 0; i < 12 && !quantize_allows(p, below); i++) {
		below--;
	}
	for (int i = 0; i < 12 && !quantize_allows(p, above); i++) {
		above++;
	}
	precise double up = double(above) - from_root;
	precise double down = from_root - double(below);
	precise double down_to = down + 2.0LF * QUANTIZE_TIE;
	precise double note = p.root + double(up <= down_to ? above : below);
	return p.none ? x : real(note);
}

//! adjoint: params
// Notes stand still, but with the root.
void quantize_adjoint(quantize_params p, real c, out real dx, out real droot) {
	dx = p.none ? c : real(0.0);
	droot = p.none ? real(0.0) : c;
}

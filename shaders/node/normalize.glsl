//! uses: reciprocal
//! step: params inputs passes
//! cost: 1
// normalize: each row scaled so that its largest magnitude becomes peak.

const float NORMALIZE_LARGEST = 3.40282e38;

struct normalize_params {
	float scale;
	float per_peak;  // 1 over the row's own peak; 0 where the input passes unchanged
	float peak;
};

// The scale is the wanted peak over the row's own. A row of zeros (or of nothing that recip can divide
// by) passes unchanged.
normalize_params normalize_prepare(node_info info, float peak, int mode) {
	const int LIMIT = 1;
	float per_peak = recip(info.row_peak);
	precise float scale = peak * per_peak;
	bool unchanged = info.row_peak < 1.17549435e-38 || (mode == LIMIT && info.row_peak <= peak);
	return normalize_params(unchanged ? 1.0 : scale, unchanged ? 0.0 : per_peak, peak);
}

bool normalize_passes(normalize_params p) {
	return p.scale == 1.0;
}

float normalize_step(normalize_params p, float x) {
	precise float y = x * p.scale;
	// From a whisper to a roar the scale alone may be more than a float holds.
	precise float unit = x * p.per_peak;
	unit = unit * p.peak;
	return p.scale > NORMALIZE_LARGEST ? unit : y;
}

//! adjoint: params inputs whole
// dm is the derivative with respect to the row's own peak, whose sum over the row goes to the frame of that peak.
void normalize_adjoint(normalize_params p, float x, float c, out float dx, out float dpeak, out float dm) {
	float scale = min(p.scale, NORMALIZE_LARGEST);
	precise float to_x = c * scale;
	precise float to_peak = c * x;
	to_peak = to_peak * p.per_peak;
	precise float to_m = to_peak * scale;
	dx = to_x;
	dpeak = to_peak;
	dm = -to_m;
}

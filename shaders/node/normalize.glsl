//! uses: reciprocal
//! step: params inputs
//! cost: 1
// normalize: each row scaled so that its largest magnitude becomes peak.

struct normalize_params {
	float scale;
};

// The scale is the wanted peak over the row's own. A row of zeros (or of nothing that recip can divide
// by) passes unchanged.
normalize_params normalize_prepare(node_info info, float peak, int mode) {
	const int LIMIT = 1;
	precise float scale = peak * recip(info.row_peak);
	bool unchanged = info.row_peak < 1.17549435e-38 || (mode == LIMIT && info.row_peak <= peak);
	return normalize_params(unchanged ? 1.0 : scale);
}

float normalize_step(normalize_params p, float x) {
	precise float y = x * p.scale;
	return y;
}

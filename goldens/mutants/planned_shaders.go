package main

const (
	oscShader  = "shaders/node/osc/adjoint.glsl"
	headKernel = "shaders/kernel/adjoint_head.glsl"
	reverse    = "shaders/kernel/reverse.glsl"
)

// plannedShaders are mutants of the oscillator's order of time, and of the
// kernels around the nodes.
var plannedShaders = []plan{
	{oscShader, "osc_adjoint_begin", frameLate, "\ts.at.phase = phase_sub(s.at.phase, p.frame_increment);\n\tosc_state frame = s.at;", "\tosc_state frame = s.at;\n\ts.at.phase = phase_sub(s.at.phase, p.frame_increment);"},
	{oscShader, "osc_adjoint_begin", notAtAll, "\ts.at.phase = phase_sub(s.at.phase, p.frame_increment);\n", ""},
	{oscShader, "osc_adjoint_begin", notAtAll, "\ts.later = later;\n}\n\n// osc_slope", "}\n\n// osc_slope"},
	{oscShader, "osc_adjoint_step", "a step late", "\ts.at.now = phase_sub(s.at.now, p.increment);\n\tuvec2 phase = s.at.now;", "\tuvec2 phase = s.at.now;\n\ts.at.now = phase_sub(s.at.now, p.increment);"},
	{oscShader, "osc_adjoint_exact", signFlipped, "p.shape == OSC_PULSE ? phase_sub(phase, p.width)", "p.shape == OSC_PULSE ? phase_add(phase, p.width)"},
	{oscShader, "osc_adjoint_end", frameLate, "double(by_phase) * double(t) : s.later", "double(by_phase) * double(t + 1u) : s.later"},
	{oscShader, "osc_adjoint_end", frameEarly, "double(by_phase) * double(t) : s.later", "double(by_phase) * double(t) : s.later + double(by_phase)"},
	{oscShader, "osc_adjoint_end", notAtAll, "\ts.later = later;\n\tprecise float hertz", "\tprecise float hertz"},
	{headKernel, "granule_store", signFlipped, "= double(x);", "= -double(x);"},
	{headKernel, "granule_store", "a granule late", "granule_at(sum, (n - segment_first) / GRANULE)", "granule_at(sum, (n + GRANULE - segment_first) / GRANULE)"},
	{headKernel, "frames_store", "four frames late", "frames_at(gradient, (n - segment_first) / 4u)", "frames_at(gradient, (n - segment_first) / 4u + 1u)"},
	{headKernel, "frames_store", "two frames late", "gradients[at] = packDouble2x32(floatBitsToUint(y.xy));", "gradients[at] = packDouble2x32(floatBitsToUint(y.zw));"},
	{headKernel, "fifo_back", frameEarly, "n + length < lane_start ? x : 0.0", "n + length + 1u < lane_start ? x : 0.0"},
	{headKernel, "fifo_back", "what nobody wrote", "n + length < lane_start ? x : 0.0", "n + length < lane_start ? x : x"},
	{"shaders/kernel/fold.glsl", "main", notAtAll, "g > 0u;) {", "g > 1u;) {"},
	{"shaders/kernel/fold.glsl", "main", notAtAll, "gradients[total_at(sum)] = total;", "gradients[total_at(sum)] = gradients[granule_at(sum, 0u)];"},
	{reverse, "main", "no warm-up", "min(end + WARM_UP, window_end)", "end"},
	{reverse, "main", "a queue that starts empty", "lane_start = CARRY ? loop_frames : top;", "lane_start = top;"},
	{reverse, "main", "four frames late", "lane_rewind(top);", "lane_rewind(top - 4u);"},
	{reverse, "main", "added twice", "\t\tlane_forget();\n", ""},
	{reverse, "main", "from the warm-up", "\t\t\tif (n < end) {\n\t\t\t\tlane_store(n);\n\t\t\t}\n", "\t\t\tlane_store(n);\n"},
	{reverse, "main", notAtAll, "\tlane_shut();\n", ""},
	{"shaders/kernel/scan.glsl", "main", frameLate, "bool asked = n + k >= LATENCY &&", "bool asked = n + k > LATENCY &&"},
	{"shaders/kernel/scan.glsl", "main", frameEarly, "n + k - LATENCY < frames;", "n + k + 1u - LATENCY < frames;"},
	{"shaders/kernel/window.glsl", "main", frameLate, "uint f = n + k - LATENCY;", "uint f = n + k - LATENCY - 1u;"},
	{"shaders/kernel/window.glsl", "main", frameEarly, "uint f = n + k - LATENCY;", "uint f = n + k - LATENCY + 1u;"},
	{"shaders/kernel/window.glsl", "main", elsewhere, "lane_channel * source_stride.y;", "0u * source_stride.y;"},
	{"shaders/kernel/window.glsl", "main", "four frames late", "(n - segment_first) / 4u, y)", "(n - segment_first) / 4u + 1u, y)"},
}

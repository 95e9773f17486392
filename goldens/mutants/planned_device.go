package main

const (
	backForward = "gpu/back_forward.go"
	backwardGo  = "gpu/backward.go"
	collectorGo = "gpu/collector.go"
)

// plannedDevice are mutants of the engine that runs the kernels.
var plannedDevice = []plan{
	{backForward, "cotangents", frameLate, "first+latency-s.first)", "first+latency-s.first+1)"},
	{backForward, "cotangents", frameEarly, "first := max(0, s.first-latency)", "first := max(0, s.first-latency+1)"},
	{backForward, "cotangents", elsewhere, "kpn.Window{Item: b.first,", "kpn.Window{Item: 0 * b.first,"},
	{backForward, "findPeaks", notAtAll, "4*b.lowered.Layout.Peaks*b.job.Shape.Rows())", "0*b.lowered.Layout.Peaks*b.job.Shape.Rows())"},
	{backForward, "carried", notAtAll, "return 4 * b.lowered.Layout.StateWords * rows,", "return 0 * b.lowered.Layout.StateWords * rows,"},
	{backForward, "carried", notAtAll, "4 * b.lowered.TapeQueueFrames * rows", "0 * b.lowered.TapeQueueFrames * rows"},
	{backForward, "keepCheckpoints", "a segment late", "b.memory.checkpoint(s.index, state, queues)", "b.memory.checkpoint(s.index-1, state, queues)"},
	{backForward, "keepCheckpoints", elsewhere, "b.taped = len(segments) - 1", "b.taped = 0"},
	{backForward, "tape", elsewhere, "if b.taped == s.index {", "if b.taped >= 0 {"},
	{backForward, "tape", notAtAll, "b.memory.restore(s.index, state, queues)", "_, _ = state, queues"},
	{backForward, "show", elsewhere, "if b.shown == s.index {", "if b.shown >= 0 {"},
	{backForward, "forcePeaks", frameEarly, "uint32(f + step.Arrival)", "uint32(f)"},
	{backForward, "forcePeaks", frameLate, "uint32(f + step.Arrival)", "uint32(f + step.Arrival + 1)"},
	{backForward, "forcePeaks", elsewhere, "from := b.first * b.job.Shape.C", "from := 0 * b.first"},
	{backForward, "forcePeaks", notAtAll, "if !ok {", "if !ok || frames != nil {"},
	{backwardGo, "run", elsewhere, "moment.Sum, 1, nil)", "0*moment.Sum, 1, nil)"},
	{backwardGo, "pass", beforeItsTime, "for k := len(segments) - 1; k >= 0; k-- {", "for k := range segments {"},
	{backwardGo, "pass", notAtAll, "return b.fold(s, firstSum, sums)", "return nil"},
	{backwardGo, "fold", notAtAll, `"segment_granules", uint32(s.frames/scheduler.Granule)`, `"segment_granules", uint32(s.frames/scheduler.Granule)-1`},
	{backwardGo, "setUniforms", "no warm-up", `"window_end", uint32(s.first+s.window)`, `"window_end", uint32(s.first+s.frames)`},
	{backwardGo, "setUniforms", "every segment is the last", `"loop_frames", uint32(b.plan.frames)`, `"loop_frames", uint32(s.first+s.window)`},
	{backwardGo, "prepare", "totals of the job before", "upload(b.memory.buffers[bindGradients], 0, make([]float64, len(b.lowered.Sums)*rows))", "_ = bindGradients"},
	{"gpu/back_plan.go", "newBackPlan", "no warm-up", "p.warmUp = roundUp4(a.Strategy.WarmUp)", "p.warmUp = 0"},
	{"gpu/back_memory.go", "checkpoint", notAtAll, "copyBytes(m.buffers[bindFifo], m.checkpoints[index], 0, state, queues)", "_ = bindFifo"},
	{"gpu/back_memory.go", "restore", elsewhere, "copyBytes(m.checkpoints[index], m.buffers[bindFifo], state, 0, queues)", "copyBytes(m.checkpoints[index], m.buffers[bindFifo], 0, 0, queues)"},
	{collectorGo, "add", frameLate, "frame := first + i - f.Late", "frame := first + i - f.Late + 1"},
	{collectorGo, "add", frameEarly, "frame := first + i - f.Late", "frame := first + i - f.Late - 1"},
	{collectorGo, "readFrames", elsewhere, "at := (i*rows + row) * n", "at := (i*rows + 0*row) * n"},
	{collectorGo, "readFrames", elsewhere, "b.first*b.job.Shape.C+row, s.first,", "0*b.first+row, s.first,"},
	{collectorGo, "readFrames", "four frames late", "row, s.first, values", "row, s.first+4, values"},
	{collectorGo, "readRows", frameLate, "int(t)-step.Arrival)", "int(t))"},
	{collectorGo, "addControl", frameLate, "first+i-f.Late, 0)", "first+i-f.Late+1, 0)"},
	{collectorGo, "addControl", frameEarly, "first+i-f.Late, 0)", "first+i-f.Late-1, 0)"},
	{collectorGo, "addControl", elsewhere, "at := (f.base+k)*rows + row", "at := (0*f.base+k)*rows + row"},
	{"gpu/control.go", "slice", elsewhere, "for at := first; at", "for at := 0 * first; at"},
	{"gpu/control.go", "adjoint", elsewhere, "by.values[(o*by.frames+f)*rows+row]", "by.values[(0*o*by.frames+f)*rows+row]"},
	{"gpu/resident.go", "showResident", elsewhere, `uint32(b.first*t.C*t.stride)`, `uint32(0*b.first*t.C*t.stride)`},
	{"gpu/resident.go", "showResident", elsewhere, `"source_stride", uint32(t.C*t.stride)`, `"source_stride", uint32(0*t.C*t.stride)`},
	{"gpu/resident.go", "Read", frameEarly, "((w.Item*t.C+row)*t.stride+w.First)", "((w.Item*t.C+row)*t.stride+w.First+1)"},
}

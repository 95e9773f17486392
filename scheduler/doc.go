// Package scheduler lowers a graph to a program: kernels in GLSL and the
// tables that an engine needs to run them. It knows no device.
//
// [Lower] runs these passes, one a file, in this order:
//
//	validate  the graph is well formed and every kind has a shader
//	order     nodes in topological order, ties in the graph's own order
//	rates     oversample ratios and their decimators
//	align     latencies, the delays that make parallel paths meet, and skews
//	strategy  chunked lanes or one lane a row; warm-up; carried state
//	layout    slots of parameters, tensors, states, peaks and queues
//	emit      GLSL, one named section a node
//
// Every pass reads and extends the same [Schedule], whose listing
// (Schedule.String) is what `sawmill inspect` prints and what the passes'
// goldens hold.
package scheduler

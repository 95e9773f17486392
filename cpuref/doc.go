// Package cpuref is the reference: a float64 [kpn.Engine] that renders every
// kind from its definition, one row at a time, on the CPU. Other engines are
// checked against it, so it shares nothing with them but the contract: it
// walks the graph itself, designs its own decimator taps and evaluates each
// kind in the file of the kind's name.
//
// Every node is a stream of local frames t = 0, 1, 2, …, all counted by the
// same loop. An edge shows its reader the source d frames late, zeros before,
// where d is the edge's own delay plus what aligns it with the slowest
// parallel path, whether it feeds a port or modulates a parameter. Envelopes,
// inputs and noise follow the node's own frames; a per-frame parameter is read
// as late as the node's sources are, so that its frame n meets the content of
// frame n. What counts frames or remembers something stands still until its
// sources have arrived: its frame 0 meets their frame 0 too. The loop runs for
// as many frames as are asked for plus the graph's latency, which is cut from
// the front.
//
// The nodes of a loop are evaluated together, in runs no longer than the
// shortest delay that closes it: see [kpn.Graph.Loops]. Control nodes are a
// graph of their own, which runs first, at its own rate, for all rows; their
// signals are kept as float64 and interpolated where audio nodes read them.
//
// Rows are independent and keep their state between runs of frames, so that
// samples do not depend on the block size, on the number of processors, or
// on which items share a job. That is delay lines, decimators, phases, and what
// a kind itself keeps. Products are written float64(a*b) where
// something is added to them: the compiler may then not fuse the two.
//
// An adjoint takes one row after the other back. The row goes forward once,
// for the statistics of its whole-row nodes and for its checkpoints: what it
// keeps from frame to frame, at the start of every span. From the last span to
// the first its signals are then computed again, and the kinds' adjoints run in
// the reverse order of the nodes, in chunks of a fixed length that start at
// fixed frames, so that gradients keep their bits as samples do. What a
// whole-row node's statistic gets is a sum over the row, which must be known
// before the frame that the statistic is from gets its share: each level of
// whole-row nodes takes a pass over the row, the last level first, and the pass
// after them collects the gradients. Spans are as long as makes checkpoints and
// signals take the same memory, which grows with the square root of the frames.
// The cotangents of control signals go through an adjoint of the control nodes
// after that of the audio nodes.
package cpuref

// Package cpuref is the reference: a float64 [kpn.Engine] that renders every
// kind from its definition, one row at a time, on the CPU. Other engines are
// checked against it, so it shares nothing with them but the contract: it
// walks the graph itself, designs its own decimator taps and evaluates each
// kind in the file of the kind's name.
//
// Every node is a stream of local frames t = 0, 1, 2, …, all counted by the
// same loop. An edge shows its reader the source d frames late, zeros before,
// where d is the edge's own delay plus what aligns it with the slowest
// parallel path. Envelopes, inputs and noise follow the node's own frames;
// a per-frame parameter is read as late as the node's sources are, so that
// its frame n meets the content of frame n. The loop runs for as many frames
// as are asked for plus the graph's latency, which is cut from the front.
//
// Rows are independent and keep their state between runs of frames, so that
// samples do not depend on the block size, on the number of processors, or
// on which items share a job. Products are written float64(a*b) where
// something is added to them: the compiler may then not fuse the two.
package cpuref

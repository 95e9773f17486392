// Package cases holds the graphs that engines are compared on: one file for
// each kind, and patches.json for graphs that exercise how nodes meet.
//
// A case is a graph in which any parameter may be drawn for each item, row or
// frame. The draws are keyed by the parameter, the seed, the item's index,
// the channel and the frame, so that a case gives a job of any shape, and an
// item is the same in every job that it is part of. Each case says how far an
// engine may be from the reference, and why.
package cases

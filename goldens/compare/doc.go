// Package compare decides whether two engines rendered the same thing.
//
// A [Comparator] is fed blocks of a reference and of a candidate, in any
// interleaving and cut at any frames, and reports for each output how far
// they are apart, where, and whether that is within a [Tolerance]. [Engines]
// renders a job on two engines at once and compares as they go, in memory
// that does not grow with the job's length. [Derive] works out the tolerance
// of a graph from the errors of its kinds; docs/tolerances.md explains how.
//
// It imports no engine: it is handed them.
package compare

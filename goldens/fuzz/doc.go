// Package fuzz holds two engines to each other on graphs that nobody thought
// of.
//
// [FromBytes] and [FromSeed] turn any bytes, or any number, into a [Trial]: a
// graph of any kinds of the catalogue, with parameters at every rate and at the
// ends of their ranges, and a few jobs for it; now and then one with a fault
// that every engine must refuse. [Pair.Judge] runs a trial on both engines:
// they agree within the tolerance that follows from the graph, or they refuse
// with the same types of errors. [Pair.Shrink] makes a trial that fails as
// small as it gets while it fails in the same way, and [Trial.Encode] writes
// it in the form of the files in goldens/cases, to be committed.
//
// Everything is drawn from the specs of the catalogue, so that a new kind takes
// part without a line here.
package fuzz

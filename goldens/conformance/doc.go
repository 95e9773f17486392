// Package conformance is one suite of checks that every engine passes, for
// engines of this module and of others.
//
// [Verify] renders every case of package cases on an engine and on a
// reference: at the case's own shape within its committed tolerances, at odd
// shapes, far into a dataset and with seeds of 64 bits within derived ones. It
// compares gradients for random cotangents, and it renders each case in blocks
// and batches of several sizes, which may change no bit. What came of it is a
// [Report]; package report writes one as HTML, JUnit XML and JSON. [Run] is the
// same as subtests.
//
// A failure that is known and followed can be excused by a [Waiver]: it is
// then reported as waived, never as passed. [BitTable] holds the bits that one
// device gave, so that a run on another one shows which kinds give the same.
package conformance

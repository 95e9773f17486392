// Command mutants plants errors in the adjoints, one at a time, and runs the
// tests on each: a test must fail. Run it from the repository, by
//
//	make mutants
//	go run ./goldens/mutants -only gain
//
// The first makes docs/mutants.md, the table of all mutants and of what killed
// each. The second tries those whose name has the word in it and brings their
// rows of the table up to date, as -rest does for those that are not killed yet;
// -list only names them.
//
// Rules make mutants of the statements of adjoint code, in Go and in GLSL: the
// sign of what is assigned or returned flipped, a term of a sum dropped, an
// accumulation turned around or left out. What no rule finds, above all
// cotangents that come a frame early or late, is planned by hand as a
// replacement of text; one whose text is no longer there is an error. The tree
// is not touched: go test -overlay puts the mutant's file in the place of the
// right one, embedded shaders too.
//
// The command ends with exit code 1 if a mutant survives: a test is missing.
package main

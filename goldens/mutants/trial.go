package main

import "strings"

// trial is a run of some tests of a package.
type trial struct{ pkg, run string }

// String is the trial as arguments of go test.
func (t trial) String() string { return t.pkg + " -run " + t.run }

// The trials that mutants are put to.
var (
	// differences hold the reference to finite differences, on every case.
	differences = trial{"./goldens/gradcheck", "^TestReferenceOnEveryCase$"}
	reference   = trial{"./cpuref", "^(TestTransposes|TestAdjoint.*)$"}
	// devices hold the software renderer to the reference, on every case.
	devices = trial{"./goldens/gradcheck", "^TestDevice"}
	engine  = trial{"./gpu", "Adjoint|Cotangent|Gradient"}
	// jobs are those of many groups, segments, queues and modulations: quick,
	// and the only ones that get into some corners.
	jobs = trial{"./gpu", "^Test(Adjoints|Cotangents)Of"}
)

// trialsFor are those of a mutant of a file, the quickest to fail first.
func trialsFor(file string) []trial {
	kind, isNode := strings.CutPrefix(file, "shaders/node/")
	switch {
	case isNode:
		kind = strings.TrimSuffix(kind, ".glsl")
		return []trial{{devices.pkg, "^TestDeviceOn/^" + kind + "$"}, jobs, devices, engine}
	case strings.HasPrefix(file, "cpuref/"):
		return []trial{differences, reference, devices}
	case strings.HasPrefix(file, "kpn/"):
		return []trial{differences, reference, devices}
	}
	return []trial{jobs, devices, engine}
}

package main

import (
	"path"
	"strings"
)

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
	// runtimes are of graphs with kinds of their user's.
	runtimes = trial{"./kpn", "Adjoint"}
	// jobs are those of many groups, segments, queues and modulations: quick,
	// and the only ones that get into some corners.
	jobs = trial{"./gpu", "^Test(Adjoints|Cotangents)Of"}
)

// trialsFor are those of a mutant of a file, the quickest to fail first.
func trialsFor(file string) []trial {
	switch {
	case strings.HasPrefix(file, "shaders/node/"), strings.HasPrefix(file, "shaders/lib/"):
		return []trial{{devices.pkg, "^TestDeviceOn/^" + kindOf(file) + "$"}, jobs, devices, engine}
	case strings.HasPrefix(file, "cpuref/"):
		return []trial{{differences.pkg, differences.run + "/^" + kindOf(file) + "$"}, reference, runtimes, differences, devices}
	case strings.HasPrefix(file, "kpn/"):
		return []trial{differences, reference, devices}
	}
	return []trial{jobs, devices, engine}
}

// kinds are those of the files that are not named after theirs.
var kinds = map[string]string{
	"osc_adjoint": "osc", "osc_pitch": "osc", "smoothing": "osc",
	"spline": "(osc|sync)", "sync_adjoint": "sync", "two_pole": "(svf|rlc)",
}

// kindOf is the kind that a file is about. Where it is about none, the trial
// of that kind runs no case, and the next one decides.
func kindOf(file string) string {
	name := strings.TrimSuffix(path.Base(file), path.Ext(file))
	if known, ok := kinds[name]; ok {
		return known
	}
	return name
}

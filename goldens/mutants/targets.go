package main

import (
	"cmp"
	"context"
	"slices"
	"strings"
)

// goTargets are the functions of the adjoints in Go whose statements are
// mutated by the rules.
var goTargets = []goTarget{
	{"cpuref", "constant.go", []string{"adjointConstant"}},
	{"cpuref", "input.go", []string{"adjointInput"}},
	{"cpuref", "gain.go", []string{"adjointGain"}},
	{"cpuref", "multiply.go", []string{"adjointMultiply"}},
	{"cpuref", "mix.go", []string{"adjointMix"}},
	{"cpuref", "normalize.go", []string{"adjointNormalize"}},
	{"cpuref", "adsr.go", []string{"adjointAdsr", "slope", "timesLog"}},
	{"cpuref", "osc_adjoint.go", []string{"adjointOsc", "slope", "stepSlope", "triangleSlope", "cornerStretch"}},
	{"cpuref", "smoothing.go", []string{"kernel2", "kernel4"}},
	{"cpuref", "decimator_adjoint.go", []string{"adjoint", "join"}},
	{"cpuref", "delay_adjoint.go", []string{"undelay"}},
	{"cpuref", "back_chunk.go", []string{"chunk", "prepareBack", "collect", "commit", "addShared"}},
	{"cpuref", "back_worker.go", []string{"row"}},
	{"cpuref", "back_forward.go", []string{"restart", "keep", "recompute", "recomputeChunk", "readCotangents", "readPart"}},
	{"kpn", "gradient.go", []string{"SetRows"}},
	{"gpu", "collector.go", []string{"add", "finish", "ends"}},
}

// glslTargets are the same in GLSL.
var glslTargets = []glslTarget{
	{file: "shaders/node/constant.glsl"},
	{file: "shaders/node/input.glsl"},
	{file: "shaders/node/gain.glsl"},
	{file: "shaders/node/multiply.glsl"},
	{file: "shaders/node/mix.glsl"},
	{file: "shaders/node/normalize.glsl"},
	{file: "shaders/node/adsr.glsl"},
	{file: "shaders/node/osc.glsl"},
	{file: "shaders/lib/spline.glsl"},
	{file: "shaders/kernel/fold.glsl"},
}

// all makes every mutant, those of the rules and those that are planned.
func all(ctx context.Context, root string) ([]*mutant, error) {
	list, err := goMutants(ctx, root, goTargets)
	if err != nil {
		return nil, err
	}
	for _, target := range glslTargets {
		own, err := glslMutants(root, target)
		if err != nil {
			return nil, err
		}
		list = append(list, own...)
	}
	for _, p := range planned {
		own, err := p.mutant(root)
		if err != nil {
			return nil, err
		}
		list = append(list, own)
	}
	slices.SortStableFunc(list, func(a, b *mutant) int { return cmp.Compare(rank(a.file), rank(b.file)) })
	number(list)
	for _, m := range list {
		if m.trials == nil {
			m.trials = trialsFor(m.file)
		}
	}
	return list, nil
}

// rooms are in the order of the table.
var rooms = []string{"cpuref/", "kpn/", "shaders/", "scheduler/", "gpu/"}

func rank(file string) int {
	return slices.IndexFunc(rooms, func(r string) bool { return strings.HasPrefix(file, r) })
}

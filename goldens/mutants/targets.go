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
	{pkg: "cpuref", file: "constant.go", functions: []string{"adjointConstant"}},
	{pkg: "cpuref", file: "input.go", functions: []string{"adjointInput"}},
	{pkg: "cpuref", file: "gain.go", functions: []string{"adjointGain"}},
	{pkg: "cpuref", file: "multiply.go", functions: []string{"adjointMultiply"}},
	{pkg: "cpuref", file: "mix.go", functions: []string{"adjointMix"}},
	{pkg: "cpuref", file: "normalize.go", functions: []string{"adjointNormalize"}},
	{pkg: "cpuref", file: "adsr.go", functions: []string{"adjointAdsr", "slope", "timesLog"}, values: []string{"e", "x", "y"}},
	{pkg: "cpuref", file: "osc_adjoint.go", functions: []string{"adjointOsc", "slope", "stepSlope", "triangleSlope", "cornerStretch"}, values: []string{"perHertz", "perCycle"}},
	{pkg: "cpuref", file: "smoothing.go", functions: []string{"kernel2", "kernel4"}},
	{pkg: "cpuref", file: "smoothing_kaiser.go", functions: []string{"kaiserKernel"}},
	{pkg: "cpuref", file: "osc_pitch.go", functions: []string{"slopes", "squareSawSlope"}},
	{pkg: "cpuref", file: "additive.go", functions: []string{"slope", "adjointAdditive"}},
	{pkg: "cpuref", file: "partials.go", functions: []string{"adjointPartials"}, values: []string{"n", "at"}},
	{pkg: "cpuref", file: "wavetable.go", functions: []string{"slope", "adjointWavetable"}},
	{pkg: "cpuref", file: "sampler.go", functions: []string{"slope", "adjointSampler"}},
	{pkg: "cpuref", file: "lfo.go", functions: []string{"adjointLfo"}},
	{pkg: "cpuref", file: "envelope.go", functions: []string{"adjointEnvelope"}},
	{pkg: "cpuref", file: "controller.go", functions: []string{"adjointController"}},
	{pkg: "cpuref", file: "pitch.go", functions: []string{"adjointPitch"}},
	{pkg: "cpuref", file: "quantize.go", functions: []string{"adjointQuantize"}},
	{pkg: "cpuref", file: "delay_line.go", functions: []string{"adjointDelay"}},
	{pkg: "cpuref", file: "glide.go", functions: []string{"adjointGlide"}},
	{pkg: "cpuref", file: "slew.go", functions: []string{"adjointSlew"}},
	{pkg: "cpuref", file: "sync_adjoint.go", functions: []string{"adjointSync", "slope"}},
	{pkg: "cpuref", file: "subharmonic.go", functions: []string{"adjointSubharmonic", "subharmonicStep"}},
	{pkg: "cpuref", file: "clip.go", functions: []string{"adjointClip"}},
	{pkg: "cpuref", file: "harmonics.go", functions: []string{"adjointHarmonics"}},
	{pkg: "cpuref", file: "pan.go", functions: []string{"adjointPan"}},
	{pkg: "cpuref", file: "waveshaper.go", functions: []string{"slopesOver", "adjointWaveshaper"}},
	{pkg: "cpuref", file: "one_pole.go", functions: []string{"adjointOnePole"}},
	{pkg: "cpuref", file: "dc_blocker.go", functions: []string{"adjointDCBlocker"}},
	{pkg: "cpuref", file: "two_pole.go", functions: []string{"back"}},
	{pkg: "cpuref", file: "svf.go", functions: []string{"adjointSVF"}},
	{pkg: "cpuref", file: "rlc.go", functions: []string{"adjointRLC"}},
	{pkg: "cpuref", file: "tape.go", functions: []string{"back"}},
	{pkg: "cpuref", file: "decimator_adjoint.go", functions: []string{"adjoint", "join"}},
	{pkg: "cpuref", file: "delay_adjoint.go", functions: []string{"undelay"}},
	{pkg: "cpuref", file: "back_chunk.go", functions: []string{"chunk", "unfeed", "node", "collect", "commit", "addShared"}},
	{pkg: "cpuref", file: "back_prepare.go", functions: []string{"view", "prepareBack", "gets", "started"}},
	{pkg: "cpuref", file: "back_replay.go", functions: []string{"record", "at"}},
	{pkg: "cpuref", file: "modulate.go", functions: []string{"unmodulate", "back"}},
	{pkg: "cpuref", file: "control.go", functions: []string{"adjointControl"}},
	{pkg: "cpuref", file: "back_worker.go", functions: []string{"takeRow"}},
	{pkg: "cpuref", file: "back_forward.go", functions: []string{"restart", "keep", "recompute", "recomputeChunk", "readCotangents"}},
	{pkg: "cpuref", file: "back_read.go", functions: []string{"read"}},
	{pkg: "kpn", file: "gradient.go", functions: []string{"SetRows"}},
	{pkg: "gpu", file: "collector.go", functions: []string{"add", "finish", "ends", "addControl"}},
}

// glslTargets are the same in GLSL.
var glslTargets = []glslTarget{
	{file: "shaders/node/constant.glsl"},
	{file: "shaders/node/input.glsl"},
	{file: "shaders/node/gain.glsl"},
	{file: "shaders/node/multiply.glsl"},
	{file: "shaders/node/mix.glsl"},
	{file: "shaders/node/normalize.glsl"},
	{file: "shaders/node/adsr.glsl", values: []string{"x", "y", "per"}},
	{file: "shaders/node/osc/adjoint.glsl", values: []string{"d", "e", "other", "place", "far", "end", "before", "after", "places"}},
	{file: "shaders/node/additive.glsl"},
	{file: "shaders/node/partials.glsl"},
	{file: "shaders/node/wavetable.glsl"},
	{file: "shaders/node/sampler.glsl"},
	{file: "shaders/node/lfo.glsl"},
	{file: "shaders/node/envelope.glsl"},
	{file: "shaders/node/controller.glsl"},
	{file: "shaders/node/pitch.glsl"},
	{file: "shaders/node/quantize.glsl"},
	{file: "shaders/node/delay.glsl"},
	{file: "shaders/node/glide.glsl"},
	{file: "shaders/node/slew.glsl"},
	{file: "shaders/node/subharmonic.glsl"},
	{file: "shaders/node/sync.glsl"},
	{file: "shaders/node/clip.glsl"},
	{file: "shaders/node/harmonics.glsl"},
	{file: "shaders/node/pan.glsl"},
	{file: "shaders/node/waveshaper.glsl"},
	{file: "shaders/node/one_pole.glsl"},
	{file: "shaders/node/dc_blocker.glsl"},
	{file: "shaders/node/svf.glsl"},
	{file: "shaders/node/rlc.glsl"},
	{file: "shaders/lib/spline.glsl"},
	{file: "shaders/lib/two_pole.glsl"},
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
	list = different(list)
	slices.SortStableFunc(list, func(a, b *mutant) int { return cmp.Compare(rank(a.file), rank(b.file)) })
	number(list)
	for _, m := range list {
		if m.trials == nil {
			m.trials = trialsFor(m.file)
		}
	}
	return list, nil
}

// different leaves one of mutants that are the same, as where either term of
// x + x is dropped.
func different(list []*mutant) []*mutant {
	seen := map[string]bool{}
	return slices.DeleteFunc(list, func(m *mutant) bool {
		known := seen[m.text]
		seen[m.text] = true
		return known
	})
}

// rooms are in the order of the table.
var rooms = []string{"cpuref/", "kpn/", "shaders/", "scheduler/", "gpu/"}

func rank(file string) int {
	return slices.IndexFunc(rooms, func(r string) bool { return strings.HasPrefix(file, r) })
}

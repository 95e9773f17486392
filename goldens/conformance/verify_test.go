package conformance_test

import (
	"context"
	"errors"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sawmill/cpuref"
	"sawmill/goldens/compare"
	"sawmill/goldens/conformance"
	"sawmill/goldens/conformance/faulty"
	"sawmill/kpn"
)

// some are cases that render quickly: of the kind that tests make faulty, of
// others, and of several kinds together.
var some = []string{"gain/*", "mix/two", "osc/saw_polyblep4", "patches/gain_behind_a_latency"}

func options() conformance.Options {
	return conformance.Options{Cases: some, Waivers: []conformance.Waiver{}, Bits: &conformance.BitTable{Device: "none"}}
}

// verify wants a report, and returns the failure if there is one.
func verify(t *testing.T, engine kpn.Engine, o conformance.Options) (*conformance.Report, *conformance.FailureError) {
	t.Helper()
	r, err := conformance.Verify(t.Context(), engine, cpuref.New(), o)
	require.NotNil(t, r, "%v", err)
	if err == nil {
		return r, nil
	}
	var failure *conformance.FailureError
	require.ErrorAs(t, err, &failure)
	return r, failure
}

// find returns one case's report.
func find(t *testing.T, r *conformance.Report, name string) *conformance.CaseReport {
	t.Helper()
	for i := range r.Cases {
		if r.Cases[i].Name == name {
			return &r.Cases[i]
		}
	}
	t.Fatalf("the report has no case %s", name)
	return nil
}

func TestARightEnginePasses(t *testing.T) {
	r, failure := verify(t, &faulty.Engine{Engine: cpuref.New(), Single: true}, options())
	require.Nil(t, failure)
	assert.Len(t, r.Cases, 8)
	for i := range r.Cases {
		c := &r.Cases[i]
		assert.Equal(t, conformance.Passed, c.Verdict(), c.Name)
		assert.Equal(t, conformance.Passed, c.Forward.Verdict, c.Name)
		assert.Equal(t, conformance.Passed, c.Gradient.Verdict, c.Name)
		assert.Equal(t, conformance.Unchecked, c.Bits.Verdict, "no committed bits are no verdict")
		assert.Len(t, c.Trials, 4)
		assert.NotEmpty(t, c.Digests.Samples)
	}
	assert.Equal(t, 8, r.Count(conformance.Passed))
}

// TestFaultyEnginesFail plants an error in the gain and finds it in every case
// that has one, and nowhere else.
func TestFaultyEnginesFail(t *testing.T) {
	for name, engine := range map[string]*faulty.Engine{
		"scaled":       {Scale: 1.01},
		"scaled, also": {Scale: 1.01, Single: true},
		"late":         {Delay: 1},
	} {
		t.Run(name, func(t *testing.T) {
			engine.Engine, engine.Kind = cpuref.New(), kpn.KindGain
			r, failure := verify(t, engine, options())
			require.NotNil(t, failure)
			assert.Equal(t, 6, failure.Failed, "five of gain and a patch")
			assert.Equal(t, 8, failure.Cases)
			var mismatch *compare.MismatchError
			assert.ErrorAs(t, failure, &mismatch)
			for _, wrong := range []string{"gain/per_frame", "patches/gain_behind_a_latency"} {
				c := find(t, r, wrong)
				assert.Equal(t, conformance.Failed, c.Verdict(), wrong)
				assert.Negative(t, c.Margin(), wrong)
				assert.Negative(t, c.GradientMargin(), wrong)
				assert.Greater(t, c.MaxError(), 1e-6, wrong)
			}
			for _, right := range []string{"mix/two", "osc/saw_polyblep4"} {
				assert.Equal(t, conformance.Passed, find(t, r, right).Verdict(), right)
			}
		})
	}
}

func TestAWrongGradientFails(t *testing.T) {
	ref := kpn.ParamRef{Node: "gain", Param: "gain"}
	for name, spoil := range map[string]func(g *kpn.Gradient){
		"flipped": func(g *kpn.Gradient) { g.F64[0] = -g.F64[0] },
		"off":     func(g *kpn.Gradient) { g.F64[0] *= 1.003 },
		"NaN":     func(g *kpn.Gradient) { g.F64[0] = math.NaN() },
	} {
		t.Run(name, func(t *testing.T) {
			engine := &faulty.Engine{Engine: cpuref.New(), Kind: kpn.KindGain, Gradients: func(all *kpn.Gradients) {
				g, ok := all.Find(ref)
				if ok && g.F64 != nil {
					spoil(g)
				}
			}}
			o := options()
			o.Cases = []string{"gain/constant"}
			r, failure := verify(t, engine, o)
			require.NotNil(t, failure)
			c := find(t, r, "gain/constant")
			assert.Equal(t, conformance.Passed, c.Forward.Verdict)
			assert.Equal(t, conformance.Failed, c.Gradient.Verdict)
			var mismatch *compare.GradientMismatchError
			require.ErrorAs(t, failure, &mismatch)
			assert.Equal(t, ref, mismatch.Ref)
			assert.Negative(t, c.GradientMargin())
		})
	}
}

// careless is an engine whose samples, or gradients, depend on how a job is
// cut up.
type careless struct {
	kpn.Engine
	forward, adjoint func(*kpn.Job) bool
}

func (careless) Device() kpn.Device { return kpn.Device{Class: kpn.Software, Name: "careless"} }

func (e careless) Compile(g *kpn.Graph) (kpn.Executable, error) {
	x, err := e.Engine.Compile(g)
	return carelessly{x, e}, err
}

type carelessly struct {
	kpn.Executable
	engine careless
}

// slight is an error far within every tolerance.
const slight = 1e-15

func (x carelessly) Forward(ctx context.Context, job *kpn.Job, sink kpn.Sink) error {
	return x.Executable.Forward(ctx, job, func(b *kpn.Block) error {
		if x.engine.forward != nil && x.engine.forward(job) {
			b.F64[0] += slight
		}
		return sink(b)
	})
}

func (x carelessly) Adjoint(ctx context.Context, job *kpn.AdjointJob) (*kpn.Gradients, error) {
	all, err := x.Executable.Adjoint(ctx, job)
	if err == nil && x.engine.adjoint != nil && x.engine.adjoint(job.Job) {
		all.List[len(all.List)-1].F64[0] += 1e-12
	}
	return all, err
}

func TestBitsThatDependOnCutsFail(t *testing.T) {
	blocks := func(j *kpn.Job) bool { return j.BlockFrames == 7 }
	batches := func(j *kpn.Job) bool { return j.Shape.B == 4 }
	for name, c := range map[string]struct {
		engine careless
		what   conformance.What
		check  string
	}{
		"samples, blocks":    {careless{forward: blocks}, conformance.Forward, "7×2×113 in blocks of 7 frames"},
		"samples, batches":   {careless{forward: batches}, conformance.Forward, "7×2×113 in batches of [3 4] items"},
		"gradients, blocks":  {careless{adjoint: blocks}, conformance.Gradient, "gradients of 7×2×113 in blocks of 7 frames"},
		"gradients, batches": {careless{adjoint: batches}, conformance.Gradient, "gradients of 7×2×113 in batches of [3 4] items"},
	} {
		t.Run(name, func(t *testing.T) {
			c.engine.Engine = cpuref.New()
			o := options()
			o.Cases = []string{"gain/per_row"}
			_, failure := verify(t, c.engine, o)
			require.NotNil(t, failure)
			require.Len(t, failure.Failures, 1)
			assert.Equal(t, c.what, failure.Failures[0].What)
			assert.Equal(t, c.check, failure.Failures[0].Check)
		})
	}
}

// broken fails in one way or another.
type broken struct {
	kpn.Engine
	compile, forward error
}

func (broken) Device() kpn.Device { return kpn.Device{Class: kpn.Hardware, Name: "broken"} }

func (e broken) Compile(g *kpn.Graph) (kpn.Executable, error) {
	x, err := e.Engine.Compile(g)
	return brokenProgram{x, e}, errors.Join(err, e.compile)
}

type brokenProgram struct {
	kpn.Executable
	engine broken
}

func (x brokenProgram) Forward(ctx context.Context, job *kpn.Job, sink kpn.Sink) error {
	frames := 0
	return errors.Join(x.engine.forward, x.Executable.Forward(ctx, job, func(b *kpn.Block) error {
		if frames += b.Shape.F; frames == job.Shape.F && x.engine.forward == nil {
			return nil // the last block is lost
		}
		return sink(b)
	}))
}

func TestAnEnginesErrorsAreFailures(t *testing.T) {
	fire := errors.New("fire")
	o := options()
	o.Cases = []string{"gain/constant"}
	r, failure := verify(t, broken{Engine: cpuref.New(), compile: fire}, o)
	require.ErrorIs(t, failure, fire)
	assert.Contains(t, r.String(), "\ngain  1      –              –       –               –       1 no value       1 no value    1 FAILED", "what gives no samples has no error of 0")
	_, failure = verify(t, broken{Engine: cpuref.New(), forward: fire}, o)
	require.ErrorIs(t, failure, fire)
	_, failure = verify(t, broken{Engine: cpuref.New()}, o)
	var extent *compare.ExtentError
	require.ErrorAs(t, failure, &extent)
}

func TestWhatCannotRunIsAnError(t *testing.T) {
	ctx := t.Context()
	_, err := conformance.Verify(ctx, cpuref.New(), cpuref.New(), options())
	var same *compare.SameDeviceError
	require.ErrorAs(t, err, &same)
	right := &faulty.Engine{Engine: cpuref.New()}
	var selection *conformance.SelectionError
	for _, pattern := range []string{"gain/nothing", "gain", "[", ""} {
		o := options()
		o.Cases = append(o.Cases, pattern)
		_, err = conformance.Verify(ctx, right, cpuref.New(), o)
		require.ErrorAs(t, err, &selection, pattern)
		assert.Equal(t, pattern, selection.Pattern)
	}
	o := options()
	o.Waivers = []conformance.Waiver{{Renderer: "faulty", Case: "gain/*", What: conformance.Forward, Issue: "1"}}
	_, err = conformance.Verify(ctx, right, cpuref.New(), o)
	var file *conformance.FileError
	require.ErrorAs(t, err, &file, "a waiver without a reason")
	fire := errors.New("fire")
	_, err = conformance.Verify(ctx, right, broken{Engine: cpuref.New(), forward: fire}, options())
	require.ErrorIs(t, err, fire, "a reference that fails is no failure of the engine")
	var failure *conformance.FailureError
	require.False(t, errors.As(err, &failure))
}

func TestCancelledRunsHaveNoReport(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	o := options()
	o.Progress = func(done, _ int, _ string) {
		if done == 1 {
			cancel()
		}
	}
	r, err := conformance.Verify(ctx, &faulty.Engine{Engine: cpuref.New()}, cpuref.New(), o)
	require.ErrorIs(t, err, context.Canceled)
	require.Nil(t, r)
}

// old is a float64 engine that has drifted from the goldens by less than a
// device may.
type old struct{ *faulty.Engine }

func (old) Device() kpn.Device { return kpn.Device{Class: kpn.Reference, Name: "old reference"} }

func TestGoldensStandForAReference(t *testing.T) {
	o := options()
	r, err := conformance.Verify(t.Context(), cpuref.New(), nil, o)
	require.NoError(t, err)
	assert.Len(t, r.Cases, 8)
	drifted := old{&faulty.Engine{Engine: cpuref.New(), Kind: kpn.KindGain, Scale: 1 + 1e-11}}
	_, err = conformance.Verify(t.Context(), drifted, nil, o)
	var mismatch *compare.MismatchError
	require.ErrorAs(t, err, &mismatch)
	// The same error is nothing for a device.
	_, err = conformance.Verify(t.Context(), drifted.Engine, nil, o)
	require.NoError(t, err)
}

// TestGoldensHoldGradients: a wrong gradient is found without a reference, one
// of float64 at a millionth of what a device may be off, and a wrong frame of
// a row's largest magnitude too.
func TestGoldensHoldGradients(t *testing.T) {
	scaled := func(by float64) func(*kpn.Gradients) {
		return func(all *kpn.Gradients) {
			if g, ok := all.Find(kpn.ParamRef{Node: "gain", Param: "gain"}); ok {
				g.F64[0] *= by
			}
		}
	}
	o := options()
	o.Cases = []string{"gain/constant"}
	gain := func(spoil func(*kpn.Gradients)) *faulty.Engine {
		return &faulty.Engine{Engine: cpuref.New(), Kind: kpn.KindGain, Gradients: spoil}
	}
	for name, c := range map[string]struct {
		engine kpn.Engine
		pass   bool
	}{
		"reference, right":       {cpuref.New(), true},
		"reference, flipped":     {old{gain(scaled(-1))}, false},
		"reference, off by 1e-9": {old{gain(scaled(1 + 1e-9))}, false},
		"device, right":          {gain(nil), true},
		"device, off by 1e-9":    {gain(scaled(1 + 1e-9)), true},
		"device, off by 3e-3":    {gain(scaled(1 + 3e-3)), false},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := conformance.Verify(t.Context(), c.engine, nil, o)
			require.NotNil(t, r, "%v", err)
			require.Len(t, r.Cases[0].Gradients, 1)
			assert.False(t, math.IsNaN(r.Cases[0].GradientMargin()))
			if c.pass {
				require.NoError(t, err)
				return
			}
			var mismatch *compare.GradientMismatchError
			require.ErrorAs(t, err, &mismatch)
			assert.Equal(t, "gain.gain", mismatch.Ref.String())
			assert.Equal(t, conformance.Passed, r.Cases[0].Forward.Verdict)
		})
	}
	o.Cases = []string{"normalize/always"}
	wrong := old{&faulty.Engine{Engine: cpuref.New(), Kind: kpn.KindNormalize, Gradients: func(all *kpn.Gradients) {
		for _, frames := range all.PeakFrames {
			frames[1]++
		}
	}}}
	_, err := conformance.Verify(t.Context(), wrong, nil, o)
	var failure *conformance.FailureError
	require.ErrorAs(t, err, &failure)
	assert.Equal(t, conformance.Gradient, failure.Failures[0].What)
	assert.Contains(t, err.Error(), "the row's largest magnitude is at frame")
}

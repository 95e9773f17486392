package voice

import (
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/batch/given"
	"sawmill/cpuref"
	"sawmill/goldens/conformance"
	"sawmill/gpu"
	"sawmill/kpn"
	"sawmill/presets"
)

// voice is presets/voice.json with its noise fed, and the draws of the data.
func voice(t *testing.T, params string) (*kpn.Preset, [][]kpn.Draw) {
	t.Helper()
	p, err := presets.Read("voice.json")
	require.NoError(t, err)
	p, err = p.Feed("noise")
	require.NoError(t, err)
	table, err := given.OpenTable(params, p, false)
	require.NoError(t, err)
	draws, err := table.Draws(0, sounds)
	require.NoError(t, err)
	require.NoError(t, table.Close())
	return p, draws
}

// job is the data's.
func job(p *kpn.Preset, draws [][]kpn.Draw, noise *kpn.Tensor) *kpn.Job {
	j := &kpn.Job{
		Shape: kpn.Shape{B: sounds, C: 1, F: frames}, Rate: rate,
		Inputs: map[string]*kpn.Tensor{"noise": noise},
	}
	p.BindDraws(j, draws)
	return j
}

// held is an engine, how far from the data its samples may be, in decibels
// below full scale, and its gradients, in their norm.
type held struct {
	kpn.Engine
	level, gradients float64
}

// onEngines runs a test on the reference and on a device.
func onEngines(t *testing.T, test func(*testing.T, held)) {
	t.Helper()
	t.Run("reference", func(t *testing.T) { test(t, held{cpuref.New(), -120, 1e-4}) })
	t.Run("device", func(t *testing.T) {
		device, err := gpu.NewEngine(gpu.Selector{Class: gpu.Class(conformance.DeviceClass())})
		conformance.RequireGPU(t, err)
		test(t, held{device, -96, 1e-2})
		require.NoError(t, device.Close())
	})
}

// render renders outputs of a graph, [sounds, frames] each.
func render(t *testing.T, engine kpn.Engine, g kpn.Graph, j *kpn.Job, outputs ...string) []*matrix {
	t.Helper()
	g.Outputs = outputs
	x, err := engine.Compile(&g)
	require.NoError(t, err)
	var list []*matrix
	for range outputs {
		list = append(list, &matrix{j.Shape.F, make([]float64, j.Shape.Len())})
	}
	require.NoError(t, x.Forward(t.Context(), j, func(b *kpn.Block) error {
		for s := range sounds {
			for i := range b.Shape.F {
				list[b.Output].row(s)[b.First+i] = b.At(s*b.Shape.F + i)
			}
		}
		return nil
	}))
	require.NoError(t, x.Close())
	return list
}

// TestSamplesOfAnotherImplementation compares what is kept of the data.
func TestSamplesOfAnotherImplementation(t *testing.T) {
	if *update {
		takeSamples(t)
	}
	onEngines(t, sparseSounds)
}

func sparseSounds(t *testing.T, e held) {
	t.Helper()
	sample := func(name string) *matrix { return read(t, filepath.Join("testdata", name+".npy")) }
	p, draws := voice(t, filepath.Join("testdata", "params_unit.npy"))
	at, sparse := sample("frames"), sample("noise")
	noise := kpn.NewTensor(kpn.Shape{B: sounds, C: 1, F: frames})
	for s := range sounds {
		for i, frame := range at.row(s) {
			noise.Data[s*frames+int(frame)] = float32(sparse.row(s)[i])
		}
	}
	j := job(p, draws, noise)
	outputs := []string{"out", "vco_1", "vco_2"}
	for o, got := range render(t, e, *p.Graph, j, outputs...) {
		want := sample([]string{"audio", "vco_1", "vco_2"}[o])
		for s := range sounds {
			for i, frame := range at.row(s) {
				// What is kept was rounded to single precision: to 6e-8, a
				// sixteenth of the smaller bound.
				require.InDelta(t, want.row(s)[i], got.row(s)[int(frame)], math.Pow(10, e.level/20), "%s of sound %d at frame %g", outputs[o], s, frame)
			}
		}
	}
}

// TestControlSignalsOfAnotherImplementation compares control signals before
// they are interpolated.
func TestControlSignalsOfAnotherImplementation(t *testing.T) {
	p, draws := voice(t, filepath.Join("testdata", "params_unit.npy"))
	split, ok := p.Graph.Split()
	require.True(t, ok)
	c := split.Job(p.Graph, job(p, draws, nil))
	require.Equal(t, controlFrames, c.Shape.F)
	nodes := []string{"adsr_1", "lfo_1", "vco_1_pitch"}
	for o, got := range render(t, cpuref.New(), *split.Control, c, nodes...) {
		want := read(t, filepath.Join("testdata", []string{"adsr_1", "lfo_1", "pitch_1"}[o]+".npy"))
		for s := range sounds {
			for i, frame := range controlKept(s) {
				// Double precision in both, and phases of up to 40 cycles, which
				// lose 2⁻⁵³ of themselves in each of 441 sums: 2e-12.
				require.InDelta(t, want.row(s)[i], got.row(s)[frame], 2e-12, "%s of sound %d at control frame %d", nodes[o], s, frame)
			}
		}
	}
}

// TestWholeData compares all of the data, where SAWMILL_VOICE_PARITY says that
// it is. It does nothing elsewhere.
func TestWholeData(t *testing.T) {
	if folder() == "" {
		t.Log("SAWMILL_VOICE_PARITY names no folder with the whole data")
		return
	}
	t.Run("sounds", func(t *testing.T) { onEngines(t, wholeSounds) })
	t.Run("gradients", func(t *testing.T) { onEngines(t, allGradients) })
}

// parity is a file of all of the data.
func parity(name string) string { return filepath.Join(folder(), name+".npy") }

// whole is the job of all of the data.
func whole(t *testing.T) (*kpn.Preset, [][]kpn.Draw, *kpn.Job) {
	t.Helper()
	p, draws := voice(t, parity("params_unit"))
	signal, err := given.OpenSignal("noise", parity("noise"))
	require.NoError(t, err)
	noise, err := signal.Tensor(0, sounds)
	require.NoError(t, err)
	require.NoError(t, signal.Close())
	return p, draws, job(p, draws, noise)
}

// wholeSounds holds the RMS of what differs of every sound.
func wholeSounds(t *testing.T, e held) {
	t.Helper()
	want := read(t, parity("audio"))
	p, _, j := whole(t)
	got := render(t, e, *p.Graph, j, "out")[0]
	for s := range sounds {
		power := 0.0
		for i, x := range got.row(s) {
			power += (x - want.row(s)[i]) * (x - want.row(s)[i])
		}
		level := 10 * math.Log10(power/frames)
		t.Logf("sound %d: %.1f dB", s, level)
		require.Less(t, level, e.level, "sound %d", s)
	}
}

// allGradients holds the gradients by unit values in their norm, for each sound
// and each module of the voice.
func allGradients(t *testing.T, e held) {
	t.Helper()
	want := read(t, parity("gradients_unit"))
	p, draws, j := whole(t)
	cotangent, err := given.OpenSignal("cotangent", parity("cotangent"))
	require.NoError(t, err)
	w, err := cotangent.Tensor(0, sounds)
	require.NoError(t, err)
	require.NoError(t, cotangent.Close())
	x, err := e.Compile(p.Graph)
	require.NoError(t, err)
	all, err := x.Adjoint(t.Context(), &kpn.AdjointJob{Job: j, Cotangents: kpn.TensorCotangents{w}})
	require.NoError(t, err)
	require.NoError(t, x.Close())
	_, unit := p.ByParameter(all, draws)
	got := &matrix{len(p.Sampled), unit}
	require.Equal(t, got.width, want.width)
	for s := range sounds {
		modules, worst := modulesOf(p), 0.0
		for module, columns := range modules {
			difference, norm := 0.0, 0.0
			for _, c := range columns {
				g, x := want.row(s)[c], got.row(s)[c]
				require.False(t, math.IsNaN(x) || math.IsInf(x, 0), "%s of sound %d", p.Sampled[c].Name, s)
				if math.IsNaN(g) {
					continue // automatic differentiation could not, at corners of ramps
				}
				difference += (x - g) * (x - g)
				norm += g * g
			}
			if norm == 0 {
				// No parameter of the module does anything to this sound.
				require.Zero(t, difference, "%s of sound %d", module, s)
				continue
			}
			relative := math.Sqrt(difference / norm)
			worst = max(worst, relative)
			require.Less(t, relative, e.gradients, "%s of sound %d", module, s)
		}
		t.Logf("sound %d: %.1e", s, worst)
	}
}

// modulesOf groups the columns of the parameters by what stands before the
// name's dot.
func modulesOf(p *kpn.Preset) map[string][]int {
	modules := map[string][]int{}
	for i := range p.Sampled {
		module, _, _ := strings.Cut(p.Sampled[i].Name, ".")
		modules[module] = append(modules[module], i)
	}
	return modules
}

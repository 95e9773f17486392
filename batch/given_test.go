package batch

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/batch/given"
	"sawmill/batch/npy"
	"sawmill/kpn"
)

// table opens values for the test preset: a note's frequency and a phase.
func table(t *testing.T, physical bool, text string) *given.Table {
	t.Helper()
	path := filepath.Join(t.TempDir(), "t.csv")
	require.NoError(t, os.WriteFile(path, []byte("note,osc.phase\n"+text), 0o644))
	values, err := given.OpenTable(path, preset(t), physical)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, values.Close()) })
	return values
}

// requests records what an engine was asked for.
func requests(e *fakeEngine) *[]*kpn.Job {
	var jobs []*kpn.Job
	e.asked = func(job *kpn.Job) { jobs = append(jobs, job) }
	return &jobs
}

func TestGivenValuesReachTheEngineAndTheLabels(t *testing.T) {
	values := table(t, true, "100.00000001,0.1\n440,0.3333333333333333\n200,1\n")
	e := newFake(113)
	jobs := requests(e)
	files := rendered(t, e, func(o *Options) { o.Values, o.Count, o.Batch = values, 3, 2 })
	require.Len(t, *jobs, 2)
	freq, phase := kpn.ParamRef{Node: "osc", Param: "freq"}, kpn.ParamRef{Node: "osc", Param: "phase"}
	require.Equal(t, []float64{100.00000001, 440}, (*jobs)[0].Items[freq])
	require.Equal(t, []float64{200}, (*jobs)[1].Items[freq])
	require.Equal(t, []float64{0.1, 1.0 / 3}, (*jobs)[0].Items[phase])

	lines := strings.Split(files[labelsName], "\n")
	require.Contains(t, lines[0], `"note":{"value":100.00000001,"unit":`)
	require.NotContains(t, lines[0], `"note":36`)
	require.Contains(t, lines[1], `"note":{"value":440,"unit":`)
	require.Contains(t, lines[1], `,"note":69}`)
	require.Contains(t, lines[1], `"osc.phase":{"value":0.3333333333333333,"unit":0.3333333333333333}`)
	var m manifestHead
	require.NoError(t, json.Unmarshal([]byte(files[manifestName]), &m))
	require.Equal(t, &tableCopy{values.SHA256(), "physical"}, m.Parameters)
}

func TestACountThatIsNotTheTablesIsRefused(t *testing.T) {
	o := options(t, t.TempDir())
	o.Values = table(t, false, "0,0\n1,1\n")
	require.EqualError(t, o.Validate(), "count: got 20, allowed is 2, a sound for each row of the parameters' values")
}

// signal opens a signal of so many sounds of the test's frames, and more.
func signal(t *testing.T, shape ...int) *given.Signal {
	t.Helper()
	n := 1
	for _, axis := range shape {
		n *= axis
	}
	data := npy.Header(npy.Float32, shape...)
	for i := range n {
		data = binary.LittleEndian.AppendUint32(data, math.Float32bits(float32(i)))
	}
	path := filepath.Join(t.TempDir(), "s.npy")
	require.NoError(t, os.WriteFile(path, data, 0o644))
	s, err := given.OpenSignal("in", path)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

// fed makes the options' preset one with an input, and feeds it.
func fed(t *testing.T, o *Options, s *given.Signal) {
	t.Helper()
	p, err := kpn.ParsePreset("test.json", []byte(strings.Replace(testPreset, `"half": {`, `"in": {"kind": "input", "default": {"kind": "noise"}}, "half": {`, 1)))
	require.NoError(t, err)
	o.Preset, err = p.Feed("in")
	require.NoError(t, err)
	o.Inputs = []*given.Signal{s}
}

func TestSignalsReachTheEngineBatchByBatch(t *testing.T) {
	e := newFake(113)
	jobs := requests(e)
	s := signal(t, 20, 113)
	rendered(t, e, func(o *Options) { fed(t, o, s) })
	require.Len(t, *jobs, 3)
	x := (*jobs)[1].Inputs["in"]
	require.Equal(t, kpn.Shape{B: 7, C: 1, F: 113}, x.Shape)
	require.Equal(t, float32(7*113), x.Data[0])

	// One serves all.
	e = newFake(113)
	jobs = requests(e)
	rendered(t, e, func(o *Options) { fed(t, o, signal(t, 1, 2, 113)) })
	require.Equal(t, kpn.Shape{B: 1, C: 2, F: 113}, (*jobs)[2].Inputs["in"].Shape)
}

func TestSignalsThatDoNotFitAreRefused(t *testing.T) {
	for want, shape := range map[string][]int{
		"is for 19 sounds, and there are 20":      {19, 113},
		"has 112 frames, the sounds have 113":     {20, 112},
		"has 3 channels, the sounds have 2; give": {20, 3, 113},
	} {
		o := options(t, filepath.Join(t.TempDir(), "d"))
		fed(t, &o, signal(t, shape...))
		_, err := Run(t.Context(), newFake(50), o)
		require.ErrorContains(t, err, want)
		require.NoDirExists(t, o.Dir)
	}
}

// Files with other contents are other arguments.
func TestOtherFilesDoNotContinueADataset(t *testing.T) {
	values := table(t, false, strings.Repeat("0,0\n", 20))
	same := table(t, false, strings.Repeat("0,0\n", 20))
	other := table(t, false, strings.Repeat("0,0\n", 19)+"0,1\n")
	physical := table(t, true, strings.Repeat("100,0\n", 20))
	begin := func(change func(*Options)) Options {
		o := options(t, filepath.Join(t.TempDir(), "d"))
		change(&o)
		require.Equal(t, 7, interrupted(t, o, 3).Done)
		return o
	}
	o := begin(func(o *Options) { o.Values = values })
	for want, v := range map[string]*given.Table{
		"parameters unit values of SHA-256 " + values.SHA256()[:12] + "…, this run asks for unit values of SHA-256 " + other.SHA256()[:12] + "…; repeat": other,
		"this run asks for physical values of SHA-256": physical,
		"this run asks for drawn at random":            nil,
	} {
		o.Values = v
		_, err := Run(t.Context(), newFake(50), o)
		var foreign *ArgumentError
		require.ErrorAs(t, err, &foreign)
		require.ErrorContains(t, err, want)
	}
	o.Values = same
	_, err := Run(t.Context(), newFake(50), o)
	require.NoError(t, err)

	s, alike := signal(t, 20, 113), signal(t, 20, 113)
	o = begin(func(o *Options) { fed(t, o, s) })
	fed(t, &o, signal(t, 1, 113))
	_, err = Run(t.Context(), newFake(50), o)
	require.ErrorContains(t, err, "with inputs in of SHA-256 "+s.SHA256()[:12])
	o.Inputs = nil
	require.ErrorContains(t, o.Validate(), "is an input and has no tensor")
	fed(t, &o, alike)
	_, err = Run(t.Context(), newFake(50), o)
	require.NoError(t, err)
}

// So are the contents of the files that the preset's tables are in.
func TestOtherTablesDoNotContinueADataset(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, data []byte) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), data, 0o644))
	}
	row := func(last float32) []byte {
		data := npy.Header(npy.Float32, 1, 4)
		for _, x := range []float32{0, 1, 0, last} {
			data = binary.LittleEndian.AppendUint32(data, math.Float32bits(x))
		}
		return data
	}
	read := func() *kpn.Preset {
		p, err := kpn.ReadPreset(filepath.Join(dir, "p.json"))
		require.NoError(t, err)
		return p
	}
	write("p.json", []byte(`{"sawmill": 1, "nodes": {"osc": {"kind": "wavetable", "params": {"freq": {"uniform": [100, 200]}}, "table": {"file": "w.npy"}}}, "output": "osc"}`))
	write("w.npy", row(-1))
	o := options(t, filepath.Join(t.TempDir(), "d"))
	o.Preset = read()
	require.Equal(t, 7, interrupted(t, o, 3).Done)

	write("w.npy", row(1))
	o.Preset = read()
	_, err := Run(t.Context(), newFake(50), o)
	var foreign *ArgumentError
	require.ErrorAs(t, err, &foreign)
	require.ErrorContains(t, err, "with preset files w.npy of SHA-256 ")

	write("w.npy", row(-1))
	o.Preset = read()
	_, err = Run(t.Context(), newFake(50), o)
	require.NoError(t, err)
}

// What labels say was drawn is, when it is given, what nodes got.
func TestLabelsGiveTheSameSounds(t *testing.T) {
	items := func(jobs *[]*kpn.Job) (list []map[kpn.ParamRef][]float64) {
		for _, j := range *jobs {
			list = append(list, j.Items)
		}
		return list
	}
	e := newFake(113)
	drawn := requests(e)
	files := rendered(t, e, nil)
	var text strings.Builder
	for line := range strings.Lines(files[labelsName]) {
		var label struct {
			Params map[string]struct{ Value float64 }
		}
		require.NoError(t, json.Unmarshal([]byte(line), &label))
		fmt.Fprintf(&text, "%v,%v\n", label.Params["note"].Value, label.Params["osc.phase"].Value)
	}
	values := table(t, true, text.String())
	e = newFake(113)
	given := requests(e)
	rendered(t, e, func(o *Options) { o.Values = values })
	require.NotEmpty(t, *given)
	require.Equal(t, items(drawn), items(given))
}

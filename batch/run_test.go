package batch

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/kpn"
)

func TestBytesDependOnNeitherBatchNorBlocksNorPrecision(t *testing.T) {
	want := rendered(t, newFake(1000), func(o *Options) { o.Batch = 1 })
	require.Len(t, want, 20+2, "the sounds, the labels and the manifest, and nothing else")
	for _, batch := range []int{0, 7, 64} {
		for _, block := range []int{1, 7, 50, 113} {
			e := newFake(block)
			e.wide = block == 50
			require.Equal(t, want, rendered(t, e, func(o *Options) { o.Batch = batch }), "batch %d, block %d", batch, block)
		}
	}
}

func TestSoundsDependOnSeedAndNotOnCount(t *testing.T) {
	all := rendered(t, newFake(50), nil)
	few := rendered(t, newFake(50), func(o *Options) { o.Count = 3 })
	other := rendered(t, newFake(50), func(o *Options) { o.Seed++ })
	for i := range 3 {
		name := fmt.Sprintf("%06d.wav", i)
		require.Equal(t, all[name], few[name])
		require.NotEqual(t, all[name], other[name])
	}
	require.Equal(t, strings.SplitAfter(all[labelsName], "\n")[:3], strings.SplitAfter(few[labelsName], "\n")[:3])
}

// parsedLabel is a line of labels.jsonl as a user would read it.
type parsedLabel struct {
	Index  int
	File   string
	Params map[string]struct {
		Value float64
		Unit  *float64
		Note  *float64
	}
	Peak, RMS *float64
	Clipped   int
}

func TestFilesAndLabelsMatch(t *testing.T) {
	for _, encoding := range []Encoding{PCM16, PCM24, Float32} {
		t.Run(encoding.String(), func(t *testing.T) {
			e := newFake(50)
			e.sample = func(item uint64, _, c, f int, x float32) float32 {
				if item == 4 && c == 1 && f < 9 {
					return 2
				}
				return x
			}
			files := rendered(t, e, func(o *Options) { o.Encoding = encoding })
			lines := strings.SplitAfter(files[labelsName], "\n")
			require.Len(t, lines, 21)
			require.Empty(t, lines[20], "the last line ends")
			for i, line := range lines[:20] {
				var l parsedLabel
				require.NoError(t, json.Unmarshal([]byte(line), &l))
				require.Equal(t, i, l.Index)
				require.Equal(t, fmt.Sprintf("%06d.wav", i), l.File)
				checkParams(t, &l)
				checkSamples(t, &l, encoding, []byte(files[l.File]), e)
			}
		})
	}
}

func checkParams(t *testing.T, l *parsedLabel) {
	t.Helper()
	p := preset(t)
	require.Len(t, l.Params, 2)
	for i, d := range p.Draw(1<<63+5, uint64(l.Index)) {
		got := l.Params[p.Sampled[i].Name]
		require.Equal(t, float32(d.Value), float32(got.Value))
		require.Equal(t, d.Unit, *got.Unit)
		require.Equal(t, d.Note, got.Note)
	}
}

func checkSamples(t *testing.T, l *parsedLabel, e Encoding, file []byte, engine *fakeEngine) {
	t.Helper()
	w, err := parseWave(file)
	require.NoError(t, err)
	require.Equal(t, 113*2*e.Bytes(), len(w.data))
	require.Equal(t, uint32(8000), w.rate)
	require.Equal(t, len(w.data)&1, w.remaining, "only the pad byte follows")
	p := preset(t)
	job := &kpn.Job{Shape: kpn.Shape{B: 1, C: 2, F: 113}, Rate: 8000, Seed: 1<<63 + 5, FirstItem: uint64(l.Index)}
	p.Bind(job)
	x := &fakeExecutable{engine, p.Graph}
	scale := encodings[e].scale
	peak, sum := 0.0, 0.0
	for i := range 113 * 2 {
		f, c := i/2, i%2
		got := decode(e, w.data[i*e.Bytes():]) / scale
		want := float64(x.at(job, 0, 0, job.Shape, c*113+f))
		if e != Float32 {
			want = math.Max(-1, math.Min(want, 1-1/scale))
		}
		// Half a step for rounding; floats are written as they are.
		step := 0.0
		if e != Float32 {
			step = 0.5 / scale
		}
		require.InDelta(t, want, got, step, "frame %d, channel %d", f, c)
		peak, sum = math.Max(peak, math.Abs(got)), sum+got*got
	}
	require.Equal(t, float32(peak), float32(*l.Peak))
	// Labels hold float32, with half a unit in its last place.
	require.InEpsilon(t, math.Sqrt(sum/226), float64(float32(*l.RMS)), 0x1p-24*1.01)
	clipped := 0
	if l.Index == 4 && e != Float32 {
		clipped = 9
	}
	require.Equal(t, clipped, l.Clipped)
}

func TestManifest(t *testing.T) {
	e := newFake(50)
	e.sample = func(item uint64, _, _, _ int, x float32) float32 {
		if item == 4 {
			return 2
		}
		return x
	}
	files := rendered(t, e, nil)
	var m struct {
		Format        string
		FormatVersion int `json:"format_version"`
		Sawmill       string
		Seed          uint64
		Count, Frames int
		Channels      int
		Seconds, Rate float64
		Bits          string
		Device        map[string]string
		Preset        struct{ SHA256, Source string }
		Bytes         int
		ClippedSounds int `json:"clipped_sounds"`
		Clipped       int `json:"clipped_samples"`
		Labels        fileInfo
		Files         []fileInfo
	}
	d := json.NewDecoder(bytes.NewReader([]byte(files[manifestName])))
	require.NoError(t, d.Decode(&m))
	require.Equal(t, "sawmill-dataset", m.Format)
	require.Equal(t, FormatVersion, m.FormatVersion)
	require.Equal(t, "test", m.Sawmill)
	require.Equal(t, uint64(1<<63+5), m.Seed)
	require.Equal(t, []int{20, 113, 2}, []int{m.Count, m.Frames, m.Channels})
	require.Equal(t, []float64{113.0 / 8000, 8000}, []float64{m.Seconds, m.Rate})
	require.Equal(t, "16", m.Bits)
	require.Equal(t, map[string]string{"class": "software", "name": "fake", "backend": "go", "version": "1"}, m.Device)
	require.Equal(t, testPreset, m.Preset.Source)
	require.Equal(t, hexSHA256(testPreset), m.Preset.SHA256)
	require.Equal(t, []int{1, 226}, []int{m.ClippedSounds, m.Clipped})
	require.Equal(t, fileInfo{labelsName, int64(len(files[labelsName])), hexSHA256(files[labelsName])}, m.Labels)
	require.Len(t, m.Files, 20)
	total := 0
	for i, f := range m.Files {
		name := fmt.Sprintf("%06d.wav", i)
		require.Equal(t, fileInfo{name, int64(len(files[name])), hexSHA256(files[name])}, f)
		total += len(files[name])
	}
	require.Equal(t, total, m.Bytes)
}

func hexSHA256(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// Several outputs become channels side by side.
func TestSeveralOutputs(t *testing.T) {
	both := func(o *Options) { o.Preset.Graph.Outputs = []string{"osc", "half"} }
	files := rendered(t, newFake(50), both)
	require.Equal(t, files, rendered(t, newFake(1), both))
	w, err := parseWave([]byte(files["000003.wav"]))
	require.NoError(t, err)
	require.Equal(t, 4, w.channels)
	o := options(t, "unused")
	both(&o)
	x := &fakeExecutable{newFake(50), o.Preset.Graph}
	job := o.Job(3, 1)
	for f := range 113 {
		for channel := range 4 {
			got := decode(PCM16, w.data[(f*4+channel)*2:])
			want := x.at(job, channel/2, 0, job.Shape, channel%2*113+f)
			require.InDelta(t, float64(want)*32768, got, 0.5)
		}
	}
}

func TestNamesHaveTheSameWidth(t *testing.T) {
	o := options(t, "unused")
	o.Count = 1_000_000
	require.Equal(t, "000000.wav", o.fileName(0))
	require.Equal(t, "999999.wav", o.fileName(999_999))
	o.Count++
	require.Equal(t, "0000000.wav", o.fileName(0))
	require.Equal(t, "1000000.wav", o.fileName(1_000_000))
}

func TestAutomaticBatchIsBounded(t *testing.T) {
	o := options(t, "unused")
	o.Batch = 0
	require.Equal(t, maxAutoBatch, o.batch())
	for _, seconds := range []float64{2, 600, 2e5} {
		o.Seconds = seconds
		perItem := o.Frames() * o.Channels
		require.GreaterOrEqual(t, o.batch(), 1)
		require.LessOrEqual(t, o.batch()*perItem, max(batchSamples, perItem))
	}
}

func TestProgress(t *testing.T) {
	o := options(t, filepath.Join(t.TempDir(), "d"))
	var seen []Progress
	o.Progress = func(p Progress) { seen = append(seen, p) }
	_, err := Run(t.Context(), newFake(50), o)
	require.NoError(t, err)
	require.Equal(t, Progress{Done: 20, Count: 20, Samples: 20 * 2 * 113}, seen[len(seen)-1])
	for i := 1; i < len(seen); i++ {
		require.GreaterOrEqual(t, seen[i].Done, seen[i-1].Done)
		require.GreaterOrEqual(t, seen[i].Samples, seen[i-1].Samples)
	}
}

package voice

import (
	"encoding/binary"
	"flag"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/batch/npy"
)

var update = flag.Bool("update", false, "take the samples of testdata anew from the folder that SAWMILL_VOICE_PARITY names")

// folder is where all of the data is.
func folder() string { return os.Getenv("SAWMILL_VOICE_PARITY") }

// The extents of the data.
const (
	sounds        = 8
	frames        = 44100
	rate          = 44100
	controlFrames = 441
	// every is the distance of the frames in testdata, and everyControl that of
	// its control frames.
	every        = 441
	everyControl = 10
)

// matrix is an array of the data: [sounds, width].
type matrix struct {
	width  int
	values []float64
}

func (m *matrix) row(i int) []float64 { return m.values[i*m.width : (i+1)*m.width] }

func read(t *testing.T, path string) *matrix {
	t.Helper()
	a, err := npy.Open(path)
	require.NoError(t, err)
	require.Len(t, a.Shape, 2)
	require.Equal(t, sounds, a.Shape[0])
	m := &matrix{a.Shape[1], make([]float64, a.Len())}
	require.NoError(t, a.Doubles(0, m.values))
	require.NoError(t, a.Close())
	return m
}

func write(t *testing.T, name string, kind npy.Type, m *matrix) {
	t.Helper()
	data := npy.Header(kind, sounds, m.width)
	for _, x := range m.values {
		if kind == npy.Float32 {
			data = binary.LittleEndian.AppendUint32(data, math.Float32bits(float32(x)))
		} else {
			data = binary.LittleEndian.AppendUint64(data, math.Float64bits(x))
		}
	}
	require.NoError(t, os.WriteFile(filepath.Join("testdata", name+".npy"), data, 0o644))
}

// kept are the frames of a sound that testdata has.
func kept(audio []float64) []int {
	var list []int
	peak := 0
	for i := range audio {
		if i%every == 0 {
			list = append(list, i)
		}
		if math.Abs(audio[i]) > math.Abs(audio[peak]) {
			peak = i
		}
	}
	return append(list, peak)
}

// pick takes the frames of each row.
func (m *matrix) pick(at func(sound int) []int) *matrix {
	p := &matrix{}
	for s := range sounds {
		list := at(s)
		p.width = len(list)
		for _, i := range list {
			p.values = append(p.values, m.row(s)[i])
		}
	}
	return p
}

// controlKept are the control frames that testdata has.
func controlKept(int) []int {
	var list []int
	for i := 0; i < controlFrames; i += everyControl {
		list = append(list, i)
	}
	return list
}

// takeSamples writes testdata.
func takeSamples(t *testing.T) {
	t.Helper()
	full := func(name string) *matrix { return read(t, filepath.Join(folder(), name+".npy")) }
	audio := full("audio")
	at := func(s int) []int { return kept(audio.row(s)) }
	numbers := &matrix{width: frames, values: make([]float64, sounds*frames)}
	for i := range numbers.values {
		numbers.values[i] = float64(i % frames)
	}
	write(t, "frames", npy.Float32, numbers.pick(at))
	write(t, "params_unit", npy.Float64, full("params_unit"))
	for name, from := range map[string]string{"audio": "audio", "noise": "noise", "vco_1": "probe_vco_1", "vco_2": "probe_vco_2"} {
		write(t, name, npy.Float32, full(from).pick(at))
	}
	for name, from := range map[string]string{"adsr_1": "probe_adsr_1", "lfo_1": "probe_lfo_1", "pitch_1": "probe_mod_vco_1_pitch"} {
		write(t, name, npy.Float64, full(from).pick(controlKept))
	}
}

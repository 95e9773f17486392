package given_test

import (
	"encoding/binary"
	"math"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sawmill/batch/given"
	"sawmill/batch/npy"
	"sawmill/kpn"
)

// counting are n values in steps of 1/64.
func counting(n int) []float64 {
	values := make([]float64, n)
	for i := range values {
		values[i] = float64(i-n/2) / 64
	}
	return values
}

func TestSignalsOfArrays(t *testing.T) {
	t.Parallel()
	const frames = 20000
	for _, kind := range []npy.Type{npy.Float32, npy.Float64} {
		values := counting(3 * 2 * frames)
		s, err := given.OpenSignal("n", put(t, "s.npy", array(kind, values, 3, 2, frames)))
		require.NoError(t, err)
		require.Equal(t, kpn.Shape{B: 3, C: 2, F: frames}, s.Shape)
		x, err := s.Tensor(1, 2)
		require.NoError(t, err)
		require.Equal(t, kpn.Shape{B: 2, C: 2, F: frames}, x.Shape)
		for i, got := range x.Data {
			require.Equal(t, float32(values[2*frames+i]), got)
		}
		_, err = s.Tensor(2, 2)
		require.ErrorContains(t, err, "the signal of n has 3 sounds, and not 2 to 3")
		require.NoError(t, s.Close())
	}
	s, err := given.OpenSignal("n", put(t, "s.npy", array(npy.Float32, counting(7), 1, 7)))
	require.NoError(t, err)
	first, err := s.Tensor(0, 1)
	require.NoError(t, err)
	again, err := s.Tensor(5, 3)
	require.NoError(t, err)
	require.Same(t, first, again)
	require.Equal(t, kpn.Shape{B: 1, C: 1, F: 7}, again.Shape)
	require.NoError(t, s.Close())
}

func TestSignalsThatDoNotFit(t *testing.T) {
	t.Parallel()
	path := put(t, "s.npy", array(npy.Float32, counting(12), 2, 2, 3))
	s, err := given.OpenSignal("n", path)
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close()) }()
	require.NoError(t, s.Fits(kpn.Shape{B: 2, C: 2, F: 3}, 6))
	for _, c := range []struct {
		sounds kpn.Shape
		want   string
	}{
		{kpn.Shape{B: 2, C: 2, F: 4}, "has 3 frames, the sounds have 4; make it that long, or render with --seconds 0.5"},
		{kpn.Shape{B: 2, C: 3, F: 3}, "has 2 channels, the sounds have 3; give it as many, or a single one for all, or render with --channels 2"},
		{kpn.Shape{B: 3, C: 2, F: 3}, "is for 2 sounds, and there are 3; give it one for each of them, or a single one for all"},
	} {
		require.EqualError(t, s.Fits(c.sounds, 6), path+": the signal of n "+c.want)
	}
}

// wav is a WAV file of these samples, [frames, channels], as the given chunks.
func wav(form string, tag, bits uint16, channels int, samples []byte, before ...string) string {
	le := binary.LittleEndian
	b := append([]byte(form), 0, 0, 0, 0)
	b = append(b, "WAVE"...)
	for _, chunk := range before {
		b = append(b, chunk...)
	}
	b = append(b, "fmt "...)
	b = le.AppendUint32(b, 16)
	b = le.AppendUint16(b, tag)
	b = le.AppendUint16(b, uint16(channels))
	b = le.AppendUint32(b, 8000)
	b = le.AppendUint32(b, 0)
	b = le.AppendUint16(b, uint16(channels)*bits/8)
	b = le.AppendUint16(b, bits)
	b = append(b, "data"...)
	size := uint32(len(samples))
	if form == "RF64" {
		size = math.MaxUint32
	}
	b = le.AppendUint32(b, size)
	return string(append(b, samples...))
}

// TestWaves holds every encoding of the samples ½ and −¼ on two channels.
func TestWaves(t *testing.T) {
	t.Parallel()
	le := binary.LittleEndian
	f32 := le.AppendUint32(le.AppendUint32(nil, math.Float32bits(0.5)), math.Float32bits(-0.25))
	ds64 := "ds64" + string(le.AppendUint64(le.AppendUint64(le.AppendUint32(nil, 16), 0), 8))
	for name, text := range map[string]string{
		"8":    wav("RIFF", 1, 8, 2, []byte{0xC0, 0x60}),
		"16":   wav("RIFF", 1, 16, 2, []byte{0, 0x40, 0, 0xE0}),
		"24":   wav("RIFF", 1, 24, 2, []byte{0, 0, 0x40, 0, 0, 0xE0}),
		"32":   wav("RIFF", 1, 32, 2, []byte{0, 0, 0, 0x40, 0, 0, 0, 0xE0}),
		"32f":  wav("RIFF", 3, 32, 2, f32),
		"64f":  wav("RIFF", 3, 64, 2, le.AppendUint64(le.AppendUint64(nil, math.Float64bits(0.5)), math.Float64bits(-0.25))),
		"RF64": wav("RF64", 3, 32, 2, f32, ds64),
		// A chunk of odd length, padded.
		"others": wav("RIFF", 3, 32, 2, f32, "LIST\x03\x00\x00\x00abc\x00"),
	} {
		s, err := given.OpenSignal("n", put(t, "s.wav", text))
		require.NoError(t, err, name)
		require.Equal(t, kpn.Shape{B: 1, C: 2, F: 1}, s.Shape, name)
		require.Equal(t, 8000.0, s.Rate)
		x, err := s.Tensor(3, 4)
		require.NoError(t, err)
		assert.Equal(t, []float32{0.5, -0.25}, x.Data, name)
		require.NoError(t, s.Fits(kpn.Shape{B: 9, C: 2, F: 1}, 8000))
		require.ErrorContains(t, s.Fits(kpn.Shape{B: 9, C: 2, F: 1}, 8001), "is at 8000 Hz, the sounds are at 8001 Hz; resample it, or render with --rate 8000")
		require.NoError(t, s.Close())
	}
}

func TestBadSignalsAreRefused(t *testing.T) {
	t.Parallel()
	nan := binary.LittleEndian.AppendUint32(nil, math.Float32bits(float32(math.NaN())))
	for _, c := range []struct{ name, text, want string }{
		{"s.flac", "", ": its name ends in none of .npy (NumPy) or .wav, which say how to read it"},
		{"s.npy", array(npy.Float32, counting(3), 3), ": it has the shape [3]; want [sounds, frames] or [sounds, channels, frames]"},
		{"s.npy", array(npy.Float32, nil, 0, 3), ": it has the shape [0 3], and so no samples"},
		{"s.npy", array(npy.Float64, []float64{0, 0, 0, math.Inf(1)}, 2, 2), ": value [1 1]: got +Inf, want a finite number of single precision"},
		{"s.wav", "RIFF", ": it is no WAV file: it is too short"},
		{"s.wav", "RIFFxxxxAVI something", ": it is no WAV file"},
		{"s.wav", wav("RIFF", 1, 16, 1, nil), ": it has no samples"},
		{"s.wav", wav("RIFF", 1, 16, 1, []byte{1, 2, 3}), ": its 3 bytes of samples are no whole frames of 2"},
		{"s.wav", wav("RIFF", 1, 16, 1, []byte{1, 2, 3, 4})[:46], ": it is cut short: 4 bytes of samples should follow, and 2 do"},
		{"s.wav", wav("RIFF", 1, 12, 2, nil), ": its samples are of format 1 with 12 bits; want integers of 8, 16, 24 or 32 bits, or floats of 32 or 64"},
		{"s.wav", wav("RIFF", 1, 16, 0, nil), ": its format is damaged: 0 channels of 16 bits, in frames of 0 bytes"},
		{"s.wav", wav("RIFF", 3, 32, 1, nan), ": frame 0, channel 0: got NaN, want a finite number of single precision"},
		{"s.wav", wav("RIFF", 3, 32, 1, nil, "LIST\xff\xff\xff\x7f"), `: its chunk "LIST" is longer than the file`},
		{"s.wav", wav("RIFF", 3, 32, 1, nil, "data\x00\x00\x00\x00"), ": its samples come before its format"},
		{"s.wav", wav("RIFF", 3, 32, 1, nil)[:36], ": it ends before its samples"},
	} {
		path := put(t, c.name, c.text)
		_, err := given.OpenSignal("n", path)
		assert.EqualError(t, err, path+c.want)
	}
	_, err := given.OpenSignal("n", t.TempDir()+"/none.wav")
	require.ErrorIs(t, err, os.ErrNotExist)
}

// FuzzWave holds the reader to its promise: an error, or as many finite
// samples as it says.
func FuzzWave(f *testing.F) {
	f.Add(wav("RIFF", 1, 16, 2, []byte{0, 0x40, 0, 0xE0}))
	f.Add(wav("RF64", 3, 32, 1, []byte{0, 0, 0, 0}, "LIST\x03\x00\x00\x00abc\x00"))
	f.Fuzz(func(t *testing.T, text string) {
		s, err := given.OpenSignal("n", put(t, "s.wav", text))
		if err != nil {
			var bad *given.FileError
			require.ErrorAs(t, err, &bad)
			return
		}
		require.LessOrEqual(t, s.Shape.Len(), len(text))
		x, err := s.Tensor(0, 1)
		require.NoError(t, err)
		require.Len(t, x.Data, s.Shape.Len())
		require.NoError(t, s.Close())
	})
}

// FuzzTable holds that a text is refused, or gives draws of every row.
func FuzzTable(f *testing.F) {
	f.Add("a.freq,b->shape,out.gain\n0,0,0.5\n1,1,1\n", true)
	f.Add(`{"a.freq": 0, "b->shape": 0.2, "out.gain": 1e-3}`, false)
	p := parse(f)
	f.Fuzz(func(t *testing.T, text string, csv bool) {
		name := "t.jsonl"
		if csv {
			name = "t.csv"
		}
		for _, physical := range []bool{false, true} {
			table, err := given.OpenTable(put(t, name, text), p, physical)
			if err != nil {
				continue
			}
			draws, err := table.Draws(0, table.Rows())
			require.NoError(t, err)
			for _, row := range draws {
				for i, d := range row {
					lo, hi := p.Sampled[i].Distribution.Support()
					require.True(t, d.Value >= lo && d.Value <= hi)
				}
			}
			require.NoError(t, table.Close())
		}
	})
}

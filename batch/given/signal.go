package given

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"sawmill/batch/npy"
	"sawmill/kpn"
)

// MaxSamples bounds the samples of a signal that are in memory at once: 1 GiB.
const MaxSamples = 1 << 28

// Signal is the signal of an input node.
type Signal struct {
	// Node is the input's name.
	Node string
	// Shape is the file's: one item, or one channel, serves all.
	Shape kpn.Shape
	// Rate is the sample rate in Hz that the file says, or 0.
	Rate float64

	file *file
	// array or wave is what the file is.
	array *npy.Array
	wave  *wave
	// repeated is the tensor of a single item.
	repeated *kpn.Tensor
}

// OpenSignal opens a signal and checks all of it: a NumPy array [sounds,
// frames] or [sounds, channels, frames], or a WAV file, which is one item. The
// suffix decides.
//
// Errors: *[FileError], *[npy.FileError], *[npy.ValueError].
func OpenSignal(node, path string) (*Signal, error) {
	read := map[string]func(*Signal) error{".npy": (*Signal).openArray, ".wav": (*Signal).openWave}[strings.ToLower(filepath.Ext(path))]
	if read == nil {
		return nil, faultf(path, "its name ends in none of .npy (NumPy) or .wav, which say how to read it")
	}
	f, err := open(path)
	if err != nil {
		return nil, err
	}
	s := &Signal{Node: node, file: f}
	if err := read(s); err != nil {
		return nil, errors.Join(err, f.close())
	}
	return s, nil
}

// openArray looks at an array's axes and goes through its values once.
func (s *Signal) openArray() error {
	a, err := npy.Read(s.file.path, s.file.handle, s.file.size)
	if err != nil {
		return err
	}
	switch axes := a.Shape; len(axes) {
	case 2:
		s.Shape = kpn.Shape{B: axes[0], C: 1, F: axes[1]}
	case 3:
		s.Shape = kpn.Shape{B: axes[0], C: axes[1], F: axes[2]}
	default:
		return faultf(s.file.path, "it has the shape %v; want [sounds, frames] or [sounds, channels, frames]", axes)
	}
	if a.Len() == 0 {
		return faultf(s.file.path, "it has the shape %v, and so no samples", a.Shape)
	}
	s.array = a
	const run = 1 << 14
	values := make([]float32, run)
	for first := 0; first < a.Len(); first += run {
		if err := a.Floats(first, values[:min(run, a.Len()-first)]); err != nil {
			return err
		}
	}
	return nil
}

// openWave reads a wave's head and goes through its samples once.
func (s *Signal) openWave() error {
	w, err := readWave(s.file.handle, s.file.size)
	if err == nil && w.frames == 0 {
		err = errors.New("it has no samples")
	}
	if err == nil {
		err = w.read(s.file.handle, nil)
	}
	if err != nil {
		return &FileError{s.file.path, err}
	}
	s.wave = w
	s.Shape, s.Rate = kpn.Shape{B: 1, C: w.channels, F: w.frames}, float64(w.rate)
	return nil
}

// SHA256 is the hash of the file.
func (s *Signal) SHA256() string { return s.file.sha256 }

// Close closes the file.
func (s *Signal) Close() error { return s.file.close() }

// Fits says whether the signal can serve so many sounds of so many channels
// and frames, at a sample rate. What it says to do is in flags of the command.
func (s *Signal) Fits(sounds kpn.Shape, rate float64) error {
	got := s.Shape
	switch {
	case s.Rate > 0 && s.Rate != rate:
		return s.misfit("is at %.0f Hz, the sounds are at %.10g Hz; resample it, or render with --rate %.0f", s.Rate, rate, s.Rate)
	case got.F != sounds.F:
		return s.misfit("has %d frames, the sounds have %d; make it that long, or render with --seconds %.10g", got.F, sounds.F, float64(got.F)/rate)
	case got.C != sounds.C && got.C != 1:
		return s.misfit("has %d channels, the sounds have %d; give it as many, or a single one for all, or render with --channels %d", got.C, sounds.C, got.C)
	case got.B != sounds.B && got.B != 1:
		return s.misfit("is for %d sounds, and there are %d; give it one for each of them, or a single one for all", got.B, sounds.B)
	case got.C*got.F > MaxSamples:
		return s.misfit("has %d samples a sound, at most %d fit in memory; render a shorter one", got.C*got.F, MaxSamples)
	}
	return nil
}

func (s *Signal) misfit(format string, args ...any) error {
	return faultf(s.file.path, "the signal of %s "+format, append([]any{s.Node}, args...)...)
}

// Tensor is the signal of so many sounds from first on. It is not safe for
// concurrent use. Errors: *[FileError] if the file is no longer what was
// opened, or if that is more than [MaxSamples].
func (s *Signal) Tensor(first, n int) (*kpn.Tensor, error) {
	if s.repeated != nil {
		return s.repeated, nil
	}
	if err := s.file.unchanged(); err != nil {
		return nil, err
	}
	shape := s.Shape
	if shape.B > 1 {
		if first < 0 || n < 1 || first+n > shape.B {
			return nil, s.misfit("has %d sounds, and not %d to %d", shape.B, first, first+n-1)
		}
		shape.B = n
	}
	if shape.Len() > MaxSamples {
		return nil, s.misfit("has %d samples for %d sounds, at most %d fit in memory; take fewer sounds at once", shape.Len(), shape.B, MaxSamples)
	}
	t := kpn.NewTensor(shape)
	if s.wave != nil {
		if err := s.wave.read(s.file.handle, t.Data); err != nil {
			return nil, &FileError{s.file.path, err}
		}
	} else if err := s.array.Floats(min(first, s.Shape.B-shape.B)*shape.C*shape.F, t.Data); err != nil {
		return nil, fmt.Errorf("the signal of %s: %w", s.Node, err)
	}
	if s.Shape.B == 1 {
		s.repeated = t
	}
	return t, nil
}

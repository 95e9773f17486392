package batch

import (
	"context"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/kpn"
)

// fullDisk lets a number of bytes through and then has no space left.
type fullDisk struct {
	io.WriteCloser
	left *atomic.Int64
}

func (f *fullDisk) Write(p []byte) (int, error) {
	if f.left.Add(-int64(len(p))) < 0 {
		// A full disk takes what fits.
		n, _ := f.WriteCloser.Write(p[:len(p)/2])
		return n, syscall.ENOSPC
	}
	return f.WriteCloser.Write(p)
}

// onFullDisk runs with room for the given number of bytes.
func onFullDisk(t *testing.T, o Options, room int64) error {
	t.Helper()
	d := unsynced(o.Dir)
	var left atomic.Int64
	left.Store(room)
	open := d.open
	d.open = func(path string, flag int) (io.WriteCloser, error) {
		f, err := open(path, flag)
		return &fullDisk{f, &left}, err
	}
	_, err := start(t.Context(), newFake(50), &o, d)
	return err
}

// Wherever the disk is full, the error names a file and says what to do, no
// sound is left half written, and the run continues when there is room.
func TestFullDisk(t *testing.T) {
	want := rendered(t, newFake(50), nil)
	total := int64(0)
	for _, data := range want {
		total += int64(len(data))
	}
	total += int64(len(want[labelsName])) // the journal, about
	failures := 0
	for room := int64(0); room < total; room += 487 {
		o := options(t, filepath.Join(t.TempDir(), "d"))
		err := onFullDisk(t, o, room)
		if err == nil {
			continue
		}
		failures++
		var fault *FileError
		require.ErrorAs(t, err, &fault)
		require.ErrorIs(t, err, syscall.ENOSPC)
		require.Contains(t, err.Error(), "free some space")
		require.True(t, strings.HasPrefix(fault.Path, o.Dir), fault.Path)
		for name, data := range contents(t, o.Dir) {
			require.False(t, strings.HasSuffix(name, ".tmp"), name)
			if strings.HasSuffix(name, ".wav") {
				require.Equal(t, want[name], data, name)
			}
		}
		_, err = start(t.Context(), newFake(50), &o, unsynced(o.Dir))
		require.NoError(t, err)
		require.Equal(t, want, contents(t, o.Dir), "%d bytes", room)
	}
	require.Greater(t, failures, 20)
}

// What cannot be made durable is not called finished.
func TestSyncThatFails(t *testing.T) {
	for _, victim := range []string{".000009.wav.tmp", ".", ".labels.jsonl.tmp", ".manifest.json.tmp", "..sawmill-job.json.tmp"} {
		o := options(t, filepath.Join(t.TempDir(), "d"))
		d := newDirectory(o.Dir)
		d.flush = func(path string) error {
			if path == d.path(victim) {
				return syscall.EIO
			}
			return nil
		}
		_, err := start(t.Context(), newFake(50), &o, d)
		var fault *FileError
		require.ErrorAs(t, err, &fault, victim)
		require.ErrorIs(t, err, syscall.EIO)
		if victim == ".000009.wav.tmp" {
			requireOnlyFinished(t, o.Dir, 7)
		}
		finish(t, o)
	}
}

func TestSamplesThatAreNotFinite(t *testing.T) {
	for _, x := range []float32{float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1))} {
		for _, block := range []int{1, 50, 113} {
			o := options(t, filepath.Join(t.TempDir(), "d"))
			e := newFake(block)
			e.sample = func(item uint64, _, c, f int, was float32) float32 {
				if item == 9 && c == 1 && f >= 77 {
					return x
				}
				return was
			}
			_, err := Run(t.Context(), e, o)
			var fault *SampleError
			require.ErrorAs(t, err, &fault)
			require.Equal(t, []any{9, "osc", 1, 77}, []any{fault.Item, fault.Output, fault.Channel, fault.Frame})
			require.Equal(t, math.Float32bits(x)&0xFF800000, math.Float32bits(float32(fault.Got))&0xFF800000)
			require.NotContains(t, contents(t, o.Dir), "000009.wav")
			requireOnlyFinished(t, o.Dir, 7)
			finish(t, o)
		}
	}
}

func TestEngineThatFails(t *testing.T) {
	o := options(t, filepath.Join(t.TempDir(), "d"))
	lost := errors.New("the device was lost")
	e := newFake(50)
	e.before = func(item uint64, frame int) error {
		if item == 14 && frame == 50 {
			return lost
		}
		return nil
	}
	_, err := Run(t.Context(), e, o)
	require.ErrorIs(t, err, lost)
	require.Contains(t, err.Error(), "items 14 to 19")
	requireOnlyFinished(t, o.Dir, 14)
	require.Equal(t, Result{Rendered: 6, Present: 14}, finish(t, o))
}

// badEngine changes the blocks of a fake.
type badEngine struct {
	*fakeEngine
	change func(*kpn.Block) (drop bool)
}

func (e badEngine) Compile(g *kpn.Graph) (kpn.Executable, error) {
	return badExecutable{&fakeExecutable{e.fakeEngine, g}, e.change}, nil
}

type badExecutable struct {
	*fakeExecutable
	change func(*kpn.Block) bool
}

func (x badExecutable) Forward(ctx context.Context, job *kpn.Job, sink kpn.Sink) error {
	return x.fakeExecutable.Forward(ctx, job, func(b *kpn.Block) error {
		if x.change(b) {
			return nil
		}
		return sink(b)
	})
}

func TestEngineThatBreaksItsContract(t *testing.T) {
	for name, change := range map[string]func(b *kpn.Block) bool{
		"no blocks":     func(*kpn.Block) bool { return true },
		"no last block": func(b *kpn.Block) bool { return b.First == 100 },
		"no first":      func(b *kpn.Block) bool { return b.First == 0 },
		"items":         func(b *kpn.Block) bool { b.Shape.B--; return false },
		"channels":      func(b *kpn.Block) bool { b.Shape.C++; return false },
		"short data":    func(b *kpn.Block) bool { b.F32 = b.F32[1:]; return false },
		"output":        func(b *kpn.Block) bool { b.Output = 1; return false },
		"beyond the end": func(b *kpn.Block) bool {
			if b.First == 100 {
				b.Shape.F++
				b.F32 = make([]float32, b.Shape.Len())
			}
			return false
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := options(t, filepath.Join(t.TempDir(), "d"))
			_, err := Run(t.Context(), badEngine{newFake(50), change}, o)
			var broken *EngineError
			require.ErrorAs(t, err, &broken)
			requireOnlyFinished(t, o.Dir, 0)
		})
	}
}

// Something else takes a sound's name while the run goes on.
func TestRenameThatFails(t *testing.T) {
	o := options(t, filepath.Join(t.TempDir(), "d"))
	e := newFake(50)
	inTheWay := filepath.Join(o.Dir, "000009.wav")
	e.before = func(uint64, int) error { return os.MkdirAll(inTheWay, 0o755) }
	_, err := start(t.Context(), e, &o, unsynced(o.Dir))
	var fault *FileError
	require.ErrorAs(t, err, &fault)
	require.Equal(t, inTheWay, fault.Path)
	require.NoError(t, os.Remove(inTheWay))
	require.Equal(t, Result{Rendered: 13, Present: 7}, finish(t, o))
}

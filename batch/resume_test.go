package batch

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"sawmill/kpn"
)

// interrupted runs until the given number of blocks has been rendered, and
// is stopped there.
func interrupted(t *testing.T, o Options, blocks int) *InterruptedError {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	e := newFake(50)
	e.before = func(uint64, int) error {
		if blocks == 0 {
			cancel()
		}
		blocks--
		return nil
	}
	_, err := start(ctx, e, &o, unsynced(o.Dir))
	var stopped *InterruptedError
	require.ErrorAs(t, err, &stopped)
	require.ErrorIs(t, err, context.Canceled)
	return stopped
}

func TestResumedRunsGiveTheSameBytes(t *testing.T) {
	want := rendered(t, newFake(113), nil)
	// A batch is three blocks.
	for name, stops := range map[string][]int{
		"one":               {4},
		"before anything":   {0},
		"between batches":   {3},
		"four":              {2, 10, 1, 16},
		"again and again":   {2, 2, 2, 2},
		"in the last batch": {8},
	} {
		t.Run(name, func(t *testing.T) {
			o := options(t, filepath.Join(t.TempDir(), "d"))
			done := 0
			for k, blocks := range stops {
				o.Batch = []int{7, 3, 64, 1}[k]
				stopped := interrupted(t, o, blocks)
				require.Equal(t, done+blocks/3*o.Batch, stopped.Done)
				done = stopped.Done
				requireOnlyFinished(t, o.Dir, done)
			}
			o.Batch = 5
			result, err := Run(t.Context(), newFake(50), o)
			require.NoError(t, err)
			require.Equal(t, Result{Rendered: 20 - done, Present: done}, result)
			require.Equal(t, want, contents(t, o.Dir))
		})
	}
}

// requireOnlyFinished checks that a stopped run left no sound half written.
func requireOnlyFinished(t *testing.T, dir string, done int) {
	t.Helper()
	sounds := 0
	for name := range contents(t, dir) {
		require.False(t, strings.HasSuffix(name, ".tmp"), name)
		if strings.HasSuffix(name, ".wav") {
			sounds++
		}
	}
	require.Equal(t, done, sounds)
}

// begin leaves a directory with the first 14 of 20 sounds.
func begin(t *testing.T) Options {
	t.Helper()
	o := options(t, filepath.Join(t.TempDir(), "d"))
	require.Equal(t, 14, interrupted(t, o, 6).Done)
	return o
}

// finish finishes a directory and checks that it is as if never stopped.
func finish(t *testing.T, o Options) Result {
	t.Helper()
	result, err := start(t.Context(), newFake(50), &o, unsynced(o.Dir))
	require.NoError(t, err)
	require.Equal(t, rendered(t, newFake(50), nil), contents(t, o.Dir))
	return result
}

func TestFinishedSoundsStayUntouched(t *testing.T) {
	o := begin(t)
	old := time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC)
	for i := range 14 {
		require.NoError(t, os.Chtimes(filepath.Join(o.Dir, o.fileName(i)), old, old))
	}
	require.Equal(t, Result{Rendered: 6, Present: 14}, finish(t, o))
	for i := range 20 {
		info, err := os.Stat(filepath.Join(o.Dir, o.fileName(i)))
		require.NoError(t, err)
		require.Equal(t, i < 14, info.ModTime().Equal(old), "sound %d", i)
	}
}

// A crash may cut the journal anywhere: at each byte of its last line, and
// with pages of zeros behind it.
func TestTornJournal(t *testing.T) {
	o := begin(t)
	kept := contents(t, o.Dir)
	text := kept[journalName]
	last := strings.LastIndexByte(text[:len(text)-1], '\n') + 1
	restore := func(journal string) {
		for name := range contents(t, o.Dir) {
			if _, was := kept[name]; !was {
				require.NoError(t, os.Remove(filepath.Join(o.Dir, name)))
			}
		}
		require.NoError(t, os.WriteFile(filepath.Join(o.Dir, jobName), []byte(kept[jobName]), 0o644))
		require.NoError(t, os.WriteFile(filepath.Join(o.Dir, journalName), []byte(journal), 0o644))
	}
	want := rendered(t, newFake(50), nil)
	for at := last; at < len(text); at++ {
		restore(text[:at])
		result, err := start(t.Context(), newFake(113), &o, unsynced(o.Dir))
		require.NoError(t, err)
		require.Equal(t, Result{Rendered: 7, Present: 13}, result, "cut at byte %d", at-last)
		require.Equal(t, want, contents(t, o.Dir), "cut at byte %d", at-last)
	}
	second := strings.IndexByte(text, '\n') + 1
	for name, journal := range map[string]string{
		"zeros behind":  text[:second] + strings.Repeat("\x00", 100),
		"zeros within":  text[:second] + strings.Repeat("\x00", 100) + "\n" + text[second:],
		"a line lost":   text[:second] + text[strings.IndexByte(text[second:], '\n')+second+1:],
		"a line twice":  text[:second] + text,
		"garbage":       text[:second] + "{}\n",
		"a long line":   text[:second] + strings.Repeat("x", maxLine+1),
		"not a journal": text[:second] + `{"bytes":4,"sha256":"","label":{"index":1,"file":"000001.wav"}}` + "\n",
	} {
		restore(journal)
		require.Equal(t, Result{Rendered: 19, Present: 1}, finish(t, o), name)
	}
	restore("")
	require.Equal(t, Result{Rendered: 20}, finish(t, o))
}

func TestMissingAndCutFilesAreRenderedAgain(t *testing.T) {
	damage := func(o Options) {
		require.NoError(t, os.Remove(filepath.Join(o.Dir, o.fileName(0))))
		require.NoError(t, os.Remove(filepath.Join(o.Dir, o.fileName(5))))
		require.NoError(t, os.Truncate(filepath.Join(o.Dir, o.fileName(6)), 100))
		require.NoError(t, os.Remove(filepath.Join(o.Dir, o.fileName(13))))
		require.NoError(t, os.Symlink("/dev/null", filepath.Join(o.Dir, o.fileName(13))))
	}
	o := begin(t)
	damage(o)
	require.Equal(t, Result{Rendered: 10, Repaired: 4, Present: 14}, finish(t, o))
	damage(o)
	require.Equal(t, Result{Rendered: 4, Repaired: 4, Present: 20}, finish(t, o))
}

// A lost sound that comes back different, as on a device that is not what it
// was, must not slip in under the old hash.
func TestLostSoundThatRendersDifferently(t *testing.T) {
	o := begin(t)
	require.NoError(t, os.Remove(filepath.Join(o.Dir, o.fileName(2))))
	e := newFake(50)
	e.sample = func(_ uint64, _, _, _ int, x float32) float32 { return x / 2 }
	_, err := Run(t.Context(), e, o)
	var damaged *DamagedError
	require.ErrorAs(t, err, &damaged)
	require.Equal(t, filepath.Join(o.Dir, o.fileName(2)), damaged.Path)
	require.NotContains(t, contents(t, o.Dir), o.fileName(2))
}

func TestStaleTemporaryFilesAreCleaned(t *testing.T) {
	o := begin(t)
	for _, name := range []string{".000014.wav.tmp", ".000019.wav.tmp", ".labels.jsonl.tmp", ".manifest.json.tmp", "..sawmill-job.json.tmp"} {
		require.NoError(t, os.WriteFile(filepath.Join(o.Dir, name), []byte("half"), 0o644))
	}
	finish(t, o)
}

func TestKilledBeforeTheJobIsWritten(t *testing.T) {
	o := options(t, t.TempDir())
	for _, name := range []string{lockName, "..sawmill-job.json.tmp"} {
		require.NoError(t, os.WriteFile(filepath.Join(o.Dir, name), nil, 0o644))
	}
	finish(t, o)
}

// Killed between the manifest's appearance and the last tidying.
func TestKilledBeforeTidying(t *testing.T) {
	o := begin(t)
	kept := contents(t, o.Dir)
	finish(t, o)
	for _, name := range []string{jobName, journalName, lockName} {
		require.NoError(t, os.WriteFile(filepath.Join(o.Dir, name), []byte(kept[name]), 0o644))
	}
	require.Equal(t, Result{Complete: true, Present: 20}, finish(t, o))
}

func TestFinishedDirectoryIsLeftAlone(t *testing.T) {
	o := options(t, filepath.Join(t.TempDir(), "d"))
	finish(t, o)
	old := time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC)
	names := contents(t, o.Dir)
	for name := range names {
		require.NoError(t, os.Chtimes(filepath.Join(o.Dir, name), old, old))
	}
	require.NoError(t, os.Chtimes(o.Dir, old, old))
	require.Equal(t, Result{Complete: true, Present: 20}, finish(t, o))
	for name := range names {
		info, err := os.Stat(filepath.Join(o.Dir, name))
		require.NoError(t, err)
		require.True(t, info.ModTime().Equal(old), name)
	}
	info, err := os.Stat(o.Dir)
	require.NoError(t, err)
	require.True(t, info.ModTime().Equal(old), "the directory itself")
}

func TestDamagedDatasetsAreRefused(t *testing.T) {
	for name, damage := range map[string]func(o Options) error{
		"labels missing": func(o Options) error { return os.Remove(filepath.Join(o.Dir, labelsName)) },
		"labels cut":     func(o Options) error { return os.Truncate(filepath.Join(o.Dir, labelsName), 10) },
		"manifest cut":   func(o Options) error { return os.Truncate(filepath.Join(o.Dir, manifestName), 2000) },
		"manifest empty": func(o Options) error { return os.Truncate(filepath.Join(o.Dir, manifestName), 0) },
		"manifest short": func(o Options) error {
			return rewrite(filepath.Join(o.Dir, manifestName), `,`+"\n"+`    {"file":"000019.wav"`, "],\"more\":[{\"a\":1")
		},
		"manifest wrong": func(o Options) error {
			return rewrite(filepath.Join(o.Dir, manifestName), `"file":"000007.wav"`, `"file":"../x.wav"`)
		},
		"a huge value": func(o Options) error {
			return rewrite(filepath.Join(o.Dir, manifestName), formatName, strings.Repeat("x", maxValue))
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := options(t, filepath.Join(t.TempDir(), "d"))
			finish(t, o)
			require.NoError(t, damage(o))
			before := contents(t, o.Dir)
			_, err := Run(t.Context(), newFake(50), o)
			var damaged *DamagedError
			require.ErrorAs(t, err, &damaged)
			require.Equal(t, before, contents(t, o.Dir))
		})
	}
}

func rewrite(path, from, to string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return os.WriteFile(path, []byte(strings.Replace(string(data), from, to, 1)), 0o644)
}

func TestFrontOfManifestIsReadAlone(t *testing.T) {
	o := options(t, filepath.Join(t.TempDir(), "d"))
	finish(t, o)
	m, err := openManifest(newDirectory(o.Dir))
	require.NoError(t, err)
	defer m.close()
	require.NoError(t, m.same(o.arguments(kpn.Device{Class: kpn.Software, Name: "fake", Backend: "go", Version: "1"}), o.Dir))
	f, err := m.next()
	require.NoError(t, err)
	require.Equal(t, "000000.wav", f.File)
}

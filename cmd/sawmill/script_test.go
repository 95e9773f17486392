package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"sawmill/goldens/conformance"
	"sawmill/gpu"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"sawmill": main})
}

// TestScript runs the scripts that need no device.
func TestScript(t *testing.T) {
	testscript.Run(t, params("testdata/script"))
}

// TestDeviceScript runs those that need a software renderer.
func TestDeviceScript(t *testing.T) {
	engine, err := gpu.NewEngine(gpu.Selector{Class: gpu.SoftwareClass})
	conformance.RequireGPU(t, err)
	if err := engine.Close(); err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, params("testdata/device"))
}

func params(dir string) testscript.Params {
	return testscript.Params{
		Dir: dir,
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exits":     exits,
			"stopped":   stopped,
			"dataset":   dataset,
			"touch-old": touchOld,
			"is-old":    isOld,
			"same-dirs": sameDirs,
			"big-file":  bigFile,
		},
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(e *testscript.Env) error {
			// The same answer with and without a display.
			e.Setenv("DISPLAY", "")
			e.Setenv("WAYLAND_DISPLAY", "")
			e.Setenv("XDG_CACHE_HOME", e.WorkDir)
			return nil
		},
	}
}

// exits runs sawmill and wants an exit code: exits CODE args….
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: exits CODE args…")
	}
	requireCode(ts, args[0], ts.Exec("sawmill", args[1:]...))
}

func requireCode(ts *testscript.TestScript, want string, err error) {
	code := 0
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		code = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if strconv.Itoa(code) != want {
		ts.Fatalf("exit code %d, want %s", code, want)
	}
}

// stopped runs sawmill and sends it a signal when the journal of DIR has at
// least LINES lines: stopped SIGNAL LINES DIR CODE args…. A process that is
// killed has the code −1.
func stopped(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 5 {
		ts.Fatalf("usage: stopped SIGNAL LINES DIR CODE args…")
	}
	sig, ok := map[string]syscall.Signal{"INT": syscall.SIGINT, "TERM": syscall.SIGTERM, "KILL": syscall.SIGKILL}[args[0]]
	lines, err := strconv.Atoi(args[1])
	if !ok || err != nil {
		ts.Fatalf("bad signal or number of lines")
	}
	cmd := exec.Command("sawmill", args[4:]...)
	cmd.Dir = ts.MkAbs(".")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	ts.Check(cmd.Start())
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	journal := filepath.Join(ts.MkAbs(args[2]), ".sawmill-journal.jsonl")
	for {
		select {
		case early := <-done:
			ts.Fatalf("it ended by itself: %v\n%s", early, stderr.String())
		case <-time.After(time.Millisecond):
		}
		if data, e := os.ReadFile(journal); e == nil && strings.Count(string(data), "\n") >= lines {
			break
		}
	}
	ts.Check(cmd.Process.Signal(sig))
	err = <-done
	_, _ = ts.Stderr().Write([]byte(stderr.String()))
	requireCode(ts, args[3], err)
}

var old = time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC)

// touchOld gives files an old time: touch-old FILE….
func touchOld(ts *testscript.TestScript, _ bool, args []string) {
	for _, name := range args {
		ts.Check(os.Chtimes(ts.MkAbs(name), old, old))
	}
}

// isOld wants files to still have it: is-old FILE….
func isOld(ts *testscript.TestScript, neg bool, args []string) {
	for _, name := range args {
		info, err := os.Stat(ts.MkAbs(name))
		ts.Check(err)
		if info.ModTime().Equal(old) == neg {
			ts.Fatalf("%s: its time is %v", name, info.ModTime())
		}
	}
}

// sameDirs wants two directories to hold the same files: same-dirs A B.
func sameDirs(ts *testscript.TestScript, neg bool, args []string) {
	a, b := readDir(ts, args[0]), readDir(ts, args[1])
	same := len(a) == len(b)
	for name := range a {
		same = same && a[name] == b[name]
	}
	if same == neg {
		ts.Fatalf("%s and %s are the same: %v", args[0], args[1], same)
	}
}

func readDir(ts *testscript.TestScript, dir string) map[string]string {
	files := map[string]string{}
	entries, err := os.ReadDir(ts.MkAbs(dir))
	ts.Check(err)
	for _, e := range entries {
		files[e.Name()] = ts.ReadFile(filepath.Join(dir, e.Name()))
	}
	return files
}

// bigFile writes a file of spaces: big-file FILE BYTES.
func bigFile(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.Repeat(" ", n)), 0o644))
}

package conformance_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestMain starts a virtual display where there is none, so that GLFW can
// open its hidden window.
func TestMain(m *testing.M) {
	stop, err := startDisplay()
	if err != nil {
		fmt.Fprintln(os.Stderr, "no virtual display:", err)
	}
	code := m.Run()
	stop()
	os.Exit(code)
}

// startDisplay runs Xvfb on a free display and sets DISPLAY, unless there is
// a display already or Xvfb is not installed.
func startDisplay() (stop func(), err error) {
	stop = func() {}
	if os.Getenv("DISPLAY") != "" || os.Getenv("WAYLAND_DISPLAY") != "" {
		return stop, nil
	}
	path, err := exec.LookPath("Xvfb")
	if err != nil {
		return stop, err
	}
	read, write, err := os.Pipe()
	if err != nil {
		return stop, err
	}
	defer func() { _ = read.Close() }()
	// Xvfb picks a free number and writes it to file descriptor 3.
	server := exec.Command(path, "-displayfd", "3", "-screen", "0", "64x64x24", "-nolisten", "tcp")
	server.ExtraFiles = []*os.File{write}
	err = server.Start()
	_ = write.Close()
	if err != nil {
		return stop, err
	}
	stop = func() {
		_ = server.Process.Kill()
		_ = server.Wait()
	}
	line, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		stop()
		return func() {}, fmt.Errorf("%s ended before it had a display: %w", path, err)
	}
	return stop, os.Setenv("DISPLAY", ":"+strings.TrimSpace(line))
}

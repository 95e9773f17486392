//go:build unix

package main

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The first signal ends the context, the next the process, unless it comes so
// soon that it is the same one.
func TestTwoSignals(t *testing.T) {
	exited := make(chan int)
	times := make(chan time.Time)
	ctx, stop := interruptible(io.Discard, func(code int) { exited <- code }, func() time.Time { return <-times })
	defer stop()
	require.NoError(t, ctx.Err())
	self, err := os.FindProcess(os.Getpid())
	require.NoError(t, err)
	require.NoError(t, self.Signal(os.Interrupt))
	var first time.Time
	times <- first
	<-ctx.Done()
	for _, late := range []time.Duration{0, sameSignal - 1, sameSignal} {
		require.Empty(t, exited)
		require.NoError(t, self.Signal(os.Interrupt))
		times <- first.Add(late)
	}
	require.Equal(t, 130, <-exited)
}

// A signal ends a command that waits for its preset.
func TestPipeThatNobodyWritesTo(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "preset.json")
	require.NoError(t, syscall.Mkfifo(pipe, 0o600))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := readPreset(ctx, pipe)
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, exitInterrupted, exitCode(err))
	// Let go of the reader.
	w, err := os.OpenFile(pipe, os.O_WRONLY, 0)
	require.NoError(t, err)
	require.NoError(t, w.Close())
}

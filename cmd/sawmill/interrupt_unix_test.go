//go:build unix

package main

import (
	"io"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

// The first signal ends the context, the second the process.
func TestTwoSignals(t *testing.T) {
	exited := make(chan int)
	ctx, stop := interruptible(io.Discard, func(code int) { exited <- code })
	defer stop()
	require.NoError(t, ctx.Err())
	self, err := os.FindProcess(os.Getpid())
	require.NoError(t, err)
	require.NoError(t, self.Signal(os.Interrupt))
	<-ctx.Done()
	require.NoError(t, self.Signal(os.Interrupt))
	require.Equal(t, 130, <-exited)
}

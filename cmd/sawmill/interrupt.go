package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// sameSignal is how long signals count as one: timeout(1) sends its own to
// the process and to its group.
const sameSignal = 500 * time.Millisecond

// interruptible returns a context that the first interrupt ends; a later one
// ends the process.
func interruptible(stderr io.Writer, exit func(int), now func() time.Time) (ctx context.Context, stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		if _, ok := <-signals; !ok {
			return
		}
		first := now()
		_, _ = fmt.Fprintln(stderr, "sawmill: stopping after the current block; again to stop at once")
		cancel()
		for range signals {
			if now().Sub(first) >= sameSignal {
				exit(exitInterrupted)
			}
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		close(signals)
		cancel()
	}
}

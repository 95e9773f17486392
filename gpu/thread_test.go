package gpu

import (
	"errors"
	"runtime"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var errTestEnded = errors.New("ended")

func TestThreadRunsCallsInTurn(t *testing.T) {
	ended := false
	th := startThread(func() { ended = true })
	// Not atomic: the race detector sees calls that overlap.
	total := 0
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 100 {
				assert.NoError(t, th.do(func() error { total++; return nil }, errTestEnded))
			}
		})
	}
	group.Wait()
	require.Equal(t, 800, total)
	close(th.quit)
	<-th.done
	require.True(t, ended)
	require.ErrorIs(t, th.do(func() error { return nil }, errTestEnded), errTestEnded)
}

func TestThreadSurvivesAPanic(t *testing.T) {
	th := startThread(func() {})
	t.Cleanup(func() { close(th.quit) })
	require.PanicsWithValue(t, "planted", func() {
		defer func() {
			text, ok := recover().(string)
			assert.True(t, ok)
			assert.Contains(t, text, "planted")
			assert.Contains(t, text, "thread_test.go", "the trace of the call")
			panic("planted")
		}()
		_ = th.do(func() error { panic("planted") }, errTestEnded)
	})
	require.NoError(t, th.do(func() error { return nil }, errTestEnded))
}

func TestThreadEndsWithItsGoroutine(t *testing.T) {
	ended := make(chan struct{})
	th := startThread(func() { close(ended) })
	require.ErrorIs(t, th.do(func() error { runtime.Goexit(); return nil }, errTestEnded), errEnded)
	<-ended
	require.ErrorIs(t, th.do(func() error { return nil }, errTestEnded), errTestEnded)
}

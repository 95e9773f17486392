package gpu

import (
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
)

// thread runs calls one after another on one OS thread of its own.
type thread struct {
	calls chan call
	quit  chan struct{}
	// done is closed when the thread has ended.
	done chan struct{}
}

type call struct {
	run    func() error
	answer chan answer
}

type answer struct {
	err error
	// panicked is what the call panicked with, and trace where.
	panicked any
	trace    []byte
}

// errEnded is a call that ended its goroutine, as testing's FailNow does.
var errEnded = errors.New("a call ended the device's thread")

// startThread starts a thread; end runs on it last, however it ends.
func startThread(end func()) *thread {
	t := &thread{calls: make(chan call), quit: make(chan struct{}), done: make(chan struct{})}
	go t.serve(end)
	return t
}

// serve never unlocks the OS thread, so that the runtime ends it with the
// goroutine instead of reusing a thread that a driver has left its state on.
func (t *thread) serve(end func()) {
	runtime.LockOSThread()
	defer close(t.done)
	defer end()
	for {
		select {
		case <-t.quit:
			return
		case c := <-t.calls:
			c.serve()
		}
	}
}

// serve runs the call and answers, whatever the call does.
func (c call) serve() {
	a := answer{err: errEnded}
	defer func() {
		if p := recover(); p != nil {
			a = answer{panicked: p, trace: debug.Stack()}
		}
		c.answer <- a
	}()
	a.err = c.run()
}

// do runs a function on the thread and returns its error, or closed if the
// thread has ended. A panic goes on in the caller's goroutine; the thread
// survives it.
func (t *thread) do(run func() error, closed error) error {
	c := call{run: run, answer: make(chan answer, 1)}
	select {
	case t.calls <- c:
	case <-t.done:
		return closed
	}
	a := <-c.answer
	if a.panicked != nil {
		panic(fmt.Sprintf("%v\n\non the device's thread:\n%s", a.panicked, a.trace))
	}
	return a.err
}

package fuzz

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	"sawmill/kpn"
)

// PanicError is a panic of an engine, as far as it can be caught: one in a
// goroutine that the engine started ends the program.
type PanicError struct {
	Value any
	Stack []byte
}

// Error implements error.
func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v\n%s", e.Value, e.Stack) }

// caught turns a panic into an error.
func caught(err *error) {
	if p := recover(); p != nil {
		*err = &PanicError{Value: p, Stack: debug.Stack()}
	}
}

// guarded is an engine whose panics are errors.
type guarded struct{ kpn.Engine }

// Compile implements [kpn.Engine].
func (e guarded) Compile(g *kpn.Graph) (x kpn.Executable, err error) {
	defer caught(&err)
	if x, err = e.Engine.Compile(g); err != nil {
		return nil, err
	}
	return watched{x}, nil
}

// watched is an executable whose panics are errors.
type watched struct{ kpn.Executable }

// Forward implements [kpn.Executable].
func (w watched) Forward(ctx context.Context, job *kpn.Job, sink kpn.Sink) (err error) {
	defer caught(&err)
	return w.Executable.Forward(ctx, job, sink)
}

// Adjoint implements [kpn.Executable].
func (w watched) Adjoint(ctx context.Context, job *kpn.AdjointJob) (all *kpn.Gradients, err error) {
	defer caught(&err)
	return w.Executable.Adjoint(ctx, job)
}

// Close implements [kpn.Executable].
func (w watched) Close() (err error) {
	defer caught(&err)
	return w.Executable.Close()
}

// side is an engine with the graph of one trial compiled, or refused. It is an
// engine itself, that knows this graph only.
type side struct {
	kpn.Engine
	executable kpn.Executable
	refusal    error
}

// newSide compiles a graph.
func newSide(e kpn.Engine, g *kpn.Graph) *side {
	s := &side{Engine: e}
	s.executable, s.refusal = guarded{e}.Compile(g)
	return s
}

// close closes the executable, if there is one.
func (s *side) close() error {
	if s.executable == nil {
		return nil
	}
	return s.executable.Close()
}

// Compile implements [kpn.Engine].
func (s *side) Compile(*kpn.Graph) (kpn.Executable, error) {
	if s.refusal != nil {
		return nil, s.refusal
	}
	return lent{s.executable}, nil
}

// render renders a job and drops what it gives.
func (s *side) render(ctx context.Context, job *kpn.Job) error {
	return s.executable.Forward(ctx, job, func(*kpn.Block) error { return nil })
}

// lent is an executable that its borrower cannot close.
type lent struct{ kpn.Executable }

// Close implements [kpn.Executable].
func (lent) Close() error { return nil }

// isPanic says whether an error is a caught panic.
func isPanic(err error) bool {
	var p *PanicError
	return errors.As(err, &p)
}

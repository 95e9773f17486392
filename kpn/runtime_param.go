package kpn

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
)

// ShapeMismatchEntry is the message of the log entry for a tensor that does
// not fit its parameter.
const ShapeMismatchEntry = "amp_graph_runtime_set_param_shape_mismatch"

// ParamError is a parameter that was not set. Nothing was changed.
type ParamError struct {
	Code        Code
	Node, Param string
	// Want and Got are the shapes, where they do not fit. A multiple of Want's
	// frames would fit too.
	Want, Got Shape
	Reason    string
	// Cause is the error behind, or nil.
	Cause error
}

// Error implements error.
func (e *ParamError) Error() string {
	return fmt.Sprintf("set %s: %s (code %d): %s", ParamRef{e.Node, e.Param}, e.Code, int(e.Code), e.Reason)
}

// Unwrap returns the error behind.
func (e *ParamError) Unwrap() error { return e.Cause }

// CodeOf is the contract's code of an error: [Done] for none.
func CodeOf(err error) Code {
	var param *ParamError
	var shape *ShapeError
	var unsupported *UnsupportedError
	switch {
	case err == nil:
		return Done
	case errors.As(err, &param):
		return param.Code
	case errors.As(err, &shape):
		return ShapeMismatch
	case errors.As(err, &unsupported):
		return Unsupported
	}
	return InvalidArgument
}

// ring is a parameter's tensor. Its frames are a ring that blocks walk
// through: frame from meets the ring's first.
type ring struct {
	values *Values
	from   int
}

// window is the values of so many frames from one on.
func (b *ring) window(first, frames int) *Values {
	v := b.values
	if v.F == 1 {
		return v
	}
	w := &Values{Shape{v.B, v.C, frames}, make([]float64, v.B*v.C*frames)}
	at := (first - b.from) % v.F
	for row := range v.B * v.C {
		dst, ring := w.Data[row*frames:(row+1)*frames], v.Data[row*v.F:(row+1)*v.F]
		for n := copy(dst, ring[at:]); n < frames; {
			n += copy(dst[n:], ring)
		}
	}
	return w
}

// spread is the values of so many channels: fewer repeat, as 1 does anyway.
func (v *Values) spread(channels int) *Values {
	if v.C == 1 || v.C == channels {
		return v
	}
	w := &Values{Shape: Shape{v.B, channels, v.F}}
	for b := range v.B {
		for c := range channels {
			at := v.Index(b, c%v.C, 0)
			w.Data = append(w.Data, v.Data[at:at+v.F]...)
		}
	}
	return w
}

// repeated is so many frames of values whose frames are a ring.
func (v *Values) repeated(frames int) *Values {
	w := &Values{Shape{v.B, v.C, frames}, make([]float64, 0, v.B*v.C*frames)}
	for row := range v.B * v.C {
		for f := range frames {
			w.Data = append(w.Data, v.Data[row*v.F+f%v.F])
		}
	}
	return w
}

// SetParam binds a tensor to a parameter from the next frame on, whose frames
// are a ring if they are more than one: when the blocks have walked through, it
// starts again. The values are copied.
//
// The shape must be that of the parameter's default, or of the tensor that was
// set before; frames may be a multiple. A parameter that has neither takes one
// or all batches, one or all channels, and one frame or a multiple of those
// that Configure was given.
//
// Errors are *[ParamError], with the contract's code: [InvalidArgument] for
// what does not exist, for no values and for values out of range,
// [ShapeMismatch] with one log entry, [Unsupported] for what a graph cannot
// change while it runs.
func (r *Runtime) SetParam(node, param string, values *Values) error {
	ref := r.network.refOf(node, param)
	fail := func(code Code, reason string, cause error) error {
		return &ParamError{Code: code, Node: node, Param: param, Reason: reason, Cause: cause}
	}
	if err := r.ready(); err != nil {
		return fail(InvalidArgument, err.Error(), err)
	}
	v, p, ok := r.network.find(ref)
	switch {
	case v == nil:
		return fail(InvalidArgument, "the network has no such node: "+unknown(node, r.network.names()), nil)
	case r.network.fixed(ref) != "":
		return fail(InvalidArgument, r.network.fixed(ref), nil)
	case !ok:
		return fail(InvalidArgument, "the node has no such parameter: "+unknown(param, append(r.network.Graph.ParamNames(v), r.network.heatRef(ref.Node).Param)), nil)
	case values == nil || values.Data == nil:
		return fail(InvalidArgument, "there is no data; give a tensor", nil)
	case values.B < 1 || values.C < 1 || values.F < 1 || values.F > MaxFrames:
		return fail(InvalidArgument, fmt.Sprintf("a tensor of %v has no elements, or too many; give at least one", values.Shape), nil)
	}
	if want, fits := r.expected(ref, values.Shape); !fits {
		return r.mismatch(ParamRef{node, param}, want, values.Shape)
	}
	if len(values.Data) != values.Len() {
		return fail(InvalidArgument, fmt.Sprintf("a tensor of %v has %d values, got %d", values.Shape, values.Len(), len(values.Data)), nil)
	}
	if err := r.checkValues(ref, values, r.setup.rate); err != nil {
		return fail(InvalidArgument, err.Error(), err)
	}
	if p != nil {
		if err := r.admit(ref, p, values.Shape); err != nil {
			return fail(CodeOf(err), err.Error(), err)
		}
	}
	r.bound[ref] = &ring{values.clone(), r.now}
	r.rebound()
	return nil
}

// expected is the shape that a parameter's tensor must have, and whether one
// has it.
func (r *Runtime) expected(ref ParamRef, got Shape) (want Shape, fits bool) {
	v, ok := r.network.Params[ref]
	if b := r.bound[ref]; !ok && b != nil {
		v, ok = b.values, true
	}
	if ok {
		return v.Shape, got.B == v.B && got.C == v.C && got.F%v.F == 0
	}
	s := r.setup.shape
	return s, (got.B == s.B || got.B == 1) && (got.C == s.C || got.C == 1) && (got.F == 1 || got.F%s.F == 0)
}

func (r *Runtime) mismatch(ref ParamRef, want, got Shape) error {
	if l := r.options.Logger; l != nil {
		l.LogAttrs(context.Background(), slog.LevelError, ShapeMismatchEntry,
			slog.String("node", ref.Node), slog.String("parameter", ref.Param),
			slog.String("expected", want.String()), slog.String("given", got.String()))
	}
	return &ParamError{
		Code: ShapeMismatch, Node: ref.Node, Param: ref.Param, Want: want, Got: got,
		Reason: fmt.Sprintf("got a tensor of %v, want %v or a whole multiple of its frames", got, want),
	}
}

// admit says why a parameter cannot be changed now, or nothing. Before the
// first frame nearly all can: the graph is then compiled again.
func (r *Runtime) admit(ref ParamRef, p *NodeParam, got Shape) error {
	accepts := r.network.Graph.Accepts(ref)
	switch {
	case r.now > 0 && (r.compiled == nil || r.compiled.perFrame[ref]):
	case r.now > 0:
		accepts = r.compiled.session.Accepts(ref)
	case p.Spec.Structural && got.Len() > 1, got.F > 1 && accepts != nil:
	default:
		return r.release()
	}
	return r.network.called(accepts)
}

// ClearParams takes back what SetParam has set, from the next frame on. The
// defaults' rings start at that frame. What a graph cannot change while it runs
// stays set, and is named by the error.
func (r *Runtime) ClearParams() error {
	if err := r.ready(); err != nil {
		return err
	}
	var errs []error
	for _, ref := range sortedRefs(r.bound) {
		if v, ok := r.network.Params[ref]; ok && v == r.bound[ref].values {
			continue
		}
		if _, p, _ := r.network.find(ref); p != nil {
			if err := r.admit(ref, p, Shape{1, 1, 1}); err != nil {
				called := r.network.hostRef(ref)
				errs = append(errs, &ParamError{Code: CodeOf(err), Node: called.Node, Param: called.Param, Reason: "it stays set: " + err.Error(), Cause: err})
				continue
			}
		}
		delete(r.bound, ref)
		if v, ok := r.network.Params[ref]; ok {
			r.bound[ref] = &ring{v, r.now}
		}
	}
	r.rebound()
	return errors.Join(errs...)
}

// value is what a parameter is bound to: a tensor, or the graph's own number.
func (r *Runtime) value(ref ParamRef) *ring {
	if b := r.bound[ref]; b != nil {
		return b
	}
	_, p, _ := r.network.find(ref)
	return &ring{values: Number(p.Value)}
}

// sortedRefs lists references by node and name.
func sortedRefs[V any](m map[ParamRef]V) []ParamRef {
	refs := make([]ParamRef, 0, len(m))
	for ref := range m {
		refs = append(refs, ref)
	}
	slices.SortFunc(refs, func(a, b ParamRef) int {
		return cmp.Or(cmp.Compare(a.Node, b.Node), cmp.Compare(a.Param, b.Param))
	})
	return refs
}

// Package shaders holds the GLSL text that kernels are composed of.
//
// Files are fragments of "#version 430 core" compute shaders without a
// version line. lib has the maths, node one file for each node kind, kernel
// the frame around the nodes: buffers, uniforms and main.
package shaders

import (
	"embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Lib is the maths library: phase, elementary functions, noise and
// band-limiting residuals, in add and multiply only, so that every conforming
// device gives the same bits.
//
//go:embed lib/*.glsl
var Lib embed.FS

//go:embed node/*.glsl node/*/*.glsl kernel/*.glsl
var files embed.FS

// libOrder puts each file of lib after those that it needs.
var libOrder = []string{
	"phase", "reciprocal", "reciprocal_wide", "sine", "sine_wide", "exp2", "exp2_wide", "log2", "log2_wide",
	"pow", "pow_wide", "tanh", "cosh", "two_pole", "philox", "blep", "spline", "catmull", "squaresaw",
}

// LibOrder lists the topics of the maths library, each after those that it
// needs.
func LibOrder() []string { return append([]string(nil), libOrder...) }

// LibText returns the text of one topic of the maths library.
func LibText(topic string) (string, error) {
	text, err := Lib.ReadFile("lib/" + topic + ".glsl")
	return string(text), err
}

// Kernel returns a file of kernel/: "head", "lane", "largest", "render",
// "peak", "keep" and "scale" for rendering, "adjoint_head", "reverse",
// "window", "scan" and "fold" for the adjoint.
func Kernel(name string) (string, error) {
	text, err := files.ReadFile("kernel/" + name + ".glsl")
	return string(text), err
}

// Node is a node kind's GLSL: its text and what its head lines declare.
//
// A head line starts with "//!" and has a key and values:
//
//	//! uses: TOPIC …      the topics of lib that it needs, in order
//	//! step: TOKEN …      the arguments of its step function (see below)
//	//! state: N           the words that its save and load functions carry
//	//! tape: N            floats of its state that its adjoint reads
//	//! tape after: N      the same of its state after its step
//	//! ring: PARAM        keeps the last frames of its input, as many as that
//	                       parameter's value and two
//	//! update: PARAM …    parameters that its update function sets anew, each
//	                       frame, where no others change
//	//! loops: N           rounds of its loops in a step, at most, and one more
//	                       for each loop
//	//! cost: N            arithmetic operations of a step, about
//	//! parts: NAME …      the text goes on in node/KIND/NAME.glsl; not for
//	                       kinds from outside
//	//! adjoint: TOKEN …   ends the text of the forward kernels; the arguments
//	                       of the adjoint function (see below)
//	//! adjoint uses: …    what the adjoint needs besides
//	//! adjoint state: N   the words that the adjoint's save and load carry
//
// The arguments of a step: state (inout), params, frame (the node's own frame
// index), ring (where its ring lies: see ring_read in kernel/head.glsl), substep (the place of an oversampled step in its frame), inputs,
// signal (the input tensor's sample), quad (the frame index modulo 4). The
// word begin asks for a call of the kind's begin function before the steps of
// each frame. A kind with the argument quad also has a fill function that is
// called once for each four frames. A kind with the argument fold
// combines a variadic port: its first function takes a source and the
// parameters that belong to it, its next function the sum so far and the same.
// With state and params besides, both have these two before the source.
//
// The adjoint function takes its arguments, the cotangent of the output, and
// gives the derivatives: those of the inputs, of the differentiable
// parameters in the spec's order and, with whole, of the row's peak. With fold
// it is called for each source, with the parameters that belong to it; others
// then stands for what the kind's functions make of all other sources, and
// with state it comes between begin and end, with the state and the parameters
// before the source. Without fold, state means three parts, called for frames
// from the last to the first: begin goes back a frame, step takes the cotangent
// of one of its steps, from the last to the first, and end gives the
// derivatives of the frame; seekable tells it that the state at a frame follows
// from the parameters. A kind without a line "adjoint" has no gradients.
type Node struct {
	// Text is for every kernel, AdjointText for those of the adjoint.
	Text, AdjointText string
	Uses, AdjointUses []string
	Step              []string
	// Adjoint has the arguments of the adjoint function; nil where there is
	// none.
	Adjoint                       []string
	StateWords, AdjointStateWords int
	// TapeWords is how many floats of the state before each step the adjoint
	// reads; with TapeAfter, of that after it.
	TapeWords int
	TapeAfter bool
	// Ring is the parameter that says how long the step's ring is; empty where
	// it has none.
	Ring string
	// Update lists the parameters of the update function, in order.
	Update []string
	// Loops is how often its loops go round in a step, at most, the last look
	// at each one's condition counted.
	Loops int
	Cost  int
}

// LoadNode reads the GLSL of a node kind of the catalogue.
func LoadNode(kind string) (*Node, error) {
	text, err := files.ReadFile("node/" + kind + ".glsl")
	if err != nil {
		return nil, fmt.Errorf("shaders: kind %q has no shader; add shaders/node/%s.glsl: %w", kind, kind, err)
	}
	for _, part := range partsOf(string(text)) {
		more, lost := files.ReadFile("node/" + kind + "/" + part + ".glsl")
		if lost != nil {
			return nil, fmt.Errorf("shaders: node/%s.glsl names a part %q that there is not: %w", kind, part, lost)
		}
		text = slices.Concat(text, []byte("\n"), more)
	}
	n, err := ParseNode(string(text))
	if err != nil {
		return nil, fmt.Errorf("shaders: node/%s.glsl: %w", kind, err)
	}
	return n, nil
}

// partsOf lists the files that a kind's text goes on in.
func partsOf(text string) []string {
	_, rest, found := strings.Cut(text, "//! parts:")
	if !found {
		return nil
	}
	names, _, _ := strings.Cut(rest, "\n")
	return strings.Fields(names)
}

// ParseNode reads the GLSL of a node kind. It looks at the head lines alone;
// what is wrong with the rest, the device's compiler says.
func ParseNode(text string) (*Node, error) {
	n := &Node{}
	var body, adjoint []string
	for line := range strings.Lines(text) {
		head, ok := strings.CutPrefix(line, "//!")
		if !ok && n.Adjoint == nil {
			body = append(body, line)
			continue
		}
		if !ok {
			adjoint = append(adjoint, line)
			continue
		}
		if err := n.declare(head); err != nil {
			return nil, err
		}
	}
	n.Text = strings.TrimSpace(strings.Join(body, "")) + "\n"
	n.AdjointText = strings.TrimSpace(strings.Join(adjoint, "")) + "\n"
	return n, nil
}

// declare reads one head line.
func (n *Node) declare(head string) (err error) {
	key, value, _ := strings.Cut(head, ":")
	fields := strings.Fields(value)
	switch strings.TrimSpace(key) {
	case "parts":
		// LoadNode has put them behind.
	case "uses":
		n.Uses = fields
	case "step":
		n.Step = fields
	case "adjoint":
		n.Adjoint = append([]string{}, fields...)
	case "adjoint uses":
		n.AdjointUses = fields
	case "state":
		n.StateWords, err = strconv.Atoi(strings.TrimSpace(value))
	case "adjoint state":
		n.AdjointStateWords, err = strconv.Atoi(strings.TrimSpace(value))
	case "ring":
		n.Ring = strings.TrimSpace(value)
	case "tape after":
		n.TapeAfter = true
		n.TapeWords, err = strconv.Atoi(strings.TrimSpace(value))
	case "tape":
		n.TapeWords, err = strconv.Atoi(strings.TrimSpace(value))
	case "update":
		n.Update = fields
	case "loops":
		n.Loops, err = strconv.Atoi(strings.TrimSpace(value))
	case "cost":
		n.Cost, err = strconv.Atoi(strings.TrimSpace(value))
	default:
		err = fmt.Errorf("unknown head line %q", strings.TrimSpace(head))
	}
	return err
}

// Takes says whether the step function has the argument.
func (n *Node) Takes(token string) bool { return slices.Contains(n.Step, token) }

// AdjointTapes says whether the adjoint function has words of the state, before
// the step or after it.
func (n *Node) AdjointTapes() bool { return n.AdjointTakes("before") || n.AdjointTakes("after") }

// AdjointTakes says whether the adjoint function has the argument.
func (n *Node) AdjointTakes(token string) bool { return slices.Contains(n.Adjoint, token) }

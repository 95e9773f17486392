package kpn

import (
	"math"
	"strconv"
	"strings"
)

// Kind names a node kind. The same spelling names its Go file, its GLSL
// file and functions, and its goldens.
type Kind string

// ParamRate says how often a parameter's value may change. Every parameter
// takes every rate; the rates differ in what an engine must fetch.
type ParamRate int

// The parameter rates.
const (
	// Constant is one value for the whole graph.
	Constant ParamRate = iota
	// PerItem is one value for each item (or each row) of the batch.
	PerItem
	// PerFrame is one value for each frame of each row: a [B, C, F] tensor.
	PerFrame
)

// String names the rate as presets and listings spell it.
func (r ParamRate) String() string {
	return [...]string{"constant", "per_item", "per_frame"}[r]
}

// Port is an input of a kind.
type Port struct {
	// Name is the port's name. The members of a variadic port are addressed
	// by the port's name, an underscore and their index: in_0, in_1, ….
	Name string
	Doc  string
	// Variadic ports take from Least to Most sources; Most is [MaxInputs] where
	// it is 0.
	Variadic    bool
	Least, Most int
	// Optional ports may be left without a source. What the kind then does
	// is in its definition.
	Optional bool
}

// Limit is how many sources the port takes at most.
func (p *Port) Limit() int {
	switch {
	case !p.Variadic:
		return 1
	case p.Most > 0:
		return p.Most
	}
	return MaxInputs
}

// Parameter is a parameter of a kind.
type Parameter struct {
	Name string
	Doc  string
	// Unit is "Hz", "cycles", "s", or empty for a plain number.
	Unit    string
	Default float64
	// Min and Max bound every value, inclusive. A bounded Max of
	// +Inf with Nyquist set means half the job's sample rate.
	Min, Max float64
	Nyquist  bool
	// Choices makes the parameter an enumeration: its value is an index.
	Choices []string
	// Differentiable says that the adjoint gives this parameter a gradient.
	Differentiable bool
	// PerInput parameters exist once for each source of the variadic port,
	// with the source's index appended: level_0, level_1, ….
	PerInput bool
	// Neutral parameters change nothing at their default, if that is constant:
	// engines may leave the code out.
	Neutral bool
	// Structural parameters only select code: they are constants.
	Structural bool
}

// Upper is the largest value allowed at the given sample rate.
func (p *Parameter) Upper(rate float64) float64 {
	if p.Nyquist {
		return rate / 2
	}
	return p.Max
}

// Choice returns the index of a choice's name.
func (p *Parameter) Choice(name string) (int, bool) {
	for i, c := range p.Choices {
		if c == name {
			return i, true
		}
	}
	return 0, false
}

// Spec describes a kind: everything that engines, presets and pages need to
// know of it except how it sounds.
type Spec struct {
	Kind Kind
	Doc  string
	// Source cites the paper or standard behind the definition.
	Source string
	Inputs []Port
	Params []Parameter
	// MaxOversample is the largest oversample ratio allowed; 1 for kinds
	// that cannot alias.
	MaxOversample int
	// SeekBrokenBy lists the parameters that, when given per frame, make the
	// state at a frame depend on all earlier frames. A kind can otherwise
	// start at any frame.
	SeekBrokenBy []string
	// Stateful kinds remember what came in before: a frame depends on all
	// earlier ones.
	Stateful bool
	// Control kinds may run at the control rate.
	Control bool
	// Table describes the table that a node of the kind must have; nil where
	// it has none.
	Table *TableSpec
	// WholeRow kinds need a statistic of their whole input row before they
	// can give their first frame.
	WholeRow bool
}

// Variadic returns the spec's variadic port, if it has one.
func (s *Spec) Variadic() (Port, bool) {
	for _, p := range s.Inputs {
		if p.Variadic {
			return p, true
		}
	}
	return Port{}, false
}

// Param finds the parameter that a (possibly indexed) name refers to, and
// the index, which is −1 for a plain parameter.
func (s *Spec) Param(name string) (p *Parameter, index int, ok bool) {
	for i := range s.Params {
		q := &s.Params[i]
		if !q.PerInput && q.Name == name {
			return q, -1, true
		}
		if k, found := indexed(name, q.Name); q.PerInput && found {
			return q, k, true
		}
	}
	return nil, 0, false
}

// indexed splits "base_7" into its index. Leading zeros are refused, so that
// an index has one spelling.
func indexed(name, base string) (int, bool) {
	digits, ok := strings.CutPrefix(name, base+"_")
	if !ok {
		return 0, false
	}
	k, err := strconv.Atoi(digits)
	if err != nil || k < 0 || strconv.Itoa(k) != digits {
		return 0, false
	}
	return k, true
}

// unbounded is the largest magnitude of a plain number: large enough for any
// use, small enough that sums of products stay finite in float32.
const unbounded = 1e9

var infinity = math.Inf(1)

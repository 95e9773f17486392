package scheduler

import (
	"fmt"
	"strings"

	"sawmill/kpn"
)

// mods are the inputs that modulate parameters.
func (s *Step) mods() []Input { return s.Inputs[s.Ports:] }

// scalar and vector are the GLSL types of the step's signal: control signals
// are double where others are float.
func (s *Step) scalar() string {
	if s.isControl() && !s.Narrow {
		return "double"
	}
	return "real"
}

func (s *Step) vector() string {
	if s.isControl() && !s.Narrow {
		return "dvec4"
	}
	return "real4"
}

// inputName is the variable of an input in the step's functions.
func (s *Step) inputName(i int) string {
	if i < s.Ports {
		return fmt.Sprintf("in%d", i)
	}
	return fmt.Sprintf("m%d", i-s.Ports)
}

// inputType is the type that an input has in the step's functions: ports
// round what they read to the kernel's own precision, modulations do not.
func (s *Step) inputType(i int, vector bool) string {
	from := s.Inputs[i].From
	switch {
	case i < s.Ports && vector:
		return "real4"
	case i < s.Ports:
		return "real"
	case vector:
		return from.vector()
	}
	return from.scalar()
}

// inputDeclarations are the inputs as parameters of a function.
func (s *Step) inputDeclarations(vector bool) string {
	var b strings.Builder
	for i := range s.Inputs {
		fmt.Fprintf(&b, ", %s %s", s.inputType(i, vector), s.inputName(i))
	}
	return b.String()
}

// modDeclarations are the modulations as parameters of a function, and
// modArguments the same in a call; restMods stand for them where a lane starts
// and none is known: what a state starts from does not depend on them.
func (s *Step) modDeclarations() string {
	var b strings.Builder
	for i := range s.mods() {
		fmt.Fprintf(&b, ", %s m%d", s.inputType(s.Ports+i, false), i)
	}
	return b.String()
}

func (s *Step) modArguments() string {
	var b strings.Builder
	for i := range s.mods() {
		fmt.Fprintf(&b, ", m%d", i)
	}
	return b.String()
}

func (s *Step) restMods() string { return strings.Repeat(", 0.0", len(s.mods())) }

// portArguments are the ports' values, zeros for those without a source.
func (s *Step) portArguments() []string {
	var args []string
	next := 0
	for _, p := range s.Spec.Inputs {
		if !p.Variadic && (next >= s.Ports || s.Inputs[next].Port != p.Name) {
			args = append(args, "real(0.0)")
			continue
		}
		args = append(args, s.inputName(next))
		next++
	}
	for ; next < s.Ports; next++ {
		args = append(args, s.inputName(next))
	}
	return args
}

// scalar is the type of a parameter: what feeds a phase or a time is a double,
// unless it is to be single; choices are whole numbers.
func (p *Param) scalar() string {
	switch {
	case p.Spec.Choices != nil:
		return "int"
	case p.Spec.Unit != "" && !p.Single:
		return "double"
	}
	return "real"
}

// literal is a number of the parameter's type.
func (p *Param) literal(x float64) string {
	if p.scalar() == "double" {
		return doubleLiteral(x)
	}
	return "real(" + doubleLiteral(x) + ")"
}

// value is the expression for a parameter's value at frame t. What modulates
// it comes before, as statements.
func (s *Step) value(b *strings.Builder, i int) string {
	p := &s.Params[i]
	if len(p.Mods) == 0 {
		return s.read(p)
	}
	name := "p_" + p.Name
	s.emitModulated(b, "\t", p, name)
	fmt.Fprintf(b, "\t%s = min(max(%s, %s), %s);\n", name, name, p.literal(p.Spec.Min), p.upper())
	return name
}

// upper is the largest value of a parameter that is modulated.
func (p *Param) upper() string {
	if p.Spec.Nyquist {
		return p.scalar() + "(0.5LF * rate)"
	}
	return p.literal(p.Spec.Max)
}

// emitModulated reckons a modulated parameter, not yet limited to its range.
func (s *Step) emitModulated(b *strings.Builder, indent string, p *Param, name string) {
	fmt.Fprintf(b, "%sprecise %s %s = %s;\n", indent, p.scalar(), name, s.read(p))
	for k, m := range p.Mods {
		fmt.Fprintf(b, "%sprecise %s %s_by%d = %s * %s(%s);\n", indent, p.scalar(), name, k, p.literal(m.Scale), p.scalar(), s.inputName(m.Input))
		fmt.Fprintf(b, "%s%s = %s;\n", indent, name, m.acting(fmt.Sprintf("%s %s %s_by%d", name, m.operator(), name, k), name))
	}
}

func (m *Mod) operator() string {
	if m.Mode == kpn.ModulationMultiply {
		return "*"
	}
	return "+"
}

// acting is an expression on the channels on which the modulation acts, and
// another on the others.
func (m *Mod) acting(expression, other string) string {
	if m.Channel == kpn.AllChannels {
		return expression
	}
	return fmt.Sprintf("lane_channel == %du ? %s : %s", m.Channel, expression, other)
}

// emitModulatedBack takes the derivative d_NAME of a modulated parameter back
// to what modulates it and to the bound value.
func (s *Step) emitModulatedBack(b *strings.Builder, indent string, p *Param) {
	name, d := "p_"+p.Name, "d_"+p.Name
	fmt.Fprintf(b, "%s{\n", indent)
	inner := indent + "\t"
	// The values before each modulation.
	fmt.Fprintf(b, "%sprecise %s %s = %s;\n", inner, p.scalar(), name, s.read(p))
	for k, m := range p.Mods {
		fmt.Fprintf(b, "%sprecise %s %s_by%d = %s * %s(%s), %s_at%d = %s;\n", inner, p.scalar(), name, k, p.literal(m.Scale), p.scalar(), s.inputName(m.Input), name, k, name)
		fmt.Fprintf(b, "%s%s = %s;\n", inner, name, m.acting(fmt.Sprintf("%s %s %s_by%d", name, m.operator(), name, k), name))
	}
	fmt.Fprintf(b, "%s%s = %s < %s || %s > %s ? 0.0 : %s;\n", inner, d, name, p.literal(p.Spec.Min), name, p.upper(), d)
	for k := len(p.Mods) - 1; k >= 0; k-- {
		m := p.Mods[k]
		to := fmt.Sprintf("d%d", m.Input)
		fmt.Fprintf(b, "%sprecise real %s_by%d_back = %s * real(%s);\n", inner, name, k, d, p.literal(m.Scale))
		if m.Mode == kpn.ModulationMultiply {
			fmt.Fprintf(b, "%s%s = %s;\n", inner, to, m.acting(fmt.Sprintf("%s_by%d_back * real(%s_at%d)", name, k, name, k), "0.0"))
			fmt.Fprintf(b, "%s%s = %s;\n", inner, d, m.acting(fmt.Sprintf("%s * real(%s_by%d)", d, name, k), d))
			continue
		}
		fmt.Fprintf(b, "%s%s = %s;\n", inner, to, m.acting(fmt.Sprintf("%s_by%d_back", name, k), "0.0"))
	}
	fmt.Fprintf(b, "%s}\n", indent)
}

// quadDeclarations are the modulations of four frames as parameters of an
// oversampled step's function, and emitModsOfFrame takes those of one frame.
func (s *Step) quadDeclarations() string {
	var b strings.Builder
	for i, in := range s.mods() {
		fmt.Fprintf(&b, ", %s m%d_q", in.From.vector(), i)
	}
	return b.String()
}

func (s *Step) emitModsOfFrame(b *strings.Builder, indent string, frame func(name string) string) {
	for i, in := range s.mods() {
		name := fmt.Sprintf("m%d", i)
		fmt.Fprintf(b, "%s%s %s = %s;\n", indent, in.From.scalar(), name, frame(name))
	}
}

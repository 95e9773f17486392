package npy

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// parse reads the literal of a header: a dict with exactly three keys.
func parse(text string) (Type, []int, error) {
	p := &parser{rest: strings.TrimRight(text, " \n\x00")}
	values := map[string]string{}
	p.want("{")
	for p.err == nil && !p.take("}") {
		key := p.quoted()
		p.want(":")
		value := p.value()
		if _, twice := values[key]; twice {
			p.fail("key %q is there twice", key)
		}
		values[key] = value
		if !p.take(",") && !strings.HasPrefix(p.rest, "}") {
			p.fail("want , or } at %.20q", p.rest)
		}
	}
	if p.err == nil && p.rest != "" {
		p.fail("there is something after it: %.20q", p.rest)
	}
	if p.err != nil {
		return "", nil, p.err
	}
	for _, key := range []string{"descr", "fortran_order", "shape"} {
		if _, ok := values[key]; !ok || len(values) != 3 {
			return "", nil, fmt.Errorf("want the keys descr, fortran_order and shape, and no others")
		}
	}
	t := Type(values["descr"])
	switch {
	case t != Float32 && t != Float64:
		return "", nil, fmt.Errorf("got values of type %.20q; want little-endian float32 (<f4) or float64 (<f8): save array.astype('<f4')", values["descr"])
	case values["fortran_order"] != "False":
		return "", nil, fmt.Errorf("the values are in Fortran order; want C order: save numpy.ascontiguousarray(array)")
	}
	shape, err := axes(values["shape"])
	return t, shape, err
}

// axes reads a tuple of sizes.
func axes(tuple string) ([]int, error) {
	inner, ok := strings.CutPrefix(tuple, "(")
	if !ok {
		return nil, fmt.Errorf("want a tuple as shape, got %.20q", tuple)
	}
	inner = strings.TrimSuffix(strings.TrimSpace(strings.TrimSuffix(inner, ")")), ",")
	if inner == "" {
		return []int{}, nil
	}
	var shape []int
	values := 1.0
	for _, part := range strings.Split(inner, ",") {
		n, err := strconv.ParseUint(strings.TrimSpace(part), 10, 63)
		if err != nil {
			return nil, fmt.Errorf("want sizes as whole numbers in the shape, got %.20q", part)
		}
		shape = append(shape, int(n))
		values *= float64(n)
	}
	if len(shape) > maxAxes {
		return nil, fmt.Errorf("got %d axes, allowed are %d", len(shape), maxAxes)
	}
	// With room for the bytes of a value, and for the rounding of products.
	if values > math.MaxInt64/16 {
		return nil, fmt.Errorf("a shape of %s is more than any file holds", tuple)
	}
	return shape, nil
}

// parser walks through a literal and keeps its first error.
type parser struct {
	rest string
	err  error
}

func (p *parser) fail(format string, args ...any) {
	if p.err == nil {
		p.err = fmt.Errorf("its header cannot be read: "+format, args...)
	}
}

// take skips white space and a symbol, if it comes next.
func (p *parser) take(symbol string) bool {
	p.rest = strings.TrimLeft(p.rest, " \t\n")
	rest, ok := strings.CutPrefix(p.rest, symbol)
	if ok {
		p.rest = strings.TrimLeft(rest, " \t\n")
	}
	return ok
}

func (p *parser) want(symbol string) {
	if !p.take(symbol) {
		p.fail("want %s at %.20q", symbol, p.rest)
	}
}

// quoted reads a string without escapes.
func (p *parser) quoted() string {
	for _, quote := range []string{"'", `"`} {
		if p.take(quote) {
			text, rest, ok := strings.Cut(p.rest, quote)
			if !ok || strings.Contains(text, `\`) {
				p.fail("a string does not end")
			}
			p.rest = rest
			return text
		}
	}
	p.fail("want a string at %.20q", p.rest)
	return ""
}

// value reads a string, a tuple of plain things, or a word.
func (p *parser) value() string {
	p.take("")
	switch {
	case strings.HasPrefix(p.rest, "'"), strings.HasPrefix(p.rest, `"`):
		return p.quoted()
	case strings.HasPrefix(p.rest, "("):
		end := strings.IndexByte(p.rest, ')')
		if end < 0 {
			p.fail("a tuple does not end")
			return ""
		}
		text := p.rest[:end+1]
		p.rest = p.rest[end+1:]
		return text
	}
	end := strings.IndexAny(p.rest, ",}")
	if end < 0 {
		end = len(p.rest)
	}
	text := strings.TrimSpace(p.rest[:end])
	p.rest = p.rest[end:]
	return text
}

package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// glslToken is a word or a sign of a GLSL expression.
var glslToken = regexp.MustCompile(`\d+\.?\d*(?:[eE][+-]?\d+)?\w*|[A-Za-z_]\w*|<<|>>|<=|>=|==|!=|&&|\|\||\S`)

// glslLevels are the binary operators, those that bind least first.
var glslLevels = [][]string{
	{"||"}, {"&&"}, {"|"}, {"^"}, {"&"}, {"==", "!="}, {"<", ">", "<=", ">="}, {"<<", ">>"}, {"+", "-"}, {"*", "/", "%"},
}

const additive = 8

// glslSums finds the sums of numbers in an expression of GLSL: not those in
// conditions and indices, nor those of integers.
func glslSums(src string, from, to int) (list []chain, err error) {
	p := &glslParser{src: src}
	for _, at := range glslToken.FindAllStringIndex(src[from:to], -1) {
		p.tokens = append(p.tokens, [2]int{from + at[0], from + at[1]})
	}
	defer func() {
		if fault, ok := recover().(glslFault); ok {
			err = fmt.Errorf("cannot read %q: %s", src[from:to], string(fault))
		}
	}()
	p.ternary()
	if p.next < len(p.tokens) {
		return nil, fmt.Errorf("cannot read %q from %q on", src[from:to], src[p.tokens[p.next][0]:to])
	}
	return p.sums, nil
}

type glslFault string

// glslParser walks over an expression and notes sums.
type glslParser struct {
	src    string
	tokens [][2]int
	next   int
	sums   []chain
}

func (p *glslParser) peek() string {
	if p.next == len(p.tokens) {
		return ""
	}
	t := p.tokens[p.next]
	return p.src[t[0]:t[1]]
}

func (p *glslParser) take() string {
	text := p.peek()
	if text == "" {
		panic(glslFault("it ends too early"))
	}
	p.next++
	return text
}

func (p *glslParser) want(text string) {
	if got := p.take(); got != text {
		panic(glslFault(fmt.Sprintf("got %q, want %q", got, text)))
	}
}

// start is where the next token starts, and end where the last one ended.
func (p *glslParser) start() int {
	if p.next == len(p.tokens) {
		panic(glslFault("it ends too early"))
	}
	return p.tokens[p.next][0]
}

func (p *glslParser) end() int { return p.tokens[p.next-1][1] }

func (p *glslParser) ternary() {
	known := len(p.sums)
	p.binary(0)
	if p.peek() != "?" {
		return
	}
	p.sums = p.sums[:known]
	p.take()
	p.ternary()
	p.want(":")
	p.ternary()
}

func (p *glslParser) binary(level int) {
	if level == len(glslLevels) {
		p.unary()
		return
	}
	known, from := len(p.sums), p.start()
	sum := chain{from: from}
	p.binary(level + 1)
	sum.terms = append(sum.terms, term{false, from, p.end()})
	for slices.Contains(glslLevels[level], p.peek()) {
		minus := p.take() == "-"
		at := p.start()
		p.binary(level + 1)
		sum.terms = append(sum.terms, term{minus, at, p.end()})
	}
	sum.to = p.end()
	switch {
	case len(sum.terms) == 1 || level > additive:
	case level < additive:
		// Truths, and the bits of integers.
		p.sums = p.sums[:known]
	case !whole(p.src[sum.from:sum.to]):
		p.sums = append(p.sums, sum)
	}
}

// wholeNumber marks a sum as one of integers.
var wholeNumber = regexp.MustCompile(`\b\d+u\b`)

// whole says whether a sum is of integers, whatever is in its parentheses.
func whole(text string) bool {
	var outside strings.Builder
	depth := 0
	for _, r := range text {
		if strings.ContainsRune("([", r) {
			depth++
		}
		if depth == 0 {
			outside.WriteRune(r)
		}
		if strings.ContainsRune(")]", r) {
			depth--
		}
	}
	return wholeNumber.MatchString(outside.String())
}

func (p *glslParser) unary() {
	for slices.Contains([]string{"-", "!", "~", "+"}, p.peek()) {
		p.take()
	}
	p.postfix()
}

func (p *glslParser) postfix() {
	known := len(p.sums)
	name := p.take()
	if name == "(" {
		p.ternary()
		p.want(")")
	}
	for {
		switch p.peek() {
		case ".":
			p.take()
			p.take()
		case "[":
			p.take()
			inside := len(p.sums)
			p.ternary()
			p.sums = p.sums[:inside]
			p.want("]")
		case "(":
			p.take()
			for p.peek() != ")" {
				p.ternary()
				if p.peek() == "," {
					p.take()
				}
			}
			p.take()
			if strings.HasPrefix(name, "int") || strings.HasPrefix(name, "u") {
				p.sums = p.sums[:known]
			}
		default:
			return
		}
	}
}

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// glslTarget is a file with adjoint code in GLSL.
type glslTarget struct {
	file string
	// values are variables for what the forward step computes as well.
	values []string
}

// adjointLine starts the adjoint in a kind's file.
const adjointLine = "//! adjoint:"

var (
	glslFunction   = regexp.MustCompile(`^(\w+) (\w+)\(`)
	glslAssignment = regexp.MustCompile(`^\s*(?:precise )?(?:(\w+) )?([\w.]+) = (.*);$`)
	glslUnended    = regexp.MustCompile(`^\s*(?:precise )?(?:\w+ )?[\w.]+ = [^;{]*$`)
	glslReturn     = regexp.MustCompile(`^\s*return (.*);$`)
	glslDeclared   = regexp.MustCompile(`\b(float|double|real4?|vec[234]|int|uint|bool|uvec[234]|[a-z]+_[a-z]+) (\w+(?:, \w+)*)`)
	// glslRead is an expression that only hands on what is there.
	glslRead = regexp.MustCompile(`^[\w.]+$|^-?[\d.eE-]+(LF)?$|^real\([\w.-]+\)$`)
)

// glslMutants makes the mutants of a file by the rules.
func glslMutants(root string, target glslTarget) ([]*mutant, error) {
	data, err := os.ReadFile(filepath.Join(root, target.file))
	if err != nil {
		return nil, err
	}
	src := string(data)
	start := strings.Index(src, adjointLine)
	if start < 0 && strings.HasPrefix(target.file, "shaders/node/") {
		return nil, fmt.Errorf("%s has no line %q", target.file, adjointLine)
	}
	start = max(0, start)
	types := map[string]string{}
	for _, found := range glslDeclared.FindAllStringSubmatch(src[start:], -1) {
		for name := range strings.SplitSeq(found[2], ", ") {
			types[name] = found[1]
		}
	}
	var list []*mutant
	function, number := "", false
	for at := start; at < len(src); {
		text, _, _ := strings.Cut(src[at:], "\n")
		if found := glslFunction.FindStringSubmatch(text); found != nil {
			function, number = found[2], numeric(found[1])
		}
		if function != "" {
			own, err := glslStatement(src, target, function, at, at+len(text), number, types)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", target.file, err)
			}
			list = append(list, own...)
		}
		at += len(text) + 1
	}
	return list, nil
}

// glslStatement makes the mutants of a line, in a function that gives a number
// or none.
func glslStatement(src string, file glslTarget, function string, from, to int, gives bool, types map[string]string) ([]*mutant, error) {
	text := src[from:to]
	if glslUnended.MatchString(text) {
		return nil, fmt.Errorf("the rules read statements of one line only: %q", strings.TrimSpace(text))
	}
	var at []int
	continued, accumulates := false, false
	if at = glslReturn.FindStringSubmatchIndex(text); at != nil {
		if !gives {
			return nil, nil
		}
		at = at[2:4]
	} else if at = glslAssignment.FindStringSubmatchIndex(text); at != nil {
		target := text[at[4]:at[5]]
		if !glslNumber(target, types) || slices.Contains(file.values, target) {
			return nil, nil
		}
		value := text[at[6]:at[7]]
		// A product that goes on is flipped where it starts.
		accumulates = strings.HasPrefix(value, target+" + ") || strings.HasPrefix(value, target+" - ")
		continued = accumulates || strings.HasPrefix(value, target+" * ")
		at = at[6:8]
	} else {
		return nil, nil
	}
	value := edit{from: from + at[0], to: from + at[1], what: signFlipped}
	sums, err := glslSums(src, value.from, value.to)
	if err != nil {
		return nil, err
	}
	var list []*mutant
	right := src[value.from:value.to]
	if !continued && (right == cotangent || !glslRead.MatchString(right)) {
		value.text = negative(right)
		list = append(list, apply(src, file.file, function, from, to, value))
	}
	for i := range sums {
		if accumulates && sums[i].from == value.from {
			list = append(list, apply(src, file.file, function, from, to, sums[i].last(src)))
		}
		for _, e := range sums[i].edits(src) {
			list = append(list, apply(src, file.file, function, from, to, e))
		}
	}
	return list, nil
}

// glslNumber says whether a variable or the field of a structure is a number
// that is not whole, or several.
func glslNumber(name string, types map[string]string) bool {
	parts := strings.Split(name, ".")
	kind := types[parts[len(parts)-1]]
	if last := parts[len(parts)-1]; len(parts) > 1 && kind == "" && strings.Trim(last, "xyzw") == "" {
		kind = types[parts[0]]
	}
	return numeric(kind)
}

func numeric(kind string) bool {
	return kind == "float" || kind == "double" || strings.HasPrefix(kind, "real") || strings.HasPrefix(kind, "vec")
}

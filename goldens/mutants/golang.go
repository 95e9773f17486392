package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"strings"
)

// goTarget is a file with adjoint code in Go.
type goTarget struct {
	pkg, file string
	// functions are those that count, in the order of the file.
	functions []string
	// values are variables for what the forward step computes as well: an error
	// in them is not one of the adjoint.
	values []string
}

// goRules makes the mutants of a file's functions by the rules.
type goRules struct {
	file, src string
	fset      *token.FileSet
	info      *types.Info
	values    []string
	in        string
	list      []*mutant
}

func (r *goRules) function(f *ast.FuncDecl) {
	r.in = f.Name.Name
	r.inside(f.Body)
}

// inside finds the statements of a node, those of functions within
// expressions too.
func (r *goRules) inside(n ast.Node) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch s := n.(type) {
		case *ast.AssignStmt:
			r.assignment(s)
		case *ast.ReturnStmt:
			for _, x := range s.Results {
				r.value(s, x, true)
			}
		case *ast.ExprStmt:
			r.call(s)
		}
		return true
	})
}

func (r *goRules) assignment(s *ast.AssignStmt) {
	if len(s.Lhs) != len(s.Rhs) {
		return
	}
	for i, x := range s.Rhs {
		switch {
		case slices.Contains(r.values, r.text(root(s.Lhs[i]))):
		case !r.number(s.Lhs[i]) && s.Tok != token.DEFINE:
			r.literals(s, x)
		case s.Tok == token.ADD_ASSIGN || s.Tok == token.SUB_ASSIGN:
			opposite := map[token.Token]string{token.ADD_ASSIGN: "-=", token.SUB_ASSIGN: "+="}[s.Tok]
			at := r.at(s.TokPos)
			r.add(s, edit{from: at, to: at + 2, text: opposite, what: turned})
			r.add(s, edit{from: r.at(s.Pos()), to: r.at(s.End()), text: "_, _ = " + r.text(s.Lhs[i]) + ", " + r.text(x), what: notAdded})
			r.value(s, x, false)
		default:
			r.value(s, x, true)
		}
	}
}

// root is the variable that an expression is a field of.
func root(x ast.Expr) ast.Expr {
	if field, ok := x.(*ast.SelectorExpr); ok {
		return root(field.X)
	}
	return x
}

// value makes mutants of what is assigned or returned.
func (r *goRules) value(s ast.Stmt, x ast.Expr, flip bool) {
	if !r.number(x) {
		r.literals(s, x)
		return
	}
	if flip && !reads(x) {
		r.add(s, edit{from: r.at(x.Pos()), to: r.at(x.End()), text: negative(r.text(x)), what: signFlipped})
	}
	r.sums(s, x)
}

// literals makes mutants of the fields of structures.
func (r *goRules) literals(s ast.Stmt, x ast.Expr) {
	list, ok := x.(*ast.CompositeLit)
	if !ok {
		return
	}
	for _, e := range list.Elts {
		if field, ok := e.(*ast.KeyValueExpr); ok {
			r.value(s, field.Value, true)
		}
	}
}

// sums makes mutants of the sums in an expression, but for those in indices.
func (r *goRules) sums(s ast.Stmt, x ast.Expr) {
	ast.Inspect(x, func(n ast.Node) bool {
		switch x := n.(type) {
		case *ast.IndexExpr, *ast.SliceExpr, *ast.FuncLit:
			return false
		case *ast.BinaryExpr:
			if !plusOrMinus(x.Op) || !r.number(x) {
				return true
			}
			c := chain{from: r.at(x.Pos()), to: r.at(x.End())}
			r.flatten(s, x, false, &c)
			for i, e := range c.edits(r.src) {
				if rest, err := strconv.ParseFloat(e.text, 64); err == nil {
					e.text = fmt.Sprintf("float64(%v)", rest)
				}
				e.used = "_ = " + r.src[c.terms[i].from:c.terms[i].to] + "\n"
				r.add(s, e)
			}
			return false
		}
		return true
	})
}

// flatten lists the terms of a sum and looks for sums in them.
func (r *goRules) flatten(s ast.Stmt, x ast.Expr, minus bool, c *chain) {
	if b, ok := x.(*ast.BinaryExpr); ok && plusOrMinus(b.Op) {
		r.flatten(s, b.X, minus, c)
		r.flatten(s, b.Y, b.Op == token.SUB, c)
		return
	}
	c.terms = append(c.terms, term{minus, r.at(x.Pos()), r.at(x.End())})
	r.sums(s, x)
}

func plusOrMinus(op token.Token) bool { return op == token.ADD || op == token.SUB }

// call drops calls that move cotangents.
func (r *goRules) call(s *ast.ExprStmt) {
	c, ok := s.X.(*ast.CallExpr)
	if !ok {
		return
	}
	name, ok := c.Fun.(*ast.Ident)
	if !ok || name.Name != "copy" && name.Name != "clear" {
		return
	}
	var args []string
	for _, x := range c.Args {
		args = append(args, r.text(x))
	}
	blanks := strings.Repeat(", _", len(args))[2:]
	r.add(s, edit{from: r.at(s.Pos()), to: r.at(s.End()), text: blanks + " = " + strings.Join(args, ", "), what: callDropped})
}

// cotangent is what adjoints call the cotangent of their output.
const cotangent = "c"

// reads says whether an expression only hands on what is there, other than the
// cotangent itself.
func reads(x ast.Expr) bool {
	switch x := x.(type) {
	case *ast.Ident:
		return x.Name != cotangent
	case *ast.BasicLit, *ast.SelectorExpr, *ast.StarExpr:
		return true
	case *ast.IndexExpr:
		return reads(x.X)
	case *ast.CallExpr:
		// A conversion.
		return len(x.Args) == 1 && reads(x.Args[0])
	}
	return false
}

// number says whether an expression is a number that is not whole.
func (r *goRules) number(x ast.Expr) bool {
	t := r.info.TypeOf(x)
	if t == nil {
		return false
	}
	basic, ok := t.Underlying().(*types.Basic)
	return ok && basic.Info()&types.IsFloat != 0
}

func (r *goRules) at(p token.Pos) int { return r.fset.Position(p).Offset }

func (r *goRules) text(n ast.Node) string { return r.src[r.at(n.Pos()):r.at(n.End())] }

func (r *goRules) add(s ast.Stmt, e edit) {
	r.list = append(r.list, apply(r.src, r.file, r.in, r.at(s.Pos()), r.at(s.End()), e))
}

package main

import (
	"bytes"
	"context"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// goMutants makes the mutants of files by the rules.
func goMutants(ctx context.Context, root string, targets []goTarget) ([]*mutant, error) {
	l := &loader{root: root, fset: token.NewFileSet(), packages: map[string]*loaded{}}
	if err := l.findExports(ctx, targets); err != nil {
		return nil, err
	}
	var list []*mutant
	for _, target := range targets {
		p, err := l.load(target.pkg)
		if err != nil {
			return nil, err
		}
		own, err := l.mutants(p, target)
		if err != nil {
			return nil, err
		}
		list = append(list, own...)
	}
	return list, nil
}

// loader reads packages and the types of their expressions.
type loader struct {
	root    string
	fset    *token.FileSet
	exports map[string]string
	// packages are by directory.
	packages map[string]*loaded
}

type loaded struct {
	files map[string]*ast.File
	info  *types.Info
}

// findExports asks the go command where compiled packages are.
func (l *loader) findExports(ctx context.Context, targets []goTarget) error {
	args := []string{"list", "-export", "-deps", "-f", "{{.ImportPath}}\t{{.Export}}"}
	for _, t := range targets {
		if p := "./" + t.pkg; !slices.Contains(args, p) {
			args = append(args, p)
		}
	}
	out, err := goCommand(ctx, l.root, args...)
	if err != nil {
		return err
	}
	l.exports = map[string]string{}
	for text := range strings.Lines(string(out)) {
		path, file, _ := strings.Cut(strings.TrimSpace(text), "\t")
		l.exports[path] = file
	}
	return nil
}

// goCommand runs the go command in a directory.
func goCommand(ctx context.Context, dir string, args ...string) ([]byte, error) {
	c := exec.CommandContext(ctx, "go", args...)
	c.Dir = dir
	var message bytes.Buffer
	c.Stderr = &message
	out, err := c.Output()
	if err != nil {
		return nil, fmt.Errorf("go %s: %w: %s", args[0], err, strings.TrimSpace(message.String()))
	}
	return out, nil
}

// lookup opens what the compiler has written about a package.
func (l *loader) lookup(path string) (io.ReadCloser, error) {
	file := l.exports[path]
	if file == "" {
		return nil, fmt.Errorf("package %s is not compiled", path)
	}
	return os.Open(file)
}

// load reads a package. What cannot be checked, such as C, has no types, and
// the rules make nothing of it.
func (l *loader) load(dir string) (*loaded, error) {
	if p := l.packages[dir]; p != nil {
		return p, nil
	}
	names, err := filepath.Glob(filepath.Join(l.root, dir, "*.go"))
	if err != nil {
		return nil, err
	}
	p := &loaded{files: map[string]*ast.File{}, info: &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{}}}
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(l.fset, name, nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		p.files[filepath.Base(name)] = f
		files = append(files, f)
	}
	config := types.Config{
		Importer:    importer.ForCompiler(l.fset, "gc", l.lookup),
		FakeImportC: true,
		Error:       func(error) {},
	}
	_, _ = config.Check(dir, l.fset, files, p.info) // as above
	l.packages[dir] = p
	return p, nil
}

// mutants makes those of one file.
func (l *loader) mutants(p *loaded, target goTarget) ([]*mutant, error) {
	path := filepath.Join(target.pkg, target.file)
	f := p.files[target.file]
	if f == nil {
		return nil, fmt.Errorf("%s: no such file; bring the targets of goldens/mutants up to date", path)
	}
	src, err := os.ReadFile(filepath.Join(l.root, path))
	if err != nil {
		return nil, err
	}
	r := &goRules{file: filepath.ToSlash(path), src: string(src), fset: l.fset, info: p.info, values: target.values}
	for _, name := range target.functions {
		found := false
		for _, d := range f.Decls {
			if d, ok := d.(*ast.FuncDecl); ok && d.Name.Name == name {
				found = true
				r.function(d)
			}
		}
		if !found {
			return nil, fmt.Errorf("%s: no function %s; bring the targets of goldens/mutants up to date", path, name)
		}
	}
	return r.list, nil
}

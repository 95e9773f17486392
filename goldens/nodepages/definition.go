package nodepages

import (
	"fmt"
	"go/ast"
	"go/doc/comment"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strings"

	"sawmill/kpn"
)

// labels start the lines of the template that definitions end with.
var labels = regexp.MustCompile(`(?m)^(Shapes|State|Latency|Gradients|Errors|Source|Heat):`)

// definition is the doc comment of a kind's constant, as Markdown.
func definition(dir string, k kpn.Kind) (string, error) {
	file := filepath.Join(dir, "kind_"+string(k)+".go")
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
	if err != nil {
		return "", err
	}
	for _, d := range parsed.Decls {
		decl, ok := d.(*ast.GenDecl)
		if !ok || decl.Tok != token.CONST || decl.Doc == nil {
			continue
		}
		if value, ok := decl.Specs[0].(*ast.ValueSpec); ok && strings.HasPrefix(value.Names[0].Name, "Kind") {
			// The lines of the template are paragraphs of their own.
			text := labels.ReplaceAllString(decl.Doc.Text(), "\n$0")
			return labels.ReplaceAllString(markdown(text), "**$1**:"), nil
		}
	}
	return "", fmt.Errorf("%s: no constant whose name starts with Kind has a doc comment", file)
}

// markdown turns links to kinds into links to their pages.
func markdown(text string) string {
	links := comment.Parser{LookupSym: func(_, name string) bool { return name != "" }}
	printer := comment.Printer{
		HeadingLevel: 3,
		DocLinkURL: func(link *comment.DocLink) string {
			for _, s := range kpn.Catalogue() {
				if strings.EqualFold(link.Name, "Kind"+strings.ReplaceAll(string(s.Kind), "_", "")) {
					return string(s.Kind) + ".md"
				}
			}
			return "../../kpn"
		},
	}
	return string(printer.Markdown(links.Parse(text)))
}

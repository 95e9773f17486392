package goldens_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestDocumentsNameTestsThatExist: a check that a document names is there to be
// run.
func TestDocumentsNameTestsThatExist(t *testing.T) {
	declared := regexp.MustCompile(`(?m)^func ((?:Test|Benchmark|Fuzz|Example)\w*)\(`)
	var there []string
	require.NoError(t, filepath.WalkDir("..", func(path string, _ os.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, name := range declared.FindAllSubmatch(text, -1) {
			there = append(there, string(name[1]))
		}
		return err
	}))
	documents, err := filepath.Glob("../docs/*.md")
	require.NoError(t, err)
	require.NotEmpty(t, documents)
	named := regexp.MustCompile(`\b(?:Test|Benchmark|Fuzz)[A-Z]\w*`)
	for _, path := range append(documents, "../README.md", "../CONTRIBUTING.md", "../presets/README.md") {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		for _, name := range named.FindAllString(string(text), -1) {
			// What -run is given is the start of a name.
			assert.True(t, slices.ContainsFunc(there, func(t string) bool { return strings.HasPrefix(t, name) }), "%s names %s, which no file declares", path, name)
		}
	}
}

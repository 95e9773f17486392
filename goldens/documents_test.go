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
	// What -run is given is part of a name, and so is what ends in dots.
	named := regexp.MustCompile(`(-run )?['"]?\b((?:Test|Benchmark|Fuzz|Example)[A-Z]\w*)(…)?`)
	count := 0
	require.NoError(t, filepath.WalkDir("..", func(path string, _ os.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".md") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, m := range named.FindAllStringSubmatch(string(text), -1) {
			name, part := m[2], m[1] != "" || m[3] != ""
			count++
			assert.True(t, slices.ContainsFunc(there, func(t string) bool {
				return t == name || part && strings.HasPrefix(t, name)
			}), "%s names %s, which no file declares", path, name)
		}
		return err
	}))
	require.NotZero(t, count)
}

package nodepages_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sawmill/goldens/nodepages"
)

// TestPagesAreUpToDate: docs/nodes is what the kinds' definitions, specs and
// presets make, and nothing else.
func TestPagesAreUpToDate(t *testing.T) {
	const root, hint = "../..", "look at what changed, then run: go run ./goldens/regenerate nodes"
	pages, err := nodepages.Pages(context.Background(), root)
	require.NoError(t, err)
	dir := filepath.Join(root, "docs", "nodes")
	for name, want := range pages {
		got, missing := os.ReadFile(filepath.Join(dir, name))
		if assert.NoError(t, missing, hint) {
			assert.True(t, string(want) == string(got), "docs/nodes/%s is out of date; %s", name, hint)
		}
	}
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, e := range entries {
		info, err := e.Info()
		require.NoError(t, err)
		assert.Contains(t, pages, e.Name(), "docs/nodes/%s belongs to no kind of the catalogue: remove it", e.Name())
		assert.LessOrEqual(t, info.Size(), int64(64<<10), e.Name())
	}
}

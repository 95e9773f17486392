//go:build !windows

package batch

import (
	"os"

	"github.com/gofrs/flock"
)

// release lets go of the lock. The file goes first: once the lock is gone,
// another process may have taken it.
func release(l *flock.Flock, remove bool) {
	if remove {
		_ = os.Remove(l.Path())
	}
	_ = l.Unlock()
}

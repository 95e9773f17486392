package batch

import (
	"os"

	"github.com/gofrs/flock"
)

// release lets go of the lock. Windows removes no file that is open, so that
// this one goes last, and stays where another process has taken it meanwhile.
func release(l *flock.Flock, remove bool) {
	_ = l.Unlock()
	if remove {
		_ = os.Remove(l.Path())
	}
}

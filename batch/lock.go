package batch

import (
	"os"

	"github.com/gofrs/flock"
)

// lock keeps other processes from writing to the directory until unlock is
// called, which removes the lock file where nothing is left to do. A lock file that another process deleted while we took it locks
// nothing, so the name is looked up again.
func (d *directory) lock() (unlock func(done bool), err error) {
	path := d.path(lockName)
	for {
		l := flock.New(path)
		ok, err := l.TryLock()
		if err != nil {
			return nil, &FileError{"lock", path, err}
		}
		if !ok {
			return nil, &LockedError{d.root}
		}
		held, err := l.Stat()
		if err == nil {
			var named os.FileInfo
			if named, err = os.Stat(path); err == nil && os.SameFile(held, named) {
				return func(done bool) { release(l, done) }, nil
			}
		}
		if e := l.Unlock(); e != nil || (err != nil && !os.IsNotExist(err)) {
			return nil, &FileError{"lock", path, err}
		}
	}
}

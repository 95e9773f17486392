package batch

import "os"

// flush waits until a file is on the disk. Windows flushes only what is open
// for writing, and no directory: NTFS puts names on the disk in the order in
// which they were given, by its journal.
func flush(path string) error {
	info, err := os.Stat(path)
	if err != nil || info.IsDir() {
		return err
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	err = f.Sync()
	if e := f.Close(); err == nil {
		err = e
	}
	return err
}

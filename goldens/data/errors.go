package data

import "fmt"

// FileError is a golden that cannot be read, or that is not what the case
// gives.
type FileError struct {
	File string
	// Line is 0 for a fault of the whole file.
	Line   int
	Reason string
}

// Error implements error.
func (e *FileError) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("goldens/data/%s: %s", e.File, e.Reason)
	}
	return fmt.Sprintf("goldens/data/%s:%d: %s", e.File, e.Line, e.Reason)
}

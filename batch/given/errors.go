package given

import (
	"errors"
	"fmt"
	"io/fs"
)

// FileError is a file that cannot be used.
type FileError struct {
	Path string
	// Cause says what is wrong with it.
	Cause error
}

// Error implements error.
func (e *FileError) Error() string {
	var path *fs.PathError
	if errors.As(e.Cause, &path) {
		return e.Cause.Error()
	}
	return fmt.Sprintf("%s: %v", e.Path, e.Cause)
}

// Unwrap returns the cause.
func (e *FileError) Unwrap() error { return e.Cause }

func faultf(path, format string, args ...any) error {
	return &FileError{path, fmt.Errorf(format, args...)}
}

// CellError is a value of a table that cannot be used. Rows and columns count
// from 0, as sounds do.
type CellError struct {
	Path string
	// Line is the line of a text, from 1; 0 in an array.
	Line        int
	Row, Column int
	// Cause names the parameter and says what is wrong.
	Cause error
}

// Error implements error.
func (e *CellError) Error() string {
	at := e.Path
	if e.Line > 0 {
		at += fmt.Sprintf(":%d", e.Line)
	}
	return fmt.Sprintf("%s: row %d, column %d: %v", at, e.Row, e.Column, e.Cause)
}

// Unwrap returns the cause.
func (e *CellError) Unwrap() error { return e.Cause }

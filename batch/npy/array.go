package npy

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
)

// Array is an array file, open for reading.
type Array struct {
	// Path is the file's name, for errors.
	Path  string
	Type  Type
	Shape []int

	file   io.ReaderAt
	close  func() error
	offset int64
	buffer []byte
}

// FileError is an array file that cannot be used.
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

// Open opens an array file and reads its header. It fails with *[FileError].
func Open(path string) (*Array, error) {
	// Asked before it is opened: a pipe without a writer would never open.
	info, err := os.Stat(path)
	if err != nil {
		return nil, &FileError{path, err}
	}
	if !info.Mode().IsRegular() {
		return nil, &FileError{path, errors.New("it is no regular file")}
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, &FileError{path, err}
	}
	a, err := Read(path, f, info.Size())
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	a.close = f.Close
	return a, nil
}

// Read reads the header of an array of so many bytes. It fails with
// *[FileError].
func Read(path string, file io.ReaderAt, size int64) (*Array, error) {
	a := &Array{Path: path, file: file, close: func() error { return nil }}
	if err := a.readHeader(size); err != nil {
		return nil, &FileError{path, err}
	}
	return a, nil
}

func (a *Array) readHeader(size int64) error {
	// Magic, version and the longer of both forms of the length.
	head := make([]byte, len(magic)+6)
	if n, err := a.file.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return err
	} else if n < len(head) || string(head[:len(magic)]) != magic {
		return errors.New("it is no NumPy array file (.npy)")
	}
	version := head[len(magic)]
	head = head[len(magic)+2:]
	length := int(binary.LittleEndian.Uint16(head))
	a.offset = int64(len(magic)) + 4
	switch version {
	case 1:
	case 2, 3:
		length = int(min(binary.LittleEndian.Uint32(head), maxHeader+1))
		a.offset += 2
	default:
		return fmt.Errorf("got version %d of the format, want 1, 2 or 3", version)
	}
	if length > maxHeader {
		return fmt.Errorf("its header is longer than %d bytes", maxHeader)
	}
	text := make([]byte, length)
	if _, err := a.file.ReadAt(text, a.offset); err != nil {
		return errors.New("it ends inside its header")
	}
	a.offset += int64(length)
	var err error
	if a.Type, a.Shape, err = parse(string(text)); err != nil {
		return err
	}
	want := a.offset + int64(a.Len())*int64(a.Type.Size())
	if size != want {
		return fmt.Errorf("it has %d bytes, but %v values of type %s make it %d", size, a.Shape, a.Type, want)
	}
	return nil
}

// Close closes the file.
func (a *Array) Close() error { return a.close() }

// Len is the number of values.
func (a *Array) Len() int {
	n := 1
	for _, axis := range a.Shape {
		n *= axis
	}
	return n
}

// ValueError is a value that float32 cannot hold: NaN, infinite, or too large.
type ValueError struct {
	Path string
	// Index is the value's place in each axis.
	Index []int
	Got   float64
}

// Error implements error.
func (e *ValueError) Error() string {
	return fmt.Sprintf("%s: value %v: got %g, want a finite number of single precision", e.Path, e.Index, e.Got)
}

// Floats reads values from first on, in the order of the file, as float32. It
// fails with *[ValueError] or *[FileError]. It is not safe for concurrent use.
func (a *Array) Floats(first int, dst []float32) error {
	return a.runs(first, len(dst), func(at int, data []byte, n int) error {
		for i := range n {
			x := a.value(data, i)
			// Written so that NaN fails too.
			if !(math.Abs(x) <= math.MaxFloat32) {
				return &ValueError{a.Path, a.coordinates(at + i), x}
			}
			dst[at-first+i] = float32(x)
		}
		return nil
	})
}

// Doubles reads values from first on, in the order of the file, whatever they
// are. It fails with *[FileError]. It is not safe for concurrent use.
func (a *Array) Doubles(first int, dst []float64) error {
	return a.runs(first, len(dst), func(at int, data []byte, n int) error {
		for i := range n {
			dst[at-first+i] = a.value(data, i)
		}
		return nil
	})
}

// runs reads so many values from first on, a run at a time, and hands each to
// take with the index of its first value.
func (a *Array) runs(first, count int, take func(at int, data []byte, n int) error) error {
	const run = 1 << 14
	if a.buffer == nil {
		a.buffer = make([]byte, run*8)
	}
	size := a.Type.Size()
	for end := first + count; first < end; {
		n := min(run, end-first)
		data := a.buffer[:n*size]
		if got, err := a.file.ReadAt(data, a.offset+int64(first)*int64(size)); got < len(data) {
			if errors.Is(err, io.EOF) {
				err = errors.New("it has become shorter while it was read")
			}
			return &FileError{a.Path, err}
		}
		if err := take(first, data, n); err != nil {
			return err
		}
		first += n
	}
	return nil
}

func (a *Array) value(data []byte, i int) float64 {
	if a.Type == Float32 {
		return float64(math.Float32frombits(binary.LittleEndian.Uint32(data[4*i:])))
	}
	return math.Float64frombits(binary.LittleEndian.Uint64(data[8*i:]))
}

// coordinates is the place of a value in each axis.
func (a *Array) coordinates(i int) []int {
	at := make([]int, len(a.Shape))
	for axis := len(at) - 1; axis >= 0; axis-- {
		at[axis] = i % a.Shape[axis]
		i /= a.Shape[axis]
	}
	return at
}

package npy

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
)

// Type is the type of an array's values.
type Type string

// The types, as NumPy spells them.
const (
	Float32 Type = "<f4"
	Float64 Type = "<f8"
)

// Size is the number of bytes of a value.
func (t Type) Size() int {
	if t == Float32 {
		return 4
	}
	return 8
}

// The parts of a file before its values.
const (
	magic = "\x93NUMPY"
	// alignment is where values start.
	alignment = 64
	// maxHeader bounds the text of a header: far above any of ours, and what
	// NumPy itself reads by default.
	maxHeader = 10000
	// maxAxes bounds the number of axes, as NumPy does.
	maxAxes = 32
)

// Header is the start of a file, up to the first value.
func Header(t Type, shape ...int) []byte {
	axes := make([]string, len(shape))
	for i, n := range shape {
		axes[i] = strconv.Itoa(n)
	}
	tuple := strings.Join(axes, ", ")
	if len(axes) == 1 {
		tuple += ","
	}
	text := fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': (%s), }", t, tuple)
	start := len(magic) + 4
	for (start+len(text)+1)%alignment != 0 {
		text += " "
	}
	text += "\n"
	head := append([]byte(magic), 1, 0)
	head = binary.LittleEndian.AppendUint16(head, uint16(len(text)))
	return append(head, text...)
}

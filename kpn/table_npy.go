package kpn

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
)

var (
	npyType  = regexp.MustCompile(`'descr': *'<f([48])'`)
	npyOrder = regexp.MustCompile(`'fortran_order': *False`)
	npyShape = regexp.MustCompile(`'shape': *\( *([0-9]{1,9}) *,? *([0-9]{1,9})? *,? *\)`)
)

// parseTableNPY reads an array of little-endian floats with one axis, a row, or
// two.
func parseTableNPY(data []byte) (*Table, error) {
	header, body, err := splitNPY(data)
	if err != nil {
		return nil, err
	}
	kind, shape := npyType.FindSubmatch(header), npyShape.FindSubmatch(header)
	if kind == nil || shape == nil || !npyOrder.Match(header) {
		return nil, errors.New("want an array of float32 or float64 with one or two axes in C order; save numpy.ascontiguousarray(array, '<f4')")
	}
	t := &Table{Rows: 1}
	t.Columns, _ = strconv.Atoi(string(shape[1]))
	if len(shape[2]) > 0 {
		t.Rows = t.Columns
		t.Columns, _ = strconv.Atoi(string(shape[2]))
	}
	size := int(kind[1][0] - '0')
	if t.Columns > 0 && t.Rows > MaxTableValues/t.Columns {
		return nil, fmt.Errorf("it has %d rows of %d numbers, allowed are %d in all", t.Rows, t.Columns, MaxTableValues)
	}
	if len(body) != t.Rows*t.Columns*size {
		return nil, fmt.Errorf("it has %d bytes of numbers, its shape wants %d", len(body), t.Rows*t.Columns*size)
	}
	t.Data = floats(body, size)
	return t, nil
}

// splitNPY takes the header's text from the numbers.
func splitNPY(data []byte) (header, body []byte, err error) {
	const magic = "\x93NUMPY"
	if len(data) < 12 || string(data[:6]) != magic {
		return nil, nil, errors.New("it is no array file")
	}
	length, at := int(binary.LittleEndian.Uint16(data[8:])), 10
	if data[6] > 1 {
		length, at = int(min(binary.LittleEndian.Uint32(data[8:]), math.MaxInt32)), 12
	}
	if length > len(data)-at {
		return nil, nil, errors.New("its header is longer than the file")
	}
	return data[at : at+length], data[at+length:], nil
}

// floats are little-endian numbers of 4 or 8 bytes.
func floats(data []byte, size int) []float64 {
	list := make([]float64, len(data)/size)
	for i := range list {
		if size == 4 {
			list[i] = float64(math.Float32frombits(binary.LittleEndian.Uint32(data[4*i:])))
		} else {
			list[i] = math.Float64frombits(binary.LittleEndian.Uint64(data[8*i:]))
		}
	}
	return list
}

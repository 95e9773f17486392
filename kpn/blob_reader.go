package kpn

import (
	"encoding/binary"
	"fmt"
	"math"
)

// blobReader reads a blob from its start.
type blobReader struct {
	blobPlace
	data []byte
	at   int
}

// blobLength is a length or count that was read, and where it stood.
type blobLength struct {
	field string
	at    int
	n     uint32
}

func newBlobReader(blob string, data []byte) *blobReader {
	return &blobReader{blobPlace: blobPlace{blob: blob, index: -1}, data: data}
}

func (r *blobReader) remaining() int { return len(r.data) - r.at }

// take reads n bytes of the blob itself: nil after a fault.
func (r *blobReader) take(field string, n int) []byte {
	if r.err != nil {
		return nil
	}
	if n > r.remaining() {
		r.fail(r.at, field, cutShort(uint64(n), r.remaining()))
		return nil
	}
	r.at += n
	return r.data[r.at-n : r.at]
}

// cutShort is the reason against a length, or a count's smallest members,
// beyond the end.
func cutShort(size uint64, remaining int) string {
	return fmt.Sprintf("takes %d bytes but %d remain: a length is wrong or the blob is cut short, write it again", size, remaining)
}

func (r *blobReader) u32(field string) uint32 {
	if b := r.take(field, 4); b != nil {
		return binary.LittleEndian.Uint32(b)
	}
	return 0
}

func (r *blobReader) u64(field string) uint64 {
	if b := r.take(field, 8); b != nil {
		return binary.LittleEndian.Uint64(b)
	}
	return 0
}

func (r *blobReader) f64(field string) float64 { return math.Float64frombits(r.u64(field)) }

func (r *blobReader) length(field string) blobLength {
	at := r.at
	return blobLength{field, at, r.u32(field)}
}

// list checks a count by the bytes that its smallest members need.
func (r *blobReader) list(l blobLength, size int) int {
	if r.err != nil {
		return 0
	}
	if uint64(l.n) > uint64(r.remaining()/size) {
		r.fail(l.at, l.field, cutShort(uint64(l.n)*uint64(size), r.remaining()))
		return 0
	}
	return int(l.n)
}

// bytes reads as many bytes as a length says.
func (r *blobReader) bytes(l blobLength) []byte { return r.take(l.field, r.list(l, 1)) }

// name reads a name.
func (r *blobReader) name(l blobLength) string {
	at := r.at
	s := string(r.bytes(l))
	if r.err == nil {
		r.fail(at, l.field, nameFault(s))
	}
	return s
}

// floats reads n values, which the caller has checked against what remains.
func (r *blobReader) floats(field string, n int) []float64 {
	b := r.take(field, 8*n)
	if len(b) == 0 {
		return nil
	}
	values := make([]float64, n)
	for i := range values {
		values[i] = math.Float64frombits(binary.LittleEndian.Uint64(b[8*i:]))
	}
	return values
}

// finish refuses what follows the last field and gives the first fault.
func (r *blobReader) finish(last string) error {
	r.enterNode(-1)
	if r.err == nil && r.remaining() > 0 {
		r.fail(r.at, "end", fmt.Sprintf("%d bytes follow the last %s: a count is wrong or two blobs were joined", r.remaining(), last))
	}
	if r.err != nil {
		return r.err
	}
	return nil
}

// makeList is make, but nil for no members: an empty list of a blob and a
// list that was never set are the same value.
func makeList[T any](n int) []T {
	if n == 0 {
		return nil
	}
	return make([]T, n)
}

package kpn

import (
	"encoding/binary"
	"math"
	"slices"
)

// blobWriter writes a blob.
type blobWriter struct {
	blobPlace
	out []byte
}

func newBlobWriter(blob string) *blobWriter {
	return &blobWriter{blobPlace: blobPlace{blob: blob, index: -1}}
}

// check keeps a fault of the value, which has no offset.
func (w *blobWriter) check(field, fault string) { w.fail(-1, field, fault) }

func (w *blobWriter) u32(v uint32) { w.out = binary.LittleEndian.AppendUint32(w.out, v) }
func (w *blobWriter) u64(v uint64) { w.out = binary.LittleEndian.AppendUint64(w.out, v) }

func (w *blobWriter) f64(v float64) { w.u64(math.Float64bits(v)) }

// length writes a length or count.
func (w *blobWriter) length(field string, n int) {
	w.check(field, lengthFault(n))
	w.u32(uint32(n))
}

// name writes the bytes of a name.
func (w *blobWriter) name(field, s string) {
	w.check(field, nameFault(s))
	w.out = append(w.out, s...)
}

func (w *blobWriter) floats(values []float64) {
	w.out = slices.Grow(w.out, 8*len(values))
	for _, v := range values {
		w.f64(v)
	}
}

// finish gives the blob or the first fault.
func (w *blobWriter) finish() ([]byte, error) {
	if w.err != nil {
		return nil, w.err
	}
	return w.out, nil
}

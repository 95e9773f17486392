package batch

import (
	"encoding/binary"
	"math"
)

// wave describes a WAV file whose length is known before its first sample is
// written, so that its header never needs patching.
//
// Source: IBM and Microsoft, "Multimedia Programming Interface and Data
// Specifications 1.0", 1991; Microsoft, "Multiple channel audio data and WAVE
// files", 2001; EBU Tech 3306, "MBWF/RF64", 2009.
type wave struct {
	channels int
	rate     uint32
	encoding Encoding
	frames   int64
}

const (
	tagPCM        = 1
	tagFloat      = 3
	tagExtensible = 0xFFFE
	// sizeIsIn64 in a 32-bit size field sends the reader to the ds64 chunk.
	sizeIsIn64 = math.MaxUint32
)

// subFormatTail follows the tag in the GUID of an extensible format.
var subFormatTail = [14]byte{0x00, 0x00, 0x00, 0x00, 0x10, 0x00, 0x80, 0x00, 0x00, 0xAA, 0x00, 0x38, 0x9B, 0x71}

func (w wave) frameBytes() int  { return w.channels * w.encoding.Bytes() }
func (w wave) dataBytes() int64 { return w.frames * int64(w.frameBytes()) }

// padding is the byte that makes the data chunk's length even.
func (w wave) padding() int { return int(w.dataBytes() & 1) }

// fileBytes is the size of the whole file.
func (w wave) fileBytes() int64 {
	return int64(len(w.header())) + w.dataBytes() + int64(w.padding())
}

// header returns everything before the samples. A file that 32-bit sizes
// cannot describe becomes RF64.
func (w wave) header() []byte {
	b := w.chunks(nil, false)
	if int64(len(b))+w.dataBytes()+int64(w.padding())-8 >= sizeIsIn64 {
		b = w.chunks(nil, true)
	}
	return b
}

func (w wave) chunks(b []byte, rf64 bool) []byte {
	le := binary.LittleEndian
	if rf64 {
		b = append(b, "RF64"...)
	} else {
		b = append(b, "RIFF"...)
	}
	b = le.AppendUint32(b, sizeIsIn64)
	b = append(b, "WAVE"...)
	if rf64 {
		b = append(b, "ds64"...)
		b = le.AppendUint32(b, 28)
		b = le.AppendUint64(b, 0) // the RIFF chunk's size, below
		b = le.AppendUint64(b, uint64(w.dataBytes()))
		b = le.AppendUint64(b, uint64(w.frames))
		b = le.AppendUint32(b, 0) // no table
	}
	b = w.format(b)
	if w.encoding == Float32 {
		// The standard asks for it in every format but PCM.
		b = append(b, "fact"...)
		b = le.AppendUint32(b, 4)
		b = le.AppendUint32(b, uint32(min(w.frames, sizeIsIn64)))
	}
	b = append(b, "data"...)
	dataSize := uint32(sizeIsIn64)
	if !rf64 {
		dataSize = uint32(w.dataBytes())
	}
	b = le.AppendUint32(b, dataSize)
	riffSize := uint64(len(b)-8) + uint64(w.dataBytes()) + uint64(w.padding())
	if rf64 {
		le.PutUint64(b[20:], riffSize)
	} else {
		le.PutUint32(b[4:], uint32(riffSize))
	}
	return b
}

// format appends the fmt chunk: extensible from three channels on, where the
// standard wants the speakers named; ours have none.
func (w wave) format(b []byte) []byte {
	le := binary.LittleEndian
	tag, size := uint16(tagPCM), uint32(16)
	if w.encoding == Float32 {
		tag, size = tagFloat, 18
	}
	subFormat := tag
	if w.channels > 2 {
		tag, size = tagExtensible, 40
	}
	bits := uint16(8 * w.encoding.Bytes())
	b = append(b, "fmt "...)
	b = le.AppendUint32(b, size)
	b = le.AppendUint16(b, tag)
	b = le.AppendUint16(b, uint16(w.channels))
	b = le.AppendUint32(b, w.rate)
	b = le.AppendUint32(b, uint32(min(uint64(w.rate)*uint64(w.frameBytes()), math.MaxUint32)))
	b = le.AppendUint16(b, uint16(w.frameBytes()))
	b = le.AppendUint16(b, bits)
	if size > 16 {
		b = le.AppendUint16(b, uint16(size-18))
	}
	if tag == tagExtensible {
		b = le.AppendUint16(b, bits)
		b = le.AppendUint32(b, 0) // no speaker positions
		b = le.AppendUint16(b, subFormat)
		b = append(b, subFormatTail[:]...)
	}
	return b
}

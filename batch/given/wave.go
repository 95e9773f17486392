package given

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
)

// wave is a WAV file's samples.
//
// Source: as of the writer, see the batch package.
type wave struct {
	channels int
	rate     int
	frames   int
	// data is where the samples start.
	data int64
	// size is the bytes of a sample, and decode reads one.
	size   int
	decode func([]byte) float64
}

// Tags of a format chunk.
const (
	tagPCM        = 1
	tagFloat      = 3
	tagExtensible = 0xFFFE
	// sizeIsIn64 in a 32-bit size field sends the reader to the ds64 chunk.
	sizeIsIn64 = math.MaxUint32
	// maxChunks bounds the chunks before the samples.
	maxChunks = 1000
)

// readWave reads the head of a WAV or RF64 file.
func readWave(r io.ReaderAt, size int64) (*wave, error) {
	head := make([]byte, 12)
	if _, err := r.ReadAt(head, 0); err != nil {
		return nil, errors.New("it is no WAV file: it is too short")
	}
	form := string(head[:4])
	if form != "RIFF" && form != "RF64" || string(head[8:]) != "WAVE" {
		return nil, errors.New("it is no WAV file")
	}
	w := &wave{}
	dataBytes := int64(-1)
	at := int64(12)
	for range maxChunks {
		chunk := make([]byte, 8)
		if _, err := r.ReadAt(chunk, at); err != nil {
			return nil, errors.New("it ends before its samples")
		}
		name, length := string(chunk[:4]), int64(binary.LittleEndian.Uint32(chunk[4:]))
		at += 8
		if name == "data" {
			if form == "RF64" && length == sizeIsIn64 {
				length = dataBytes
			}
			return w.samples(at, length, size)
		}
		if length > size-at {
			return nil, fmt.Errorf("its chunk %q is longer than the file", name)
		}
		var err error
		switch name {
		case "fmt ":
			err = w.format(io.NewSectionReader(r, at, length))
		case "ds64":
			sizes := make([]byte, 16)
			if _, err = r.ReadAt(sizes, at); err == nil {
				dataBytes = int64(binary.LittleEndian.Uint64(sizes[8:]))
			}
		}
		if err != nil {
			return nil, err
		}
		at += length + length&1
	}
	return nil, fmt.Errorf("it has %d chunks and no samples", maxChunks)
}

// samples checks where the samples are.
func (w *wave) samples(at, length, size int64) (*wave, error) {
	switch {
	case w.decode == nil:
		return nil, errors.New("its samples come before its format")
	case length < 0 || length > size-at:
		return nil, fmt.Errorf("it is cut short: %d bytes of samples should follow, and %d do", length, size-at)
	}
	frame := int64(w.size * w.channels)
	if length%frame != 0 {
		return nil, fmt.Errorf("its %d bytes of samples are no whole frames of %d", length, frame)
	}
	w.data, w.frames = at, int(length/frame)
	return w, nil
}

// format reads the fmt chunk.
func (w *wave) format(chunk *io.SectionReader) error {
	b := make([]byte, 40)
	n, err := io.ReadFull(chunk, b)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) || n < 16 {
		return errors.New("its format is cut short")
	}
	le := binary.LittleEndian
	tag := le.Uint16(b)
	w.channels, w.rate = int(le.Uint16(b[2:])), int(le.Uint32(b[4:]))
	frame, bits := int(le.Uint16(b[12:])), int(le.Uint16(b[14:]))
	if tag == tagExtensible && n == len(b) {
		tag = le.Uint16(b[24:])
	}
	decode, ok := decoders[[2]int{int(tag), bits}]
	if !ok {
		return fmt.Errorf("its samples are of format %d with %d bits; want integers of 8, 16, 24 or 32 bits, or floats of 32 or 64", tag, bits)
	}
	w.size, w.decode = bits/8, decode
	if w.channels < 1 || frame != w.size*w.channels {
		return fmt.Errorf("its format is damaged: %d channels of %d bits, in frames of %d bytes", w.channels, bits, frame)
	}
	return nil
}

// decoders read a sample, by tag and bits. Full scale is 1.
var decoders = map[[2]int]func([]byte) float64{
	{tagPCM, 8}:  func(b []byte) float64 { return (float64(b[0]) - 0x80) / 0x80 },
	{tagPCM, 16}: func(b []byte) float64 { return float64(int16(binary.LittleEndian.Uint16(b))) / (1 << 15) },
	{tagPCM, 24}: func(b []byte) float64 {
		return float64(int32(uint32(b[0])<<8|uint32(b[1])<<16|uint32(b[2])<<24)) / (1 << 31)
	},
	{tagPCM, 32}:   func(b []byte) float64 { return float64(int32(binary.LittleEndian.Uint32(b))) / (1 << 31) },
	{tagFloat, 32}: func(b []byte) float64 { return float64(math.Float32frombits(binary.LittleEndian.Uint32(b))) },
	{tagFloat, 64}: func(b []byte) float64 { return math.Float64frombits(binary.LittleEndian.Uint64(b)) },
}

// read fills dst, [channels, frames], with all frames, or checks them where dst
// is nil.
func (w *wave) read(r io.ReaderAt, dst []float32) error {
	const run = 1 << 12
	frame := w.size * w.channels
	data := make([]byte, run*frame)
	for first := 0; first < w.frames; first += run {
		n := min(run, w.frames-first)
		if _, err := r.ReadAt(data[:n*frame], w.data+int64(first)*int64(frame)); err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		b := bytes.NewBuffer(data[:n*frame])
		for i := range n {
			for c := range w.channels {
				x := w.decode(b.Next(w.size))
				// Written so that NaN fails too.
				if !(math.Abs(x) <= math.MaxFloat32) {
					return fmt.Errorf("frame %d, channel %d: got %g, want a finite number of single precision", first+i, c, x)
				}
				if dst != nil {
					dst[c*w.frames+first+i] = float32(x)
				}
			}
		}
	}
	return nil
}

package kpn

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// The formats of a WAV file that tables are read from.
const (
	wavPCM        = 1
	wavFloat      = 3
	wavExtensible = 0xFFFE
)

// wavFormat is what the format chunk of a WAV file says.
type wavFormat struct {
	code, channels, bits int
	rate                 float64
}

// parseTableWAV reads a recording: PCM of 8, 16, 24 or 32 bits or floats, a row
// for each channel, full scale 1.
func parseTableWAV(data []byte) (*Table, error) {
	if len(data) < 12 || string(data[:4]) != "RIFF" || string(data[8:12]) != "WAVE" {
		return nil, errors.New("it is no WAV file")
	}
	var format *wavFormat
	for at := 12; at+8 <= len(data); {
		name, size := string(data[at:at+4]), int64(binary.LittleEndian.Uint32(data[at+4:]))
		body := data[at+8:]
		body = body[:min(size, int64(len(body)))]
		switch {
		case name == "fmt ":
			var err error
			if format, err = parseFormat(body); err != nil {
				return nil, err
			}
		case name == "data" && format == nil:
			return nil, errors.New("its samples come before their format")
		case name == "data":
			return format.table(body)
		}
		// Chunks are padded to whole words.
		at += 8 + len(body) + len(body)%2
	}
	return nil, errors.New("it has no samples")
}

func parseFormat(b []byte) (*wavFormat, error) {
	if len(b) < 16 {
		return nil, errors.New("its format is cut short")
	}
	f := &wavFormat{
		code:     int(binary.LittleEndian.Uint16(b)),
		channels: int(binary.LittleEndian.Uint16(b[2:])),
		rate:     float64(binary.LittleEndian.Uint32(b[4:])),
		bits:     int(binary.LittleEndian.Uint16(b[14:])),
	}
	if f.code == wavExtensible && len(b) >= 26 {
		f.code = int(binary.LittleEndian.Uint16(b[24:]))
	}
	pcm := f.code == wavPCM && (f.bits == 8 || f.bits == 16 || f.bits == 24 || f.bits == 32)
	float := f.code == wavFloat && (f.bits == 32 || f.bits == 64)
	if !pcm && !float {
		return nil, fmt.Errorf("its samples have format %d with %d bits; want PCM of 8, 16, 24 or 32 bits, or floats", f.code, f.bits)
	}
	if f.channels < 1 {
		return nil, errors.New("it has no channels")
	}
	return f, nil
}

// table takes the channels apart.
func (f *wavFormat) table(body []byte) (*Table, error) {
	size := f.bits / 8
	frames := len(body) / size / f.channels
	if frames*f.channels > MaxTableValues {
		return nil, fmt.Errorf("it has %d samples, allowed are %d", frames*f.channels, MaxTableValues)
	}
	t := &Table{Rows: f.channels, Columns: frames, Rate: f.rate, Data: make([]float64, frames*f.channels)}
	for i := range frames * f.channels {
		t.Data[i%f.channels*frames+i/f.channels] = f.sample(body[i*size : (i+1)*size])
	}
	return t, nil
}

// sample is one sample, full scale 1.
func (f *wavFormat) sample(b []byte) float64 {
	if f.code == wavFloat {
		return floats(b, len(b))[0]
	}
	if len(b) == 1 {
		// 8 bits alone have no sign.
		return float64(int(b[0])-128) / 128
	}
	var word uint32
	for i, x := range b {
		word |= uint32(x) << (8 * (4 - len(b) + i))
	}
	return float64(int32(word)) / (1 << 31)
}

package batch

import (
	"encoding/binary"
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// parsedWave is what a reader that knows nothing of the writer finds.
type parsedWave struct {
	rf64                  bool
	tag, subTag           uint16
	channels, align, bits int
	rate, byteRate        uint32
	riffSize, dataSize    uint64
	facts                 uint64 // 0 without a fact chunk
	data                  []byte
	remaining             int // bytes after the data
}

// parseWave walks the chunks of a WAV or RF64 file. The data may be missing
// from the end, for headers alone.
func parseWave(file []byte) (*parsedWave, error) {
	if len(file) < 12 || string(file[8:12]) != "WAVE" {
		return nil, fmt.Errorf("no WAVE")
	}
	w := &parsedWave{rf64: string(file[:4]) == "RF64", riffSize: uint64(binary.LittleEndian.Uint32(file[4:]))}
	if !w.rf64 && string(file[:4]) != "RIFF" {
		return nil, fmt.Errorf("no RIFF: %q", file[:4])
	}
	var ds64Data, ds64Frames uint64
	for at := 12; ; {
		if at+8 > len(file) {
			return nil, fmt.Errorf("no data chunk before byte %d", at)
		}
		id, size := string(file[at:at+4]), binary.LittleEndian.Uint32(file[at+4:])
		body := file[at+8:]
		switch id {
		case "ds64":
			w.riffSize = binary.LittleEndian.Uint64(body)
			ds64Data, ds64Frames = binary.LittleEndian.Uint64(body[8:]), binary.LittleEndian.Uint64(body[16:])
		case "fmt ":
			w.tag = binary.LittleEndian.Uint16(body)
			w.subTag = w.tag
			w.channels = int(binary.LittleEndian.Uint16(body[2:]))
			w.rate, w.byteRate = binary.LittleEndian.Uint32(body[4:]), binary.LittleEndian.Uint32(body[8:])
			w.align, w.bits = int(binary.LittleEndian.Uint16(body[12:])), int(binary.LittleEndian.Uint16(body[14:]))
			if size > 16 && int(binary.LittleEndian.Uint16(body[16:])) != int(size)-18 {
				return nil, fmt.Errorf("cbSize does not fit the chunk of %d", size)
			}
			if w.tag == 0xFFFE {
				w.subTag = binary.LittleEndian.Uint16(body[24:])
			}
		case "fact":
			w.facts = uint64(binary.LittleEndian.Uint32(body))
			if w.facts == math.MaxUint32 {
				w.facts = ds64Frames
			}
		case "data":
			w.dataSize = uint64(size)
			if size == math.MaxUint32 && w.rf64 {
				w.dataSize = ds64Data
			}
			w.data = body[:min(uint64(len(body)), w.dataSize)]
			w.remaining = len(body) - len(w.data)
			return w, nil
		default:
			return nil, fmt.Errorf("unknown chunk %q at %d", id, at)
		}
		at += 8 + int(size) + int(size&1)
	}
}

func TestWaveHeaderReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := wave{
			channels: rapid.IntRange(1, 8192).Draw(t, "channels"),
			rate:     rapid.Uint32Range(1, 1<<20).Draw(t, "rate"),
			encoding: rapid.SampledFrom([]Encoding{PCM16, PCM24, Float32}).Draw(t, "encoding"),
			frames:   rapid.Int64Range(1, math.MaxInt32).Draw(t, "frames"),
		}
		p, err := parseWave(w.header())
		require.NoError(t, err)
		require.Equal(t, uint64(w.frames)*uint64(w.channels*w.encoding.Bytes()), p.dataSize)
		require.Equal(t, w.channels, p.channels)
		require.Equal(t, w.rate, p.rate)
		require.Equal(t, w.channels*w.encoding.Bytes(), p.align)
		require.Equal(t, uint32(min(uint64(w.rate)*uint64(p.align), math.MaxUint32)), p.byteRate)
		require.Equal(t, 8*w.encoding.Bytes(), p.bits)
		wantTag := uint16(1)
		if w.encoding == Float32 {
			wantTag = 3
			require.Equal(t, uint64(w.frames), p.facts)
		}
		require.Equal(t, wantTag, p.subTag)
		require.Equal(t, w.channels > 2, p.tag == 0xFFFE)
		require.Equal(t, uint64(w.fileBytes()-8), p.riffSize, "RIFF size covers the file but for its own header")
		require.Equal(t, p.riffSize >= math.MaxUint32, p.rf64, "RF64 exactly where 32 bits do not do")
		require.Zero(t, w.fileBytes()%2)
	})
}

// The largest plain WAV and the smallest RF64 are one frame apart: with mono
// PCM16 the file is 44 + 2·frames bytes, of which the RIFF size leaves out 8.
func TestWaveBecomesRF64(t *testing.T) {
	const frames = (math.MaxUint32 - 1 - 36) / 2
	w := wave{channels: 1, rate: 48000, encoding: PCM16, frames: frames}
	require.Equal(t, "RIFF", string(w.header()[:4]))
	w.frames++
	require.Equal(t, "RF64", string(w.header()[:4]))
}

package batch

// Encoding is how samples are written.
type Encoding int

// The encodings.
const (
	// PCM16 is 16-bit integers.
	PCM16 Encoding = iota
	// PCM24 is 24-bit integers.
	PCM24
	// Float32 is 32-bit IEEE floats.
	Float32
)

// encodings is in the order of the constants.
var encodings = []struct {
	name  string
	bytes int
	// scale is the integer value of full scale, 1.0. It is a power of two, so
	// that scaling is exact and a reader that divides by it, as they do, gets
	// the sample back but for its rounding. 1.0 itself saturates one step
	// below and is not counted as clipped.
	scale float64
}{
	PCM16:   {"16", 2, 1 << 15},
	PCM24:   {"24", 3, 1 << 23},
	Float32: {"32f", 4, 1},
}

// String names the encoding as the command spells it: 16, 24 or 32f.
func (e Encoding) String() string {
	if !e.valid() {
		return "unknown"
	}
	return encodings[e].name
}

// Bytes is the size of a sample.
func (e Encoding) Bytes() int { return encodings[e].bytes }

func (e Encoding) valid() bool { return e >= 0 && int(e) < len(encodings) }

// EncodingNames lists the encodings.
func EncodingNames() []string {
	names := make([]string, len(encodings))
	for i := range encodings {
		names[i] = encodings[i].name
	}
	return names
}

// ParseEncoding finds an encoding by name.
func ParseEncoding(name string) (Encoding, bool) {
	for i := range encodings {
		if encodings[i].name == name {
			return Encoding(i), true
		}
	}
	return 0, false
}

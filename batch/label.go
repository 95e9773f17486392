package batch

import (
	"encoding/json"
	"math"
	"strconv"

	"sawmill/kpn"
)

// appendLabel appends an item's line for labels.jsonl, without its newline.
// Peak and RMS are linear, of the samples as written; they are rounded to
// float32, which every encoding's peak fits exactly.
func (o *Options) appendLabel(b []byte, it *item) ([]byte, error) {
	name, err := json.Marshal(it.name)
	if err != nil {
		return nil, err
	}
	b = append(b, `{"index":`...)
	b = strconv.AppendInt(b, int64(it.index), 10)
	b = append(b, `,"file":`...)
	b = append(b, name...)
	b = append(b, `,"params":{`...)
	for i, d := range it.draws {
		if b, err = o.appendParam(b, i, d); err != nil {
			return nil, err
		}
	}
	b = append(b, `},"peak":`...)
	b = appendFloat(b, it.peak(), 32)
	b = append(b, `,"rms":`...)
	b = appendFloat(b, it.rms(), 32)
	if n := it.clipped(); n > 0 {
		b = append(b, `,"clipped":`...)
		b = strconv.AppendInt(b, n, 10)
	}
	return append(b, '}'), nil
}

func (o *Options) appendParam(b []byte, i int, d kpn.Draw) ([]byte, error) {
	name, err := json.Marshal(o.Preset.Sampled[i].Name)
	if err != nil {
		return nil, err
	}
	if i > 0 {
		b = append(b, ',')
	}
	b = append(b, name...)
	b = append(b, `:{"value":`...)
	b = appendFloat(b, d.Value, 64)
	b = append(b, `,"unit":`...)
	b = appendFloat(b, d.Unit, 64)
	if d.Note != nil {
		b = append(b, `,"note":`...)
		b = appendFloat(b, *d.Note, 64)
	}
	if d.Name != "" {
		name, err := json.Marshal(d.Name)
		if err != nil {
			return nil, err
		}
		b = append(append(b, `,"name":`...), name...)
	}
	return append(b, '}'), nil
}

// appendFloat writes the shortest decimal that reads back as x, with so many
// bits. No engine gives a value that is not finite, and presets bound theirs.
func appendFloat(b []byte, x float64, bits int) []byte {
	format := byte('f')
	if a := math.Abs(x); a != 0 && (a < 1e-6 || a >= 1e15) {
		format = 'e'
	}
	return strconv.AppendFloat(b, x, format, -1, bits)
}

package given

import (
	"sawmill/batch/npy"
	"sawmill/kpn"
)

// arrayRows are rows of a NumPy array, read as they are needed.
type arrayRows struct {
	array  *npy.Array
	preset *kpn.Preset
	// single says that values are physical and of single precision.
	single bool
}

func (t *Table) openArray() error {
	a, err := npy.Read(t.file.path, t.file.handle, t.file.size)
	if err != nil {
		return err
	}
	width := len(t.preset.Sampled)
	if len(a.Shape) != 2 || a.Shape[1] != width {
		return faultf(t.file.path, "it has the shape %v; want [sounds, %d], a column for each random parameter of the preset, from %s to %s", a.Shape, width, t.preset.Sampled[0].Name, t.preset.Sampled[width-1].Name)
	}
	if a.Shape[0] > MaxRows {
		return faultf(t.file.path, "it has %d rows; allowed is at most %d", a.Shape[0], MaxRows)
	}
	t.rows = a.Shape[0]
	t.source = &arrayRows{a, t.preset, t.Physical && a.Type == npy.Float32}
	return nil
}

func (r *arrayRows) read(first int, dst []float64) error {
	width := len(r.preset.Sampled)
	if err := r.array.Doubles(first*width, dst); err != nil {
		return err
	}
	if r.single {
		for i := range dst {
			dst[i] = r.exact(i%width, dst[i])
		}
	}
	return nil
}

// exact takes a value that is an end of its range, rounded to single
// precision, for that end.
func (r *arrayRows) exact(param int, v float64) float64 {
	lo, hi := r.preset.Sampled[param].Distribution.Support()
	switch v {
	case float64(float32(lo)):
		return lo
	case float64(float32(hi)):
		return hi
	}
	return v
}

func (r *arrayRows) cell(_, param int) (line, column int) { return 0, param }

package fuzz

import "sawmill/kpn"

// table draws a small table for a kind that needs one: numbers that float32
// holds, and times that rise.
func (g *generator) table(spec *kpn.TableSpec) *kpn.Table {
	t := g.tape
	table := &kpn.Table{
		Rows:    min(spec.MaxRows, spec.MinRows+t.pick(4)),
		Columns: min(spec.MaxColumns, spec.MinColumns+t.pick(24)),
	}
	if t.chance(4) {
		table.Rate = from(t, []float64{1, 8000, 44100, kpn.MaxSampleRate})
	}
	// A curve is known by its columns: a time and a value.
	curve := spec.MinColumns == 2 && spec.MaxColumns == 2
	time := -0.5 / 256
	for i := range table.Rows * table.Columns {
		x := float64(t.byte()-128) / 64
		if curve && i%2 == 0 {
			time += float64(1+t.byte()) / (1 << 16)
			x = time
		}
		table.Data = append(table.Data, x)
	}
	return table
}

package main

import (
	"sawmill/batch/npy"
	"sawmill/kpn"
)

// fileCotangents are cotangents in a NumPy file, read run by run.
type fileCotangents struct {
	array *npy.Array
	// outputs, items, channels and frames are the file's extents.
	outputs, items, channels, frames int
}

// newFileCotangents looks at a file's axes.
func newFileCotangents(a *npy.Array) (*fileCotangents, error) {
	f := &fileCotangents{array: a, outputs: 1, channels: 1}
	s := a.Shape
	switch len(s) {
	case 2:
		f.items, f.frames = s[0], s[1]
	case 3:
		f.items, f.channels, f.frames = s[0], s[1], s[2]
	case 4:
		f.outputs, f.items, f.channels, f.frames = s[0], s[1], s[2], s[3]
	default:
		return nil, usagef("--cotangent: %s has the shape %v; want [items, frames], [items, channels, frames] or [outputs, items, channels, frames]", a.Path, s)
	}
	if a.Len() == 0 {
		return nil, usagef("--cotangent: %s has the shape %v, and so no values", a.Path, s)
	}
	return f, nil
}

// Validate implements [kpn.Cotangents]. What float32 cannot hold is found as
// it is read.
func (f *fileCotangents) Validate(outputs int, shape kpn.Shape) error {
	fault := func(got int, axis string, want int, hint string) error {
		return usagef("--cotangent: %s has the shape %v: %d %s, want %d%s", f.array.Path, f.array.Shape, got, axis, want, hint)
	}
	switch {
	case f.outputs != outputs:
		return fault(f.outputs, "outputs", outputs, ", as many as the preset has")
	case f.items != shape.B && f.items != 1:
		return fault(f.items, "items", shape.B, " or 1; --items says how many")
	case f.channels != shape.C && f.channels != 1:
		return fault(f.channels, "channels", shape.C, " or 1; --channels says how many")
	case f.frames != shape.F:
		return fault(f.frames, "frames", shape.F, ", which --seconds times --rate makes")
	}
	return nil
}

// Read implements [kpn.Cotangents].
func (f *fileCotangents) Read(output int, w kpn.Window, dst []float32) error {
	channels := len(dst) / (w.Items * w.Frames)
	for row := range w.Items * channels {
		item, channel := w.Item+row/channels, row%channels
		if f.items == 1 {
			item = 0
		}
		if f.channels == 1 {
			channel = 0
		}
		first := ((output*f.items+item)*f.channels+channel)*f.frames + w.First
		if err := f.array.Floats(first, dst[row*w.Frames:(row+1)*w.Frames]); err != nil {
			return err
		}
	}
	return nil
}

package kpn

import (
	"errors"
	"fmt"
)

// AdjointJob asks an executable for gradients: the derivatives of the scalar
//
//	L = Σ cotangent[o, b, c, f] · output[o, b, c, f]
//
// with respect to everything that the job binds. A loss of the outputs has
// as cotangents its own derivatives with respect to them.
type AdjointJob struct {
	*Job
	// Cotangents are those of the graph's outputs.
	Cotangents Cotangents
	// PeakFrames names, for whole-row nodes, the frame of each row (B·C,
	// channel fastest) that counts as its largest magnitude; nodes that are
	// not named find their own. Two engines that round differently may find
	// different frames where two magnitudes are equal but for rounding, and
	// the gradients then differ: to compare them, hand one engine's
	// [Gradients.PeakFrames] to the other.
	PeakFrames map[string][]int
}

// Cotangents gives the cotangents of a job's outputs, part by part, so that
// they need not be in memory at once.
type Cotangents interface {
	// Validate says whether there are cotangents for so many outputs of a
	// shape.
	Validate(outputs int, shape Shape) error
	// Read fills dst, a dense [w.Items, C, w.Frames] tensor, with the
	// cotangents of an output. Engines go from the last frames to the first,
	// and may ask for frames more than once; calls do not overlap in time.
	Read(output int, w Window, dst []float32) error
}

// Window is a part of a job's tensors: some items, all channels, some frames.
type Window struct {
	// Item is the first of Items, counted from the job's first.
	Item, Items int
	// First is the first of Frames.
	First, Frames int
}

// TensorCotangents are cotangents in memory: one [B,C,F] tensor for each
// output, where B or C of 1 repeats.
type TensorCotangents []*Tensor

// Validate implements [Cotangents].
func (t TensorCotangents) Validate(outputs int, shape Shape) error {
	if len(t) != outputs {
		return &JobError{"cotangents", fmt.Sprintf("got %d tensors, want one for each of %d outputs", len(t), outputs)}
	}
	for o, tensor := range t {
		name := fmt.Sprintf("cotangent of output %d", o)
		if tensor == nil {
			return &JobError{"cotangents", fmt.Sprintf("output %d has no tensor; bind one of %v", o, shape)}
		}
		if !tensor.fits(shape) {
			return &ShapeError{Node: name, Port: "out", Got: tensor.Shape, Want: shape, Hint: onesServe}
		}
		if err := checkFinite(name, tensor); err != nil {
			return err
		}
	}
	return nil
}

// Read implements [Cotangents].
func (t TensorCotangents) Read(output int, w Window, dst []float32) error {
	channels := len(dst) / (w.Items * w.Frames)
	for row := range w.Items * channels {
		from := t[output].Row(w.Item+row/channels, row%channels)[w.First:]
		copy(dst[row*w.Frames:(row+1)*w.Frames], from)
	}
	return nil
}

// Validate checks the job against the graph: see [Job.Validate]; besides, the
// cotangents and the peak frames.
func (j *AdjointJob) Validate(g *Graph) error {
	if j.Job == nil || j.Cotangents == nil {
		return &JobError{"cotangents", "an adjoint needs a job and the cotangents of its outputs"}
	}
	if err := j.Job.Validate(g); err != nil {
		return err
	}
	if err := j.Cotangents.Validate(len(g.Outputs), j.Shape); err != nil {
		return err
	}
	var errs []error
	for id, frames := range j.PeakFrames {
		errs = append(errs, j.validatePeaks(g, id, frames))
	}
	return errors.Join(errs...)
}

func (j *AdjointJob) validatePeaks(g *Graph, id string, frames []int) error {
	n, ok := g.Node(id)
	if !ok {
		return &JobError{"peak frames", fmt.Sprintf("the graph has no node %q", id)}
	}
	if spec, _ := g.Spec(n.Kind); spec == nil || !spec.WholeRow {
		return &JobError{"peak frames", fmt.Sprintf("node %q is a %s, which has no peak", id, n.Kind)}
	}
	if len(frames) != j.Shape.Rows() {
		return &JobError{"peak frames", fmt.Sprintf("node %q: got %d frames, want one for each of %d rows", id, len(frames), j.Shape.Rows())}
	}
	for row, f := range frames {
		if f < 0 || f >= j.Shape.F {
			return &JobError{"peak frames", fmt.Sprintf("node %q, row %d: got frame %d, allowed is 0 to %d", id, row, f, j.Shape.F-1)}
		}
	}
	return nil
}

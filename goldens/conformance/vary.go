package conformance

import (
	"context"
	"fmt"

	"sawmill/goldens/compare"
	"sawmill/kpn"
)

// wholeJob is the shape that jobs are cut up from.
var wholeJob = kpn.Shape{B: 7, C: 2, F: 113}

// blockSizes are those compared with the engine's own choice.
var blockSizes = []int{1, 7, 64}

// granularity is how much longer than asked for a block may be: engines store
// several frames at a time.
const granularity = 8

// splits are batches of the items of wholeJob.
var splits = [][]int{{1, 1, 1, 1, 1, 1, 1}, {3, 4}}

// vary renders one job in different ways: the same bits.
func vary(ctx context.Context, sub *subject, x kpn.Executable, r *CaseReport) {
	outputs := sub.graph.Outputs
	whole := newSignals(len(outputs), wholeJob)
	if err := x.Forward(ctx, sub.bind(wholeJob, 0), whole.sink(whole.structure(outputs))); err != nil {
		r.fail(Forward, "rendering "+wholeJob.String(), err)
		return
	}
	for _, size := range blockSizes {
		check := fmt.Sprintf("%v in blocks of %d frames", wholeJob, size)
		job := sub.bind(wholeJob, 0)
		job.BlockFrames = size
		err := sameBits(whole, outputs, check, func(feed kpn.Sink) error {
			return x.Forward(ctx, job, func(b *kpn.Block) error {
				if b.Shape.F > size+granularity && b.Output < len(outputs) {
					return &compare.ExtentError{Output: outputs[max(0, b.Output)], Side: compare.Candidate, Got: b.Shape, Want: kpn.Shape{B: b.Shape.B, C: b.Shape.C, F: size}, Reason: "gave a longer block than was asked for"}
				}
				return feed(b)
			})
		})
		if err != nil {
			r.fail(Forward, check, err)
		}
	}
	for _, split := range splits {
		check := fmt.Sprintf("%v in batches of %v items", wholeJob, split)
		err := sameBits(whole, outputs, check, func(feed kpn.Sink) error {
			joined, err := batches(ctx, sub, x, split)
			if err != nil {
				return err
			}
			for o, samples := range joined {
				if err := feed(&kpn.Block{Output: o, Shape: wholeJob, F64: samples}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			r.fail(Forward, check, err)
		}
	}
}

// batches renders the items of wholeJob in several jobs and joins them.
func batches(ctx context.Context, sub *subject, x kpn.Executable, split []int) ([][]float64, error) {
	outputs := sub.graph.Outputs
	joined := make([][]float64, len(outputs))
	first := 0
	for _, items := range split {
		shape := wholeJob
		shape.B = items
		part := newSignals(len(outputs), shape)
		if err := x.Forward(ctx, sub.bind(shape, uint64(first)), part.sink(part.structure(outputs))); err != nil {
			return nil, err
		}
		for o := range joined {
			joined[o] = append(joined[o], part.outputs[o]...)
		}
		first += items
	}
	return joined, nil
}

// sameBits compares what render feeds with what the whole job gave.
func sameBits(whole *signals, outputs []string, check string, render func(kpn.Sink) error) error {
	c, err := compare.New(compare.Config{
		Outputs: outputs, Shape: whole.shape, SelfTest: true,
		Tolerances: []compare.Tolerance{compare.BitEqual(check + " must change no bit")},
	})
	if err != nil {
		return err
	}
	if err = feedWhole(c, compare.Reference, whole.shape, whole.outputs); err != nil {
		return err
	}
	failed := render(func(b *kpn.Block) error { return c.Feed(compare.Candidate, b) })
	_, err = c.Finish()
	return worse(failed, err)
}

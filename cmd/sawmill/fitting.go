package main

import (
	"errors"
	"fmt"

	"sawmill/batch"
	"sawmill/gpu"
)

// fitting runs and halves the batch as long as the device refuses it, unless
// the user chose it. What was rendered before stays.
func fitting(c *console, o *batch.Options, run func() (batch.Result, error)) (batch.Result, error) {
	chosen := o.Batch > 0
	for {
		result, err := run()
		var limit *gpu.LimitError
		if !errors.As(err, &limit) {
			return result, err
		}
		smaller := o.BatchSize() / 2
		switch {
		case smaller < 1:
			return result, err
		case chosen:
			return result, fmt.Errorf("%w; try --batch %d", err, smaller)
		}
		c.log.Warn("the device has no room for the batch; trying a smaller one", "limit", limit.Limit, "sounds", o.BatchSize(), "next", fmt.Sprintf("--batch %d", smaller))
		o.Batch = smaller
	}
}

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/batch"
	"sawmill/goldens/compare"
	"sawmill/gpu"
	"sawmill/kpn"
)

func TestExitCodes(t *testing.T) {
	for _, c := range []struct {
		err  error
		want int
	}{
		{nil, 0},
		{errors.New("anything"), 1},
		{&batch.FileError{Op: "write", Path: "a", Cause: syscall.ENOSPC}, 1},
		{&batch.LockedError{Dir: "a"}, 1},
		{&batch.SampleError{}, 1},
		{&batch.EngineError{}, 1},
		{usagef("wrong"), 2},
		{batch.OptionErrors{{Option: "count"}}, 2},
		{&batch.ArgumentError{}, 2},
		{&batch.ForeignError{}, 2},
		{kpn.PresetErrors{{}}, 2},
		{&kpn.GraphError{Cause: kpn.ErrCycle}, 2},
		{&kpn.JobError{}, 2},
		{&compare.SameDeviceError{}, 2},
		{&gpu.NoDeviceError{}, 3},
		{&noDeviceError{errors.New("none")}, 3},
		{&compare.MismatchError{}, 4},
		{&compare.ExtentError{}, 4},
		{&batch.DamagedError{}, 5},
		{&batch.InterruptedError{Cause: context.Canceled}, 130},
		{context.Canceled, 130},
	} {
		require.Equal(t, c.want, exitCode(c.err), "%T", c.err)
		if c.err != nil {
			wrapped := fmt.Errorf("items 0 to 7: %w", errors.Join(c.err, nil))
			require.Equal(t, c.want, exitCode(wrapped), "wrapped %T", c.err)
		}
	}
}

func TestReportPrintsOnce(t *testing.T) {
	var b bytes.Buffer
	report(&b, nil)
	require.Empty(t, b.String())
	report(&b, errors.New("no"))
	require.Equal(t, "sawmill: no\n", b.String())
}

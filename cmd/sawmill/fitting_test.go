package main

import (
	"errors"
	"io"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/batch"
	"sawmill/gpu"
	"sawmill/presets"
)

func TestBatchThatDoesNotFitIsHalved(t *testing.T) {
	c := &console{log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	demo, err := presets.Read("demo.json")
	require.NoError(t, err)
	broken := errors.New("broken")
	for _, tt := range []struct {
		name         string
		batch, room  int
		fault        error
		want         []int
		wantErr      string
		wantRendered int
	}{
		{"automatic", 0, 20, nil, []int{100, 50, 25, 12}, "", 12},
		{"fits", 0, 100, nil, []int{100}, "", 100},
		{"not even one", 0, 0, nil, []int{100, 50, 25, 12, 6, 3, 1}, "storage", 0},
		{"chosen", 64, 20, nil, []int{64}, "; try --batch 32", 0},
		{"another fault", 0, 100, broken, []int{100}, "broken", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o := batch.Options{
				Sound: batch.Sound{Preset: demo, Seconds: 1, Rate: 1000, Channels: 1},
				Count: 100, Batch: tt.batch,
			}
			var got []int
			result, err := fitting(c, &o, func() (batch.Result, error) {
				size := o.BatchSize()
				got = append(got, size)
				switch {
				case tt.fault != nil:
					return batch.Result{}, tt.fault
				case size > tt.room:
					return batch.Result{}, &gpu.LimitError{Limit: "storage", Got: int64(size), Max: int64(tt.room)}
				}
				return batch.Result{Rendered: size}, nil
			})
			require.Equal(t, tt.want, got)
			require.Equal(t, tt.wantRendered, result.Rendered)
			if tt.wantErr == "" {
				require.NoError(t, err)
			} else {
				require.ErrorContains(t, err, tt.wantErr)
			}
		})
	}
}

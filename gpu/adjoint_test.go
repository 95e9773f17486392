package gpu_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/goldens/cases"
	"sawmill/gpu"
	"sawmill/kpn"
)

// cotangents are dense and arbitrary, the same for an item whatever its batch.
func cotangents(job *kpn.Job, outputs int) kpn.TensorCotangents {
	var list kpn.TensorCotangents
	for o := range outputs {
		t := kpn.NewTensor(job.Shape)
		for i := range t.Data {
			b, c, f := job.Shape.Coordinates(i)
			t.Data[i] = float32(2*kpn.UnitDraw(uint64(o), job.FirstItem+uint64(b), fmt.Sprint(c, " ", f)) - 1)
		}
		list = append(list, t)
	}
	return list
}

// bits are the gradients of a job's rows as text, item by item.
func bits(t *testing.T, x kpn.Executable, g *kpn.Graph, job *kpn.Job) *kpn.Gradients {
	t.Helper()
	all, err := x.Adjoint(context.Background(), &kpn.AdjointJob{Job: job, Cotangents: cotangents(job, len(g.Outputs))})
	require.NoError(t, err)
	return all
}

func TestAdjointsDoNotDependOnCuts(t *testing.T) {
	all, err := cases.All()
	require.NoError(t, err)
	engine := testedEngine(t)
	whole := kpn.Shape{B: 5, C: 2, F: 333}
	for _, c := range all {
		t.Run(c.Name, func(t *testing.T) {
			x, err := engine.Compile(c.Graph)
			require.NoError(t, err)
			defer func() { require.NoError(t, x.Close()) }()
			job := c.Job(whole, c.Seed, 0)
			want := bits(t, x, c.Graph, job)
			require.Equal(t, want, bits(t, x, c.Graph, job), "a second run")
			for _, block := range []int{1, 65, 128} {
				job.BlockFrames = block
				require.Equal(t, want, bits(t, x, c.Graph, job), "blocks of %d frames", block)
			}
			job.BlockFrames = 0
			requireSameItems(t, want, []*kpn.Gradients{
				bits(t, x, c.Graph, slice(c, 0, 2)), bits(t, x, c.Graph, slice(c, 2, 3)),
			})
		})
	}
}

// slice is a part of the case's job, drawn anew.
func slice(c *cases.Case, first, items int) *kpn.Job {
	return c.Job(kpn.Shape{B: items, C: 2, F: 333}, c.Seed, uint64(first))
}

// requireSameItems compares what has a value for each item.
func requireSameItems(t *testing.T, want *kpn.Gradients, parts []*kpn.Gradients) {
	t.Helper()
	for i, v := range want.List {
		if v.Shape.B == 1 {
			continue
		}
		var got []float64
		for _, p := range parts {
			for k := range p.List[i].Shape.Len() {
				got = append(got, p.List[i].At(k))
			}
		}
		for k := range got {
			require.Equal(t, v.At(k), got[k], "%v, value %d", v.Ref, k)
		}
	}
}

// TestCotangentsOnTheDevice takes the outputs themselves as cotangents, as a
// loss of half their energy does: on the device and by way of the host.
func TestCotangentsOnTheDevice(t *testing.T) {
	all, err := cases.All()
	require.NoError(t, err)
	engine := testedEngine(t)
	for _, c := range all {
		if c.Name != "patches/voice" && c.Name != "osc/saw_polyblep4" && c.Name != "patches/comb" && c.Name != "patches/outputs_at_different_latencies" {
			continue
		}
		t.Run(c.Name, func(t *testing.T) {
			x, err := engine.Compile(c.Graph)
			require.NoError(t, err)
			defer func() { require.NoError(t, x.Close()) }()
			job := c.Job(kpn.Shape{B: 3, C: 2, F: 333}, c.Seed, 0)
			job.BlockFrames = 128
			device, ok := x.(*gpu.Executable)
			require.True(t, ok)
			outputs, err := device.ForwardOnDevice(context.Background(), job)
			require.NoError(t, err)
			resident := gpu.Cotangents(outputs)
			onHost := kpn.TensorCotangents{}
			for i, o := range outputs {
				tensor := onHostOf(t, o)
				if len(outputs) == 1 {
					require.Equal(t, rendered(t, x, job), tensor.Data, "output %d", i)
				}
				onHost = append(onHost, tensor)
			}
			got, err := x.Adjoint(context.Background(), &kpn.AdjointJob{Job: job, Cotangents: resident})
			require.NoError(t, err)
			want, err := x.Adjoint(context.Background(), &kpn.AdjointJob{Job: job, Cotangents: onHost})
			require.NoError(t, err)
			require.Equal(t, want, got)
			for _, o := range outputs {
				require.NoError(t, o.Close())
			}
		})
	}
}

func onHostOf(t *testing.T, o *gpu.Tensor) *kpn.Tensor {
	t.Helper()
	tensor, err := o.Read()
	require.NoError(t, err)
	return tensor
}

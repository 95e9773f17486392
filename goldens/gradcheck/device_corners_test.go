package gradcheck_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/cpuref"
	"sawmill/goldens/compare"
	"sawmill/kpn"
)

// TestDeviceOnCorners takes three frames of fast triangles whose frames have
// two steps, each of them near a corner: what the increment does there adds up
// over the steps.
func TestDeviceOnCorners(t *testing.T) {
	device := software(t)
	t.Run("osc/triangle_oversampled", func(t *testing.T) {
		g := &kpn.Graph{
			Nodes: []kpn.Node{{ID: "osc", Kind: kpn.KindOsc, Oversample: 2, Quality: kpn.Draft, Params: map[string]kpn.Param{
				"shape": kpn.Const(kpn.OscTriangle), "band_limit": kpn.Const(kpn.BandLimitPolyBLEP4), "freq": {Rate: kpn.PerFrame},
			}}},
			Outputs: []string{"osc"},
		}
		freq := kpn.NewTensor(kpn.Shape{B: 12, C: 1, F: 3})
		for i := range freq.Data {
			freq.Data[i] = float32(5000 + 12000*kpn.UnitDraw(8, uint64(i), "freq"))
		}
		job := &kpn.Job{Shape: freq.Shape, Rate: 48000, Frames: map[kpn.ParamRef]*kpn.Tensor{{Node: "osc", Param: "freq"}: freq}}
		asked := &kpn.AdjointJob{Job: job, Cotangents: compare.RandomCotangents(8, 1, job.Shape)}
		_, err := compare.Run{Case: t.Name(), Reference: cpuref.New(), Candidate: device}.Adjoints(context.Background(), g, asked)
		require.NoError(t, err)
	})
}

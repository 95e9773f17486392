package gpu_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/kpn"
)

// TestControlGradientsDoNotDependOnBlocks: backwards, a phase meets the very
// increments that it met forward, also where the walk starts from a segment's
// end.
func TestControlGradientsDoNotDependOnBlocks(t *testing.T) {
	e := testedEngine(t)
	by := &kpn.Modulation{Scale: 100, Channel: kpn.AllChannels}
	item := kpn.Param{Rate: kpn.PerItem}
	for name, g := range map[string]*kpn.Graph{
		"lfo": {
			Nodes: []kpn.Node{{ID: "m", Kind: kpn.KindLfo, Control: true, Params: map[string]kpn.Param{"freq": kpn.Const(700)}}, {ID: "s", Kind: kpn.KindOsc, Params: map[string]kpn.Param{"phase": item}}},
			Edges: []kpn.Edge{{From: "m", To: "s", Port: "freq", Modulation: by}}, Outputs: []string{"s"}, Control: kpn.Control{Rate: 12000},
		},
		"slow": {
			Nodes: []kpn.Node{{ID: "m", Kind: kpn.KindLfo, Control: true, Params: map[string]kpn.Param{"freq": kpn.Const(70)}}, {ID: "s", Kind: kpn.KindOsc, Params: map[string]kpn.Param{"phase": item}}},
			Edges: []kpn.Edge{{From: "m", To: "s", Port: "freq", Modulation: by}}, Outputs: []string{"s"}, Control: kpn.Control{Rate: 1000},
		},
		"envelope": {
			Nodes: []kpn.Node{{ID: "m", Kind: kpn.KindEnvelope, Control: true}, {ID: "s", Kind: kpn.KindOsc, Params: map[string]kpn.Param{"phase": item}}},
			Edges: []kpn.Edge{{From: "m", To: "s", Port: "freq", Modulation: by}}, Outputs: []string{"s"}, Control: kpn.Control{Rate: 1000},
		},
	} {
		t.Run(name, func(t *testing.T) {
			x, err := e.Compile(g)
			require.NoError(t, err)
			defer func() { require.NoError(t, x.Close()) }()
			job := &kpn.Job{Shape: kpn.Shape{B: 3, C: 1, F: 113}, Rate: 48000, Items: map[kpn.ParamRef][]float64{{Node: "s", Param: "phase"}: {0.1, 0.22, 0.7}}}
			w := kpn.NewTensor(job.Shape)
			for i := range w.Data {
				w.Data[i] = float32(i%17)/13 - 0.5
			}
			whole, err := x.Adjoint(t.Context(), &kpn.AdjointJob{Job: job, Cotangents: kpn.TensorCotangents{w}})
			require.NoError(t, err)
			job.BlockFrames = 1
			cut, err := x.Adjoint(t.Context(), &kpn.AdjointJob{Job: job, Cotangents: kpn.TensorCotangents{w}})
			require.NoError(t, err)
			require.Equal(t, whole, cut)
		})
	}
}

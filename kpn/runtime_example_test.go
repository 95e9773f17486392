package kpn_test

import (
	"context"
	"fmt"
	"log"

	"sawmill/cpuref"
	"sawmill/kpn"
)

// A descriptor's network runs in blocks; a parameter changes between them, and
// its frames are a ring.
func ExampleRuntime() {
	descriptor := &kpn.Descriptor{Nodes: []kpn.DescriptorNode{
		{Name: "one", Type: "ConstantNode", JSON: []byte(`{"value":1}`)},
		{
			Name: "out", Type: "GainNode", Inputs: []string{"one"}, JSON: []byte(`{"declared_delay":2}`),
			Params: []kpn.BlobParam{{Name: "gain", Shape: kpn.Shape{B: 1, C: 2, F: 1}, Data: []float64{0.5, 0.25}}},
		},
	}}
	network, err := descriptor.Network(kpn.NetworkOptions{})
	if err != nil {
		log.Fatal(err)
	}
	runtime, err := kpn.NewRuntime(cpuref.New(), network, kpn.RuntimeOptions{})
	if err != nil {
		log.Fatal(err)
	}
	if err = runtime.Configure(1, 2, 4, 48000); err != nil {
		log.Fatal(err)
	}
	run := func(frames int) {
		got, failed := runtime.Execute(context.Background(), frames, nil)
		if failed != nil {
			log.Fatal(failed)
		}
		fmt.Println(got.Code, got.Outputs[0].Data)
	}
	run(2)
	run(2)
	ring := &kpn.Values{Shape: kpn.Shape{B: 1, C: 2, F: 2}, Data: []float64{1, 2, 3, 4}}
	if err = runtime.SetParam("out", "gain", ring); err != nil {
		log.Fatal(err)
	}
	run(5)
	err = runtime.SetParam("out", "gain", kpn.Number(1))
	fmt.Println(err)
	if err := runtime.Close(); err != nil {
		log.Fatal(err)
	}
	// Output:
	// pending [0 0 0 0]
	// done [0.5 0.25 0.5 0.25]
	// done [0.5 0.25 0.5 0.25 1 3 2 4 1 3]
	// set out.gain: shape mismatch (code -2): got a tensor of 1×1×1, want 1×2×1 or a whole multiple of its frames
}

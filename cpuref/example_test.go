package cpuref_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"sawmill/cpuref"
	"sawmill/kpn"
)

// Two items of a gain on a saw, each with its own frequency. With
// gpu.NewEngine(gpu.Selector{}) in place of cpuref.New() the same program
// renders on an OpenGL device.
func ExampleNew() {
	graph := &kpn.Graph{
		Nodes: []kpn.Node{
			{ID: "saw", Kind: kpn.KindOsc, Oversample: 4, Params: map[string]kpn.Param{
				"shape": kpn.Const(kpn.OscSaw),
				"freq":  {Rate: kpn.PerItem},
			}},
			{ID: "out", Kind: kpn.KindGain, Params: map[string]kpn.Param{"gain": kpn.Const(0.5)}},
		},
		Edges:   []kpn.Edge{{From: "saw", To: "out", Port: "in"}},
		Outputs: []string{"out"},
	}
	reference := cpuref.New()
	executable, err := reference.Compile(graph)
	if err != nil {
		log.Fatal(err)
	}

	job := &kpn.Job{
		Shape: kpn.Shape{B: 2, C: 1, F: 48000}, // items, channels, frames
		Rate:  48000,
		Items: map[kpn.ParamRef][]float64{{Node: "saw", Param: "freq"}: {110, 220}},
	}
	// Blocks come in order. Their samples are [B, C, frames], frame fastest:
	// F64 from the reference, F32 from a device.
	sum := make([]float64, job.Shape.B)
	err = executable.Forward(context.Background(), job, func(block *kpn.Block) error {
		for i := range block.Shape.Len() {
			item, _, _ := block.Shape.Coordinates(i)
			sum[item] += block.At(i) * block.At(i)
		}
		return nil
	})
	if err = errors.Join(err, executable.Close(), reference.Close()); err != nil {
		log.Fatal(err)
	}
	fmt.Println("latency, trimmed:", executable.Latency(), "frames")
	for item, s := range sum {
		// A saw of ±0.5 has a mean square of 1/12.
		fmt.Printf("item %d: mean square %.3f\n", item, s/float64(job.Shape.F*job.Shape.C))
	}
	// Output:
	// latency, trimmed: 38 frames
	// item 0: mean square 0.083
	// item 1: mean square 0.083
}

// The gradients of half the energy of a gain on a sine: the samples are the
// cotangents.
func ExampleNew_gradients() {
	graph := &kpn.Graph{
		Nodes: []kpn.Node{
			{ID: "sine", Kind: kpn.KindOsc},
			{ID: "out", Kind: kpn.KindGain, Params: map[string]kpn.Param{"gain": kpn.Const(0.5)}},
		},
		Edges:   []kpn.Edge{{From: "sine", To: "out", Port: "in"}},
		Outputs: []string{"out"},
	}
	executable, err := cpuref.New().Compile(graph)
	if err != nil {
		log.Fatal(err)
	}
	job := &kpn.Job{Shape: kpn.Shape{B: 1, C: 1, F: 48000}, Rate: 48000}
	energy := kpn.NewTensor(job.Shape)
	err = executable.Forward(context.Background(), job, func(block *kpn.Block) error {
		for i := range block.Shape.Len() {
			item, c, f := block.Shape.Coordinates(i)
			energy.Data[job.Shape.Index(item, c, block.First+f)] = float32(block.At(i))
		}
		return nil
	})
	if err != nil {
		log.Fatal(err)
	}
	gradients, err := executable.Adjoint(context.Background(), &kpn.AdjointJob{
		Job: job, Cotangents: kpn.TensorCotangents{energy},
	})
	if err != nil {
		log.Fatal(err)
	}
	gain, _ := gradients.Find(kpn.ParamRef{Node: "out", Param: "gain"})
	fmt.Printf("by gain: %.0f\n", gain.At(0)) // gain × Σ sine²
	for _, ref := range gradients.Unsupported() {
		fmt.Println("no gradient:", ref)
	}
	// Output:
	// by gain: 12000
	// no gradient: sine.shape
	// no gradient: sine.band_limit
	// no gradient: sine.pitch_low
	// no gradient: sine.pitch_high
	// no gradient: sine.advance
	// no gradient: sine.precision
}

package kpn_test

import (
	"errors"
	"fmt"
	"log"

	"sawmill/kpn"
)

// A constant into a gain whose parameter comes with the blob.
func ExampleDecodeDescriptor() {
	metadata := kpn.Metadata{OversampleRatio: 4, DeclaredDelay: 128, HeatParam: "thermo.heat"}
	document, err := metadata.JSON()
	if err != nil {
		log.Fatal(err)
	}
	descriptor := &kpn.Descriptor{Nodes: []kpn.DescriptorNode{
		{Name: "one", Type: "ConstantNode", TypeID: kpn.TypeID("ConstantNode"), JSON: []byte(`{"value":1,"channels":2}`)},
		{
			Name: "out", Type: "GainNode", TypeID: kpn.TypeID("GainNode"),
			Inputs: []string{"one"},
			Params: []kpn.BlobParam{{Name: "gain", Shape: kpn.Shape{B: 1, C: 2, F: 1}, Data: []float64{0.5, 0.25}}},
			JSON:   document,
		},
	}}
	blob, err := descriptor.Encode()
	if err != nil {
		log.Fatal(err)
	}

	decoded, err := kpn.DecodeDescriptor(blob)
	if err != nil {
		log.Fatal(err)
	}
	for _, n := range decoded.Nodes {
		m, fault := n.Metadata()
		if fault != nil {
			log.Fatal(fault)
		}
		fmt.Println(n.Name, n.Type, n.Inputs, m.Ratio(), m.DeclaredDelay, m.Unknown("value"))
	}
	_, err = kpn.DecodeDescriptor(blob[:len(blob)-1])
	var fault *kpn.BlobError
	if errors.As(err, &fault) {
		fmt.Println(fault)
	}
	// Output:
	// one ConstantNode [] 1 0 [channels]
	// out GainNode [one] 4 128 []
	// descriptor blob: byte 103: node "out": JSON length: takes 77 bytes but 76 remain: a length is wrong or the blob is cut short, write it again
}

// A plan turns the descriptor's order around.
func ExampleDescriptor_Order() {
	descriptor := &kpn.Descriptor{Nodes: []kpn.DescriptorNode{
		{Name: "out", Type: "GainNode"},
		{Name: "osc", Type: "OscNode"},
	}}
	plan := &kpn.Plan{Version: kpn.PlanV2, Nodes: []kpn.PlanNode{
		{Name: "out", FunctionID: 1},
		{Name: "osc", FunctionID: 0, OversampleRatio: 8},
	}}
	blob, err := plan.Encode()
	if err != nil {
		log.Fatal(err)
	}
	decoded, err := kpn.DecodePlan(blob)
	if err != nil {
		log.Fatal(err)
	}
	order, err := descriptor.Order(decoded)
	if err != nil {
		log.Fatal(err)
	}
	for _, i := range order {
		fmt.Println(descriptor.Nodes[i].Name)
	}
	// Output:
	// osc
	// out
}

// The latest event that has the key wins.
func ExampleHistory_Sample() {
	history := &kpn.History{Keys: []string{"pitch", "gate"}, Events: []kpn.Event{
		{Time: 0, Values: [][]float64{{60}, {1}}},
		{Time: 1.5, Values: [][]float64{{62, 67}, nil}},
	}}
	for _, key := range []string{"pitch", "gate", "wheel"} {
		values, ok := history.Sample(key, 2)
		fmt.Println(key, values, ok)
	}
	// Output:
	// pitch [62 67] true
	// gate [1] true
	// wheel [] false
}

package kpn_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/kpn"
)

// checkBlob holds that bytes are refused with a fault inside them, or are
// what their value encodes to; and that either takes little memory.
func checkBlob(t *testing.T, kind string, data []byte) {
	t.Helper()
	checkAllocations(t, kind, data)
	again, err := blobDecoders[kind](data)
	if err != nil {
		e := blobError(t, err)
		require.Equal(t, kind, e.Blob)
		require.LessOrEqual(t, e.Offset, len(data))
		return
	}
	require.Equal(t, data, again)
}

func FuzzDecodeDescriptor(f *testing.F) {
	f.Add(blobBytes(f, gainParts()...))
	f.Add([]byte{0, 0, 0, 0})
	f.Add(blobBytes(f, uint32(1), u32s(0, 1, 1, 0, 0, 0, 0, 104), "aA",
		`{"thermo.heat_param":"thermo.\u0068eat","declared_delay":128,"supports_v2":false,"t":[1,{"a":"]"}],"\ud83d":"","":null}`[:104]))
	f.Fuzz(func(t *testing.T, data []byte) {
		checkBlob(t, "descriptor", data)
		d, err := kpn.DecodeDescriptor(data)
		if err != nil {
			return
		}
		for i := range d.Nodes {
			compareJSON(t, string(d.Nodes[i].JSON))
			checkDocument(t, &d.Nodes[i])
		}
		order, err := d.Order(nil)
		require.NoError(t, err)
		require.Len(t, order, len(d.Nodes))
	})
}

// checkDocument holds that a document of a node's metadata is read as the
// same metadata.
func checkDocument(t *testing.T, n *kpn.DescriptorNode) {
	t.Helper()
	m, err := n.Metadata()
	require.NoError(t, err)
	doc, err := m.JSON()
	require.NoError(t, err)
	again, err := metadata(string(doc))
	require.NoError(t, err)
	m.OversampleRatio, again.OversampleRatio = m.Ratio(), again.Ratio()
	require.Equal(t, m, again)
}

func FuzzDecodePlan(f *testing.F) {
	f.Add(blobBytes(f, planParts(kpn.PlanV1)...))
	f.Add(blobBytes(f, planParts(kpn.PlanV2)...))
	f.Add(blobBytes(f, "AMPL", u32s(2, 0)))
	f.Fuzz(func(t *testing.T, data []byte) {
		checkBlob(t, "plan", data)
		p, err := kpn.DecodePlan(data)
		if err != nil {
			return
		}
		d := &kpn.Descriptor{}
		for i := range p.Nodes {
			d.Nodes = append(d.Nodes, kpn.DescriptorNode{Name: p.Nodes[i].Name})
		}
		order, err := d.Order(p)
		require.NoError(t, err)
		for i := 1; i < len(order); i++ {
			require.Less(t, p.Nodes[order[i-1]].FunctionID, p.Nodes[order[i]].FunctionID)
		}
	})
}

func FuzzDecodeHistory(f *testing.F) {
	f.Add(blobBytes(f, historyParts()...))
	f.Add(make([]byte, 8))
	f.Add(blobBytes(f, u32s(2, 0), 1.0, 2.0))
	f.Fuzz(func(t *testing.T, data []byte) {
		checkBlob(t, "control history", data)
		h, err := kpn.DecodeHistory(data)
		if err != nil {
			return
		}
		for k, key := range h.Keys {
			for i := range h.Events {
				_, ok := h.Sample(key, h.Events[i].Time)
				require.True(t, ok || len(h.Events[i].Values[k]) == 0)
			}
		}
	})
}

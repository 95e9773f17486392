package kpn_test

import (
	"encoding/binary"
	"encoding/json"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sawmill/kpn"
)

// crcGain is the CRC-32 of "GainNode", from zlib.crc32.
const crcGain = 0x664b5c15

// gainParts is a descriptor of two nodes by hand, a field at a time.
func gainParts() []any {
	return []any{
		uint32(2), // 0

		u32s(crcGain, 4, 8, 2, 1, 1, 2, 22), // 4: type id, lengths, counts
		"gainGainNode",                      // 36
		uint32(3), "src", uint32(1), "x",    // 48, 55
		u32s(3, 4, 1), float32(0.25), int32(-1), "lfogain", // 60
		u32s(4, 1, 2, 3), uint64(48), "gain", // 87: parameter
		[]float64{1, -2, 0.5, math.Inf(1), 0, 1e-300},
		u32s(1, 2, 64), u32s(4, 1, 1), // 163
		`{"oversample_ratio":4}`, // 187

		u32s(0, 1, 1, 0, 0, 0, 0, 0), "zZ", // 209: a node with nothing
	}
}

func gainDescriptor() *kpn.Descriptor {
	return &kpn.Descriptor{Nodes: []kpn.DescriptorNode{
		{
			TypeID: crcGain, Name: "gain", Type: "GainNode",
			Inputs:      []string{"src", "x"},
			Modulations: []kpn.BlobModulation{{Source: "lfo", Param: "gain", Mode: kpn.ModulationMultiply, Scale: 0.25, Channel: -1}},
			Params: []kpn.BlobParam{{
				Name: "gain", Shape: kpn.Shape{B: 1, C: 2, F: 3},
				Data: []float64{1, -2, 0.5, math.Inf(1), 0, 1e-300},
			}},
			Buffers: []kpn.Shape{{B: 1, C: 2, F: 64}, {B: 4, C: 1, F: 1}},
			JSON:    json.RawMessage(`{"oversample_ratio":4}`),
		},
		{Name: "z", Type: "Z"},
	}}
}

func TestDescriptorLayout(t *testing.T) {
	byHand := blobBytes(t, gainParts()...)
	encoded, err := gainDescriptor().Encode()
	require.NoError(t, err)
	require.Equal(t, byHand, encoded)
	decoded, err := kpn.DecodeDescriptor(byHand)
	require.NoError(t, err)
	assert.Equal(t, gainDescriptor(), decoded)
	checkCut(t, "descriptor", byHand)

	for i := range byHand {
		byHand[i] ^= 0xff
	}
	assert.Equal(t, gainDescriptor(), decoded, "what was decoded still belongs to the blob")
}

func TestDescriptorEmpty(t *testing.T) {
	d, err := kpn.DecodeDescriptor([]byte{0, 0, 0, 0})
	require.NoError(t, err)
	assert.Equal(t, &kpn.Descriptor{}, d)
	checkCut(t, "descriptor", []byte{0, 0, 0, 0})
}

// Each row overwrites one field of gainParts.
func TestDescriptorFaults(t *testing.T) {
	for _, c := range []struct {
		at    int
		value any
		blobFault
	}{
		{0, uint32(math.MaxUint32), blobFault{"nodes", 0, "", "node count", "146028888030 bytes"}},
		{0, uint32(3), blobFault{"a third node", 243, "#2", "type id", "takes 4 bytes but 0 remain"}},
		{4, uint32(crcGain + 1), blobFault{"type id", 4, "gain", "type id", "want 0x664b5c15"}},
		{8, uint32(0), blobFault{"no name", 36, "#0", "name length", "empty"}},
		{8, uint32(1 << 31), blobFault{"long name", 8, "#0", "name length", "2147483648 bytes"}},
		{12, uint32(208), blobFault{"long type", 12, "gain", "type length", "takes 208 bytes but 203 remain"}},
		{16, uint32(40), blobFault{"inputs", 16, "gain", "audio-input count", "takes 200 bytes but 195 remain"}},
		{20, uint32(9), blobFault{"modulations", 20, "gain", "modulation count", "takes 198 bytes but 183 remain"}},
		{24, uint32(7), blobFault{"parameters", 24, "gain", "parameter count", "takes 175 bytes but 156 remain"}},
		{28, uint32(7), blobFault{"buffers", 28, "gain", "buffer-shape count", "takes 84 bytes but 80 remain"}},
		{32, uint32(math.MaxUint32), blobFault{"JSON", 32, "gain", "JSON length", "remain"}},
		{36, uint32(math.MaxUint32), blobFault{"name of no UTF-8", 36, "#0", "name length", "UTF-8"}},
		{48, uint32(math.MaxUint32), blobFault{"source", 48, "gain", "audio input 0: source length", "remain"}},
		{68, uint32(2), blobFault{"mode", 68, "gain", "modulation 0: mode", "2 is no mode"}},
		{72, float32(math.NaN()), blobFault{"scale", 72, "gain", "modulation 0: scale", "NaN"}},
		{76, int32(-2), blobFault{"channel", 76, "gain", "modulation 0: channel", "-2 is no channel"}},
		{91, uint32(2), blobFault{"batches", 103, "gain", "parameter 0: byte length", "tensor of 2×2×3"}},
		{91, uint32(1 << 31), blobFault{"axis", 91, "gain", "parameter 0: shape", "axis"}},
		{91, u32s(1<<29, 1<<29, 1<<29), blobFault{"overflow", 103, "gain", "parameter 0: byte length", "tensor of"}},
		// 2^64 values, which a product of 64 bits takes for none.
		{91, []any{u32s(1<<29, 1<<29, 1<<6), uint64(0)}, blobFault{"wraps to none", 103, "gain", "parameter 0: byte length", "tensor of"}},
		{103, uint64(1<<63 + 48), blobFault{"bytes", 103, "gain", "parameter 0: byte length", "tensor of"}},
		{103, uint64(49), blobFault{"an odd byte", 103, "gain", "parameter 0: byte length", "49 bytes"}},
		{99, []any{uint32(1 << 20), uint64(16 << 20)}, blobFault{"values", 103, "gain", "parameter 0: byte length", "takes 16777216 bytes"}},
		{163, uint32(math.MaxUint32), blobFault{"buffer", 163, "gain", "buffer 0: shape", "axis"}},
		{187, "[", blobFault{"document", 206, "gain", "JSON", "invalid"}},
		{207, "3", blobFault{"ratio", 207, "gain", "oversample_ratio", "3 is no power of two"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			blob := blobBytes(t, gainParts()...)
			parts, ok := c.value.([]any)
			if !ok {
				parts = []any{c.value}
			}
			copy(blob[c.at:], blobBytes(t, parts...))
			_, err := kpn.DecodeDescriptor(blob)
			c.check(t, err)
		})
	}
}

// Each row spoils one thing of a value.
func TestDescriptorEncodeRefuses(t *testing.T) {
	for _, c := range []struct {
		spoil func(n *kpn.DescriptorNode)
		blobFault
	}{
		{func(n *kpn.DescriptorNode) { n.Name = "" }, blobFault{"no name", -1, "#0", "name", "empty"}},
		{func(n *kpn.DescriptorNode) { n.Name = "z" }, blobFault{"same name", -1, "", "node name", `"z" is there twice`}},
		{func(n *kpn.DescriptorNode) { n.Type = "Gain" }, blobFault{"other type", -1, "gain", "type id", "CRC-32"}},
		{func(n *kpn.DescriptorNode) { n.TypeID, n.Type = 0, "" }, blobFault{"no type", -1, "gain", "type", "empty"}},
		{func(n *kpn.DescriptorNode) { n.Inputs[1] = "\xff" }, blobFault{"input", -1, "gain", "audio input 1: source", "UTF-8"}},
		{func(n *kpn.DescriptorNode) { n.Modulations[0].Mode = 2 }, blobFault{"mode", -1, "gain", "modulation 0: mode", "2"}},
		{func(n *kpn.DescriptorNode) { n.Modulations[0].Source = "" }, blobFault{"source", -1, "gain", "modulation 0: source", "empty"}},
		{func(n *kpn.DescriptorNode) { n.Params[0].Shape.B = -1 }, blobFault{"negative", -1, "gain", "parameter 0: shape", "axis"}},
		{func(n *kpn.DescriptorNode) { n.Params[0].Data = nil }, blobFault{"no values", -1, "gain", "parameter 0: values", "0 bytes"}},
		{func(n *kpn.DescriptorNode) { n.Params = append(n.Params, n.Params[0]) }, blobFault{"parameters", -1, "gain", "parameter name", "twice"}},
		{func(n *kpn.DescriptorNode) { n.Buffers[1].F = 1 << 31 }, blobFault{"buffer", -1, "gain", "buffer 1: shape", "axis"}},
		{func(n *kpn.DescriptorNode) { n.JSON = json.RawMessage(`7`) }, blobFault{"document", -1, "gain", "JSON", "object"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := gainDescriptor()
			c.spoil(&d.Nodes[0])
			_, err := d.Encode()
			c.check(t, err)
		})
	}
}

// Names that clash are found by decoders, too: the first node becomes a
// second z.
func TestDescriptorClash(t *testing.T) {
	blob := blobBytes(t, uint32(2),
		u32s(0, 1, 1, 0, 0, 0, 0, 0), "zA", u32s(0, 1, 1, 0, 0, 0, 0, 0), "zB")
	_, err := kpn.DecodeDescriptor(blob)
	(&blobFault{"", -1, "", "node name", `"z"`}).check(t, err)
	blob = blobBytes(t, uint32(1), u32s(0, 1, 1, 0, 0, 2, 0, 0), "zA",
		u32s(1, 0, 0, 0), uint64(0), "p", u32s(1, 9, 9, 0), uint64(0), "p")
	_, err = kpn.DecodeDescriptor(blob)
	(&blobFault{"", -1, "z", "parameter name", `"p"`}).check(t, err)
	require.Equal(t, uint32(1), binary.LittleEndian.Uint32(blob))
}

func TestTypeID(t *testing.T) {
	// The check value of CRC-32/ISO-HDLC.
	assert.Equal(t, uint32(0xcbf43926), kpn.TypeID("123456789"))
	assert.Equal(t, uint32(crcGain), kpn.TypeID("GainNode"))
}

// A long name does not make a long error.
func TestBlobErrorIsShort(t *testing.T) {
	d := gainDescriptor()
	for range 20 {
		d.Nodes[0].Name += d.Nodes[0].Name
	}
	d.Nodes[0].Type = d.Nodes[0].Name
	_, err := d.Encode()
	require.Error(t, err)
	assert.Less(t, len(err.Error()), 1000)
}

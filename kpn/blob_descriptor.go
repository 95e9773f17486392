package kpn

import (
	"encoding/json"
	"fmt"
	"math/bits"
)

// Descriptor is what the descriptor blob holds: the nodes, in an order that
// is that of execution unless a [Plan] says otherwise. It holds more than a
// [Graph] does and names the contract's node types; making a graph that runs
// of it is the runtime's part.
//
// Blobs come from outside. Decoders check every length against what remains
// and every count against what its smallest members take before they
// allocate, and allocate at most 16 times the blob's size and a few hundred
// bytes. What they return shares no memory with the blob and encodes to the
// same bytes.
type Descriptor struct {
	Nodes []DescriptorNode
}

// DescriptorNode is one node of a descriptor.
type DescriptorNode struct {
	// TypeID is [TypeID] of Type, or 0.
	TypeID     uint32
	Name, Type string
	// Inputs names the nodes whose audio it reads.
	Inputs      []string
	Modulations []BlobModulation
	// Params holds the tensors that are bound by default.
	Params []BlobParam
	// Buffers are the shapes of the buffers that the node asks for.
	Buffers []Shape
	// JSON is the document of the node's params, kept to the byte; empty
	// stands for an empty object. [DescriptorNode.Metadata] reads it,
	// [Metadata.JSON] writes one.
	JSON json.RawMessage
}

// ModulationMode says how a modulation meets the parameter's own value.
type ModulationMode uint32

// The modulation modes.
const (
	// ModulationAdd adds scale·source.
	ModulationAdd ModulationMode = 0
	// ModulationMultiply multiplies by scale·source.
	ModulationMultiply ModulationMode = 1
)

// BlobModulation is a source that moves a parameter. A source with fewer channels
// than the parameter repeats.
type BlobModulation struct {
	Source, Param string
	Mode          ModulationMode
	Scale         float32
	// Channel is the channel that is moved; −1 moves all.
	Channel int32
}

// BlobParam is a parameter's tensor: [B, C, F], frame fastest. A descriptor
// holds any float64; which values a parameter may take is its kind's affair.
type BlobParam struct {
	Name  string
	Shape Shape
	Data  []float64
}

// fault says what no blob can hold of a modulation, or nothing, and how far
// from the modulation's start the field is.
func (m *BlobModulation) fault() (offset int, field, reason string) {
	switch {
	case m.Mode > ModulationMultiply:
		return 8, "mode", fmt.Sprintf("%d is no mode: 0 adds, 1 multiplies", m.Mode)
	case !isFinite(float64(m.Scale)):
		return 12, "scale", fmt.Sprintf("%g is not finite: give the factor of the source", m.Scale)
	case m.Channel < -1:
		return 16, "channel", fmt.Sprintf("%d is no channel: count from 0, −1 stands for all", m.Channel)
	}
	return 0, "", ""
}

// typeFault compares a type's number with its name.
func typeFault(id uint32, name string) string {
	if want := TypeID(name); id != 0 && id != want {
		return fmt.Sprintf("%#08x is not the CRC-32 of %s: want %#08x, or 0 for none", id, quoted(name), want)
	}
	return ""
}

// shapeFault bounds the axes to what an engine can ever count.
func shapeFault(s Shape) string {
	for _, n := range [...]int{s.B, s.C, s.F} {
		if n < 0 || n > MaxFrames {
			return fmt.Sprintf("%v has an axis outside 0 to %d: make it smaller", s, MaxFrames)
		}
	}
	return ""
}

// dataFault compares the bytes of a tensor's values with its shape.
func dataFault(s Shape, size uint64) string {
	// Two axes below 2^31 fit 62 bits; with the third they may not.
	high, count := bits.Mul64(uint64(s.B)*uint64(s.C), uint64(s.F))
	if high != 0 || size%8 != 0 || count != size/8 {
		return fmt.Sprintf("%d bytes of values do not make a tensor of %v: give 8 bytes for each of its values", size, s)
	}
	return ""
}

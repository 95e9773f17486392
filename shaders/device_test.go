package shaders_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/goldens/conformance"
	"sawmill/gpu"
	"sawmill/shaders"
)

// frame is a kernel around a statement that reads words of I from i*%[2]d and
// writes words of O from i*%[3]d, for every lane i.
const frame = `#version 430 core
layout(local_size_x = 64) in;
layout(std430, binding = 0) readonly buffer Input { uint I[]; };
layout(std430, binding = 1) writeonly buffer Output { uint O[]; };
%[1]s
void main() {
	uint lanes = min(uint(I.length()) / %[2]du, uint(O.length()) / %[3]du);
	for (uint i = gl_GlobalInvocationID.x; i < lanes; i += 64u * gl_NumWorkGroups.x) {
		%[4]s
	}
}
`

// device runs statements of GLSL.
type device struct{ *gpu.Device }

// openDevice opens the device that tests run on: the same bounds and the same
// bits hold on software renderers and on hardware.
func openDevice(t *testing.T) device {
	t.Helper()
	d, err := gpu.Open(gpu.Selector{Class: gpu.Class(conformance.DeviceClass())}, gpu.Debug(), gpu.NoProgramCache())
	conformance.RequireGPU(t, err)
	t.Cleanup(func() { require.NoError(t, d.Close()) })
	return device{d}
}

// run runs a statement after some library text over all lanes.
func (d device) run(t *testing.T, library, statement string, in []uint32, wordsIn, wordsOut int) []uint32 {
	t.Helper()
	require.Zero(t, len(in)%wordsIn)
	out := make([]uint32, len(in)/wordsIn*wordsOut)
	source := fmt.Sprintf(frame, library, wordsIn, wordsOut, statement)
	require.NoError(t, d.Compute(t.Name(), source, 256, in, out))
	return out
}

// evaluate runs a statement over all lanes with the whole library before it.
func (d device) evaluate(t *testing.T, statement string, in []uint32, wordsIn, wordsOut int) []uint32 {
	t.Helper()
	var library string
	for _, topic := range shaders.LibOrder() {
		library += libText(t, topic)
	}
	return d.run(t, library, statement, in, wordsIn, wordsOut)
}

// apply runs a function of one float over all of xs.
func (d device) apply(t *testing.T, function string, xs []float32) []float32 {
	t.Helper()
	return floats(d.evaluate(t, "O[i] = floatBitsToUint("+function+"(uintBitsToFloat(I[i])));", words(xs), 1, 1))
}

// words are the bits of float32 numbers, floats the numbers of bits.
func words(xs []float32) []uint32 {
	bits := make([]uint32, len(xs))
	for i, x := range xs {
		bits[i] = math.Float32bits(x)
	}
	return bits
}

func floats(bits []uint32) []float32 {
	xs := make([]float32, len(bits))
	for i, b := range bits {
		xs[i] = math.Float32frombits(b)
	}
	return xs
}

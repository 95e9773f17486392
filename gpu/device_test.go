package gpu

import (
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/goldens/conformance"
)

// tested selects the device that tests run on.
func tested() Selector { return Selector{Class: Class(conformance.DeviceClass())} }

// openTest opens a device with the driver's checks on.
func openTest(tb testing.TB, selector Selector, options ...Option) *Device {
	tb.Helper()
	d, err := Open(selector, append([]Option{Debug(), NoProgramCache()}, options...)...)
	conformance.RequireGPU(tb, err)
	tb.Cleanup(func() { require.NoError(tb, d.Close()) })
	return d
}

// carryKernel adds 64-bit integers made of two words, with carry, and squares
// doubles.
const carryKernel = `#version 430
layout(local_size_x = 8) in;
layout(std430, binding = 0) readonly buffer A { uvec2 a[]; };
layout(std430, binding = 1) buffer B { uvec2 b[]; };
layout(std430, binding = 2) buffer C { double c[]; };
uniform uvec2 step;
uniform uint count;
void main() {
	uint i = gl_GlobalInvocationID.x;
	if (i >= count) return;
	uint carry;
	uint low = uaddCarry(a[i].x, step.x, carry);
	b[i] = uvec2(low, a[i].y + step.y + carry);
	precise double square = c[i] * c[i];
	c[i] = square;
}
`

func testKernel(t *testing.T, d *Device) {
	t.Helper()
	const count, step = 1003, uint64(0x123456789abcdef1)
	in, squares := make([]uint64, count), make([]float64, count)
	for i := range in {
		in[i] = uint64(i) * 0x9e3779b97f4a7c15
		squares[i] = 1 + float64(i)*0x1p-30
	}
	got, gotSquares := make([]uint64, count), make([]float64, count)
	require.NoError(t, d.do(func() error {
		p, err := d.program("carry", carryKernel)
		if err != nil {
			return err
		}
		defer d.release(p)
		var buffers [3]*buffer
		for i := range buffers {
			if buffers[i], err = d.newBuffer(count*8, deviceUse); err != nil {
				return err
			}
			defer d.deleteBuffer(buffers[i])
			buffers[i].bind(uint32(i))
		}
		upload(buffers[0], 0, in)
		buffers[1].clear()
		upload(buffers[2], 0, squares)
		p.use()
		p.setUint64("step", step)
		p.setUint("count", count)
		if err := d.dispatch((count+7)/8, 1, 1); err != nil {
			return err
		}
		read(buffers[1], 0, got)
		read(buffers[2], 0, gotSquares)
		return nil
	}))
	for i := range in {
		require.Equal(t, in[i]+step, got[i], "sum %d", i)
		// One multiplication, rounded once: the same bits.
		require.Equal(t, squares[i]*squares[i], gotSquares[i], "square %d", i)
	}
}

package gpu

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// rampKernel writes first, first + 1, … as floats.
const rampKernel = `#version 430
layout(local_size_x = 64) in;
layout(std430, binding = 0) writeonly buffer Out { vec4 samples[]; };
uniform uint first;
void main() {
	uint i = gl_GlobalInvocationID.x;
	samples[i] = vec4(float(first + 4 * i), float(first + 4 * i + 1), float(first + 4 * i + 2), float(first + 4 * i + 3));
}
`

func TestTransfersOfAlternatingSegments(t *testing.T) {
	for _, use := range []bufferUse{deviceUse, hostUse} {
		d := openTest(t, tested())
		testSegments(t, d, use)
	}
}

func TestTransfersWithoutBufferStorage(t *testing.T) {
	d := openTest(t, tested())
	withoutBufferStorage(d)
	testSegments(t, d, deviceUse)
	testSegments(t, d, hostUse)
}

// withoutBufferStorage makes the device one of OpenGL 4.3 without extensions.
func withoutBufferStorage(d *Device) {
	d.features.major, d.features.minor = 4, 3
	d.features.extensions = nil
}

// testSegments renders segments in turn into two buffers, each read back while
// the next one renders.
func testSegments(t *testing.T, d *Device, use bufferUse) {
	t.Helper()
	const count, segments = 64 * 4 * 3, 5
	var p *program
	var out [2]*buffer
	transfers := [2]*transfer{d.newTransfer(count * 4), d.newTransfer(count * 4)}
	require.NoError(t, d.do(func() (err error) {
		if p, err = d.program("ramp", rampKernel); err != nil {
			return err
		}
		for i := range out {
			if out[i], err = d.newBuffer(count*4, use); err != nil {
				return err
			}
		}
		return nil
	}))
	for k := range segments + 1 {
		require.NoError(t, d.do(func() error {
			if k == segments {
				return d.finish(transfers[(k-1)%2])
			}
			out[k%2].bind(0)
			p.use()
			p.setUint("first", uint32(k*count))
			if err := d.dispatch(3, 1, 1); err != nil {
				return err
			}
			// The part leaves the first vector out.
			if err := d.start(transfers[k%2], out[k%2], 16, count*4-16); err != nil {
				return err
			}
			if k == 0 {
				return nil
			}
			return d.finish(transfers[(k-1)%2])
		}))
		if k == 0 {
			continue
		}
		got := transfers[(k-1)%2].floats()
		require.Len(t, got, count-4)
		for i, v := range got {
			require.Equal(t, float32((k-1)*count+4+i), v, "segment %d, sample %d", k-1, i)
		}
	}
	require.NoError(t, d.do(func() error {
		for i := range out {
			d.deleteTransfer(transfers[i])
			d.deleteBuffer(out[i])
		}
		d.release(p)
		return nil
	}))
}

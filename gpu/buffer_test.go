package gpu

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// scaleKernel multiplies what it is bound to.
const scaleKernel = `#version 430
layout(local_size_x = 1) in;
layout(std430, binding = 3) buffer B { float b[]; };
uniform double factor;
void main() {
	for (int i = 0; i < b.length(); i++) b[i] = float(b[i] * factor);
}
`

func TestBoundRangeIsAllThatAKernelSees(t *testing.T) {
	d := openTest(t, tested())
	const count, first, bound = 300, 64, 100
	in, got := make([]float32, count), make([]float32, count)
	for i := range in {
		in[i] = float32(i + 1)
	}
	require.Zero(t, first*4%d.Describe().Limits.StorageAlignment)
	require.NoError(t, d.do(func() error {
		b, err := d.newBuffer(count*4, deviceUse)
		if err != nil {
			return err
		}
		defer d.deleteBuffer(b)
		p, err := d.program("scale", scaleKernel)
		if err != nil {
			return err
		}
		defer d.release(p)
		upload(b, 0, in)
		b.bindRange(3, first*4, bound*4)
		p.use()
		p.setDouble("factor", 2)
		p.setUint("absent", 1) // what the kernel does not use is no error
		if err := d.dispatch(1, 1, 1); err != nil {
			return err
		}
		read(b, 0, got)
		return nil
	}))
	for i, v := range got {
		want := in[i]
		if i >= first && i < first+bound {
			want *= 2
		}
		require.Equal(t, want, v, "element %d", i)
	}
}

func TestClearAndPartialUploads(t *testing.T) {
	d := openTest(t, tested())
	got := make([]uint8, 7)
	require.NoError(t, d.do(func() error {
		for _, use := range []bufferUse{deviceUse, hostUse} {
			b, err := d.newBuffer(len(got), use)
			if err != nil {
				return err
			}
			defer d.deleteBuffer(b)
			upload(b, 0, []uint8{1, 2, 3, 4, 5, 6, 7})
			b.clear()
			upload(b, 2, []uint8{8, 9})
			upload(b, 7, []uint8{})
			read(b, 0, got)
			require.Equal(t, []uint8{0, 0, 8, 9, 0, 0, 0}, got)
		}
		return nil
	}))
}

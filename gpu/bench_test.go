package gpu

import (
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/goldens/conformance"
)

// softwareEGL is the device of the benchmarks.
var softwareEGL = Selector{Backend: EGL, Class: SoftwareClass}

func BenchmarkOpen(b *testing.B) {
	for b.Loop() {
		d, err := Open(softwareEGL, NoProgramCache())
		conformance.RequireGPU(b, err)
		require.NoError(b, d.Close())
	}
}

func openBench(b *testing.B) *Device {
	b.Helper()
	d, err := Open(softwareEGL, NoProgramCache())
	conformance.RequireGPU(b, err)
	b.Cleanup(func() { require.NoError(b, d.Close()) })
	return d
}

func BenchmarkCall(b *testing.B) {
	d := openBench(b)
	for b.Loop() {
		require.NoError(b, d.do(func() error { return nil }))
	}
}

// BenchmarkDispatch is a kernel of one workgroup that is waited for.
func BenchmarkDispatch(b *testing.B) {
	d := openBench(b)
	require.NoError(b, d.do(func() error {
		p, err := d.program("ramp", rampKernel)
		if err != nil {
			return err
		}
		defer d.release(p)
		out, err := d.newBuffer(64*16, deviceUse)
		if err != nil {
			return err
		}
		defer d.deleteBuffer(out)
		out.bind(0)
		p.use()
		for b.Loop() {
			if err := d.dispatch(1, 1, 1); err != nil {
				return err
			}
			if err := d.wait(d.newFence()); err != nil {
				return err
			}
		}
		return nil
	}))
}

// BenchmarkReadback brings 16 MiB over; what has a view is already there.
func BenchmarkReadback(b *testing.B) {
	const size = 16 << 20
	for _, tt := range []struct {
		name    string
		use     bufferUse
		storage bool
	}{{"view", hostUse, true}, {"staging", deviceUse, true}, {"copy", deviceUse, false}} {
		b.Run(tt.name, func(b *testing.B) {
			d := openBench(b)
			if !tt.storage {
				withoutBufferStorage(d)
			}
			b.SetBytes(size)
			require.NoError(b, d.do(func() error {
				source, err := d.newBuffer(size, tt.use)
				if err != nil {
					return err
				}
				defer d.deleteBuffer(source)
				source.clear()
				t := d.newTransfer(size)
				defer d.deleteTransfer(t)
				for b.Loop() {
					if err := d.start(t, source, 0, size); err != nil {
						return err
					}
					if err := d.finish(t); err != nil {
						return err
					}
				}
				return nil
			}))
		})
	}
}

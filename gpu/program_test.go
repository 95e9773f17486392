package gpu

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// brokenKernel uses an unknown name in line 4.
const brokenKernel = `#version 430
layout(local_size_x = 1) in;
void main() {
	uint i = nowhere;
}
`

func TestCompileError(t *testing.T) {
	d := openTest(t, tested())
	err := d.do(func() error {
		_, err := d.program("broken", brokenKernel)
		return err
	})
	var fault *CompileError
	require.ErrorAs(t, err, &fault)
	require.Equal(t, "broken", fault.Kernel)
	require.Equal(t, 4, fault.Line)
	require.Contains(t, fault.Log, "nowhere")
	require.Contains(t, fault.Source, ">    4  \tuint i = nowhere;")
	require.ErrorContains(t, err, "broken:4: ")
	require.NoError(t, d.do(func() error { return nil }), "the device goes on")
}

func TestLinkError(t *testing.T) {
	d := openTest(t, tested())
	err := d.do(func() error {
		_, err := d.program("unlinked", "#version 430\nlayout(local_size_x = 1) in;\nfloat absent(float x);\nlayout(std430) buffer B { float x; };\nvoid main() { x = absent(x); }\n")
		return err
	})
	var fault *LinkError
	require.ErrorAs(t, err, &fault)
	require.Equal(t, "unlinked", fault.Kernel)
	require.Contains(t, fault.Log, "absent")
}

func TestCompileErrorLines(t *testing.T) {
	for _, tt := range []struct {
		name, log string
		want      int
	}{
		{"Mesa", "0:12(5): error: `x' undeclared", 12},
		{"Mesa, a warning first", "0:3(1): warning: unused\n0:12(5): error: `x' undeclared", 12},
		{"NVIDIA", `0(12) : error C1503: undefined variable "x"`, 12},
		{"AMD and Intel on Windows", "ERROR: 0:12: 'x' : undeclared identifier", 12},
		{"past the end", "0:99(1): error: eof", 99},
		{"none", "error: out of registers", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			source := strings.Repeat("line\n", 11) + "twelve\n"
			e := newCompileError("k", source, tt.log)
			require.Equal(t, tt.want, e.Line)
			require.Equal(t, tt.want == 12, strings.Contains(e.Source, ">   12  twelve"), e.Source)
		})
	}
}

func TestProgramsAreShared(t *testing.T) {
	d := openTest(t, tested())
	require.NoError(t, d.do(func() error {
		first, err := d.program("ramp", rampKernel)
		if err != nil {
			return err
		}
		second, err := d.program("ramp", rampKernel)
		require.NoError(t, err)
		require.Same(t, first, second)
		d.release(first)
		d.release(second)
		third, err := d.program("ramp", rampKernel)
		require.Same(t, first, third, "an idle program is kept")
		d.release(third)
		return err
	}))
}

func TestOldestIdleProgramIsDropped(t *testing.T) {
	c := newProgramCache()
	var dropped []uint32
	c.drop = func(p *program) { dropped = append(dropped, p.id) }
	const busy = 3
	programs := make([]*program, idlePrograms+busy)
	for i := range programs {
		programs[i] = &program{id: uint32(i), key: sourceKey{byte(i), byte(i >> 8)}, users: 1}
		c.put(programs[i])
	}
	// The first few stay in use, so all the others are idle and fit.
	for _, p := range programs[busy:] {
		c.release(p)
	}
	require.Empty(t, dropped)
	// Used again, programs[busy] is no longer the one idle for longest.
	require.Same(t, programs[busy], c.take(programs[busy].key))
	c.release(programs[busy])
	c.release(programs[0])
	require.Equal(t, []uint32{busy + 1}, dropped)
	require.Nil(t, c.take(programs[busy+1].key))
	require.Same(t, programs[1], c.take(programs[1].key), "one in use is never dropped")
	require.Panics(t, func() { c.release(&program{kernel: "twice"}) })
}

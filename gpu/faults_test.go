package gpu

import (
	"errors"
	"testing"

	"github.com/go-gl/gl/v4.3-core/gl"
	"github.com/stretchr/testify/require"
)

func TestRefusedCallsAreReported(t *testing.T) {
	d := openTest(t, tested())
	planted := errors.New("planted")
	err := d.do(func() error {
		gl.BindBuffer(0xdead, 0)
		return planted
	})
	require.ErrorIs(t, err, planted)
	var call *CallError
	require.ErrorAs(t, err, &call)
	require.Equal(t, "GL_INVALID_ENUM", call.Reason)
	var message *DebugError
	require.ErrorAs(t, err, &message, "KHR_debug says it too")
	require.Contains(t, message.Message, "glBindBuffer")
	require.NoError(t, d.do(func() error { return nil }), "it is reported once")
}

func TestLostDeviceStaysLost(t *testing.T) {
	for status, want := range map[uint32]string{
		gl.GUILTY_CONTEXT_RESET_ARB:   "a kernel of this program",
		gl.INNOCENT_CONTEXT_RESET_ARB: "another program",
		gl.UNKNOWN_CONTEXT_RESET_ARB:  "a reason it does not give",
	} {
		d := openTest(t, tested())
		err := d.do(func() error {
			d.resetStatus = func() uint32 { return status }
			return nil
		})
		var lost *LostError
		require.ErrorAs(t, err, &lost)
		require.Contains(t, lost.Reason, want)
		require.Equal(t, d.Describe().Renderer, lost.Device)
		ran := false
		require.ErrorIs(t, d.do(func() error { ran = true; return nil }), ErrDeviceLost)
		require.False(t, ran, "nothing runs on a lost device")
	}
}

func TestLimitsOfBuffersAndDispatches(t *testing.T) {
	d := openTest(t, tested())
	limits := d.Describe().Limits
	refused := func(want LimitError, run func() error) {
		t.Helper()
		var limit *LimitError
		require.ErrorAs(t, d.do(run), &limit)
		require.Equal(t, want.Got, limit.Got)
		require.Equal(t, want.Max, limit.Max)
	}
	for _, size := range []int64{-1, 0, limits.StorageBytes + 1} {
		refused(LimitError{Got: size, Max: limits.StorageBytes}, func() error {
			_, err := d.newBuffer(int(size), deviceUse)
			return err
		})
	}
	for axis, most := range limits.GroupCount {
		groups := [3]int{1, 1, 1}
		for _, n := range []int{0, int(most) + 1} {
			groups[axis] = n
			refused(LimitError{Got: int64(n), Max: most}, func() error {
				return d.dispatch(groups[0], groups[1], groups[2])
			})
		}
	}
	refused(LimitError{Got: 65, Max: 64}, func() error {
		b, err := d.newBuffer(128, deviceUse)
		require.NoError(t, err)
		defer d.deleteBuffer(b)
		return d.start(d.newTransfer(64), b, 0, 65)
	})
	require.Panics(t, func() {
		_ = d.do(func() error {
			b, err := d.newBuffer(128, deviceUse)
			if err != nil {
				return err
			}
			defer d.deleteBuffer(b)
			upload(b, 120, make([]uint32, 3))
			return nil
		})
	}, "a range past the end")
}

func TestLimitErrorsSayWhatToDo(t *testing.T) {
	for _, e := range []*LimitError{{Limit: "x", Got: 2, Max: 1}, {Limit: "x", Got: 2}, {Limit: "x"}} {
		require.ErrorContains(t, e, "render smaller batches")
	}
}

func TestLimitsAreThoseOfOpenGL43(t *testing.T) {
	l := openTest(t, tested()).Describe().Limits
	// The least that the specification allows, tables 23.64 and 23.72.
	require.GreaterOrEqual(t, l.StorageBytes, int64(1)<<24)
	require.GreaterOrEqual(t, l.StorageBindings, 8)
	require.GreaterOrEqual(t, l.GroupLanes, 1024)
	require.GreaterOrEqual(t, l.SharedBytes, 32768)
	require.GreaterOrEqual(t, l.UniformBytes, int64(16384))
	require.GreaterOrEqual(t, l.StorageAlignment, 1)
	for i := range 3 {
		require.GreaterOrEqual(t, l.GroupCount[i], int64(65535))
		require.GreaterOrEqual(t, l.GroupSize[i], 64)
	}
}

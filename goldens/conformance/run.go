package conformance

import (
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/goldens/cases"
	"sawmill/goldens/compare"
	"sawmill/kpn"
)

// Run holds an engine to the reference and to itself: every case at its own
// shape and at odd ones, with several seeds, in blocks of several sizes, in
// one job and in several. It fails if both engines are on the same device.
func Run(t *testing.T, engine, reference kpn.Engine) {
	t.Helper()
	t.Logf("engine: %+v", engine.Device())
	t.Logf("reference: %+v", reference.Device())
	if engine.Device() == reference.Device() {
		t.Fatal(&compare.SameDeviceError{Case: "conformance", Device: engine.Device()})
	}
	t.Run("refuses to be its own reference", func(t *testing.T) { refusesItself(t, engine) })
	t.Run("many rows, many frames", func(t *testing.T) { agreesOnManyRows(t, engine, reference) })
	each(t, engine, func(t *testing.T, c *cases.Case, x kpn.Executable) {
		t.Helper()
		agrees(t, c, kept{engine, x}, reference)
		varies(t, c, x)
	})
}

// Invariances holds an engine to itself: what a job gives depends neither on
// the size of its blocks nor on which items share it.
func Invariances(t *testing.T, engine kpn.Engine) {
	t.Helper()
	t.Logf("engine: %+v", engine.Device())
	each(t, engine, varies)
}

// varies renders a case in different ways on one engine.
func varies(t *testing.T, c *cases.Case, x kpn.Executable) {
	t.Helper()
	blocksDoNotMatter(t, c, x)
	batchesDoNotMatter(t, c, x)
}

// each runs a check on every case, compiled once.
func each(t *testing.T, engine kpn.Engine, check func(t *testing.T, c *cases.Case, x kpn.Executable)) {
	t.Helper()
	all, err := cases.All()
	require.NoError(t, err)
	for _, c := range all {
		t.Run(c.Name, func(t *testing.T) {
			x, err := engine.Compile(c.Graph)
			require.NoError(t, err)
			defer func() { require.NoError(t, x.Close()) }()
			check(t, c, x)
		})
	}
}

// kept is an engine that has compiled its graph already.
type kept struct {
	kpn.Engine
	executable kpn.Executable
}

// Compile implements [kpn.Engine].
func (k kept) Compile(*kpn.Graph) (kpn.Executable, error) { return lent{k.executable}, nil }

// lent is an executable that its borrower cannot close.
type lent struct{ kpn.Executable }

// Close implements [kpn.Executable].
func (lent) Close() error { return nil }

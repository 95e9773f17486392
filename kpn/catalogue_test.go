package kpn_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/kpn"
)

func TestDecimatorTable(t *testing.T) {
	for _, q := range []kpn.Quality{kpn.Draft, kpn.Standard, kpn.High} {
		for r := 1; r <= 64; r *= 2 {
			st, l := kpn.Decimator(r, q)
			t.Log(q, r, l, st)
		}
	}
	require.NotNil(t, kpn.Catalogue())
}

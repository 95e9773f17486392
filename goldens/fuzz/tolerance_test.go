package fuzz

import (
	"errors"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sawmill/cpuref"
	"sawmill/goldens/compare"
)

// TestToleranceOfAnyGraphIsANumber: one that is none would leave its graph
// unjudged. Errors without a bound are infinite, and refused with that.
func TestToleranceOfAnyGraphIsANumber(t *testing.T) {
	reference := cpuref.New()
	for seed := range uint64(1000) {
		trial := FromSeed(seed)
		if trial.Fault != "" {
			continue
		}
		s, err := trial.on(trial.jobs()[0]).specimen()
		require.NoError(t, err)
		derived, err := compare.DeriveRanged(t.Context(), reference, s.Case.Graph, s.Case.GoldenJob())
		var config *compare.ConfigError
		if errors.As(err, &config) {
			assert.NotContains(t, config.Reason, "NaN", "seed %d", seed)
			continue
		}
		require.NoError(t, err, "seed %d", seed)
		for i, tolerance := range derived {
			assert.False(t, math.IsNaN(tolerance.MaxAbs) || math.IsNaN(tolerance.RMSdB), "seed %d, output %s: %v", seed, s.Case.Graph.Outputs[i], tolerance)
		}
	}
}

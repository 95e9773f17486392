package cpuref_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"sawmill/kpn"
)

// TestRLCIsTheCircuit compares with 1/(1 + pRC + p²LC).
func TestRLCIsTheCircuit(t *testing.T) {
	for _, c := range []struct{ r, l, c float64 }{{300, 100, 100}, {100, 10, 40}, {1000, 1, 100}, {1e4, 1, 10}} {
		l, farad := c.l*1e-3, c.c*1e-9
		requireResponse(t, kpn.KindRLC, map[string]float64{"resistance": c.r, "inductance": c.l, "capacitance": c.c}, func(p complex128) complex128 {
			return 1 / (1 + p*complex(c.r*farad, 0) + p*p*complex(l*farad, 0))
		})
	}
}

// TestRLCKeepsItsEnergy adds up, frame by frame, what the source gives and what
// [kpn.RLCHeat] takes: the inductor and the capacitor have the rest. The
// current follows from the voltage alone.
func TestRLCKeepsItsEnergy(t *testing.T) {
	const r, l, c = 40.0, 20.0, 60.0
	in := tensor(kpn.Shape{B: 1, C: 1, F: 700}, 9, -5, 5).Data
	out := filtered(t, kpn.KindRLC, map[string]float64{"resistance": r, "inductance": l, "capacitance": c}, in)
	energy, heat, given := 0.0, 0.0, 0.0
	source, voltage, current := 0.0, 0.0, 0.0
	for i, v := range out {
		mean := c * 1e-9 * (v - voltage) * rate
		given += mean * (source + float64(in[i])) / 2 / rate
		lost := kpn.RLCHeat(rate, r, c, voltage, v)
		assert.GreaterOrEqual(t, lost, 0.0)
		heat += lost
		current = 2*mean - current
		source, voltage = float64(in[i]), v
		energy = l*1e-3*current*current/2 + c*1e-9*v*v/2
		assert.InDelta(t, given, energy+heat, 1e-12*(given+1e-9), "frame %d", i)
	}
	assert.Greater(t, heat, energy)
	assert.Positive(t, energy)
}

// TestRLCWithoutResistanceRingsForEver at the frequency that the trapezoidal
// rule makes of 1/(2π√(LC)).
func TestRLCWithoutResistanceRingsForEver(t *testing.T) {
	const l, c = 50.0, 80.0
	h := filtered(t, kpn.KindRLC, map[string]float64{"resistance": 0, "inductance": l, "capacitance": c}, impulse(4000))
	angle := 2 * math.Atan(1/(2*rate*math.Sqrt(l*c*1e-12)))
	for n := 3; n < len(h); n++ {
		assert.InDelta(t, 2*math.Cos(angle)*h[n-1]-h[n-2], h[n], 1e-12, "frame %d", n)
	}
	assert.Greater(t, math.Abs(h[3990])+math.Abs(h[3995]), math.Abs(h[1]))
}

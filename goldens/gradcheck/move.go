package gradcheck

import (
	"math"
	"slices"

	"sawmill/kpn"
)

// The steps of a difference: the smallest times powers of a factor. Powers of
// two, so that a step of a few units in the last place of a float32 value
// stays one when it grows.
const (
	levels = 5
	factor = 8
)

// The smallest steps.
const (
	// stepCycles is what a phase moves by at the end of the job.
	stepCycles = 0x1p-32
	// stepFrames is what a time moves by.
	stepFrames = 0x1p-20
	// stepPlain is what plain numbers move by, relative to their size.
	stepPlain = 0x1p-24
	// stepLeast is what everything moves by at least, relative to its size: a
	// step must be many units in the last place.
	stepLeast = 0x1p-42
)

// move is a perturbation of a target: t times base is added to its values, for
// t from −reach to reach.
type move struct {
	*target
	// base is the smallest step of each value: 0 for one that stays.
	base []float64
	// up and down say which way a value may go: both, or only one near a
	// bound.
	up, down []bool
	// low and high bound the values.
	low, high float64
	// actual is the change that the engine makes of a step from a to b.
	actual func(a, b float64) float64
}

// reach is the largest step, as a multiple of the smallest.
var reach = math.Pow(factor, levels-1)

// least is the smallest.
var least = math.Pow(factor, -4)

// newMove perturbs a target's values along a direction: one weight of at most
// 1 for each value.
func newMove(t *target, job *kpn.Job, direction func(i int) float64) *move {
	m := &move{target: t, base: make([]float64, len(t.values)), up: make([]bool, len(t.values)), down: make([]bool, len(t.values)), actual: t.actual()}
	m.low, m.high = t.bounds()
	step := t.step(job)
	for i, x := range t.values {
		weight := direction(i)
		if weight == 0 {
			continue
		}
		h := max(step(x), stepLeast*math.Abs(x)) * math.Abs(weight)
		if t.tensor != nil {
			h = wholeUnits(h, float32(x))
		}
		m.base[i] = math.Copysign(h, weight)
		far := reach * m.base[i]
		m.up[i], m.down[i] = m.inside(x+far), m.inside(x-far)
		if !m.straight(i) {
			m.base[i] = 0
		}
	}
	return m
}

func (m *move) inside(x float64) bool { return m.low <= x && x <= m.high }

// straight says whether what the engine is given grows in proportion to the
// step: a float32 value that crosses a power of two on its way may not.
func (m *move) straight(i int) bool {
	if !m.up[i] && !m.down[i] {
		return false
	}
	smallest := m.change(i, 1)
	for t := float64(factor); t <= reach; t *= factor {
		if c := m.change(i, t); !(math.Abs(c/(t*smallest)-1) < 1e-3) {
			return false
		}
	}
	return true
}

// wholeUnits rounds a step to units in the last place of a float32 value, at
// least one.
func wholeUnits(h float64, x float32) float64 {
	x = float32(math.Abs(float64(x)))
	unit := float64(math.Nextafter32(x, math.MaxFloat32)) - float64(x)
	if h > unit*(1<<24) {
		// The value's own digits are below those of the step.
		return float64(float32(h))
	}
	return max(1, math.Round(h/unit)) * unit
}

// at are the values at t, as the engine is given them.
func (m *move) at(t float64) []float64 {
	values := make([]float64, len(m.values))
	for i := range values {
		values[i] = m.value(i, t)
	}
	return values
}

func (m *move) value(i int, t float64) float64 {
	x := m.values[i]
	if t > 0 && m.up[i] || t < 0 && m.down[i] {
		x += t * m.base[i]
	}
	if m.tensor != nil {
		return float64(float32(x))
	}
	return x
}

// change is how far value i goes between −t and t.
func (m *move) change(i int, t float64) float64 {
	return m.actual(m.value(i, -t), m.value(i, t))
}

// step returns the smallest step of a value.
func (t *target) step(job *kpn.Job) func(x float64) float64 {
	switch unit := t.unit(); {
	case unit == "Hz" && t.feedsPhase():
		h := stepCycles * job.Rate / float64(job.Shape.F)
		return func(float64) float64 { return h }
	case unit == "cycles":
		return func(float64) float64 { return stepCycles }
	case unit == "s":
		end := float64(job.Shape.F) / job.Rate
		return func(x float64) float64 {
			if x > 2*end {
				// What ends beyond the job has no corner in it.
				return stepPlain * x
			}
			return stepFrames / t.hertz
		}
	case t.spec == nil:
		largest := 0.0
		for _, x := range t.values {
			largest = max(largest, math.Abs(x))
		}
		if largest == 0 {
			largest = 1
		}
		return func(float64) float64 { return stepPlain * largest }
	}
	low, high := t.bounds()
	least := min(1, high-low)
	return func(x float64) float64 { return stepPlain * max(math.Abs(x), least) }
}

// feedsPhase says whether the parameter is a frequency that is summed up to a
// phase.
func (t *target) feedsPhase() bool {
	if t.spec == nil || t.spec.Unit != "Hz" {
		return false
	}
	spec, ok := kpn.Lookup(t.node.Kind)
	return ok && slices.Contains(spec.SeekBrokenBy, t.spec.Name)
}

// unit is that of the parameter.
func (t *target) unit() string {
	if t.spec == nil {
		return ""
	}
	return t.spec.Unit
}

// actual returns how far a parameter really goes from a to b. A frequency
// becomes a phase increment of whole 2⁻⁶⁴ cycles, by the rule of the contract:
// times the reciprocal of the node's rate, rounded to nearest. A modulated one
// becomes another in every frame, of whose roundings the sum is as small as one.
func (t *target) actual() func(a, b float64) float64 {
	if !t.feedsPhase() || t.modulated {
		return func(a, b float64) float64 { return b - a }
	}
	const cycle = 1 << 64
	steps := t.hertz * float64(t.node.Ratio())
	perHertz := 1 / steps
	increment := func(freq float64) uint64 { return uint64(math.RoundToEven(freq * perHertz * cycle)) }
	return func(a, b float64) float64 {
		return float64(int64(increment(b)-increment(a))) / cycle * steps
	}
}

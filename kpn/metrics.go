package kpn

import "time"

// Metrics are what a version-2 node reports of a call, and what a runtime makes
// of that for an execution.
type Metrics struct {
	// MeasuredDelay is the node's delay in frames, as it has measured it.
	MeasuredDelay float64
	// Heat is what it has heated.
	Heat float64
	// Processing, Logging and Total are how long it took, and ThreadCPU the
	// processor's time of that.
	Processing, Logging, Total, ThreadCPU time.Duration
	// Reserved has no meaning yet.
	Reserved [6]float64
}

// Add adds those of a later call: heat and times add up, and the rest is the
// later one's.
func (m *Metrics) Add(later Metrics) {
	later.Heat += m.Heat
	later.Processing += m.Processing
	later.Logging += m.Logging
	later.Total += m.Total
	later.ThreadCPU += m.ThreadCPU
	*m = later
}

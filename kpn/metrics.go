package kpn

import "time"

// Metrics are what a version-2 node reports of an execution.
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

package conformance_test

import (
	"context"
	"errors"
	"fmt"

	"sawmill/cpuref"
	"sawmill/goldens/conformance"
	"sawmill/kpn"
)

// Mine stands for another project's engine. It borrows its samples from the
// reference, times a factor that should be 1.
type Mine struct {
	kpn.Engine
	factor float64
}

// Device says what really runs: an engine that is compared with itself is
// refused.
func (Mine) Device() kpn.Device {
	return kpn.Device{Class: kpn.Software, Name: "mine", Backend: "go", Version: "1.0"}
}

// Compile implements kpn.Engine.
func (m Mine) Compile(g *kpn.Graph) (kpn.Executable, error) {
	x, err := m.Engine.Compile(g)
	return program{x, m.factor}, err
}

type program struct {
	kpn.Executable
	factor float64
}

// Forward gives float32, as devices do.
func (p program) Forward(ctx context.Context, job *kpn.Job, sink kpn.Sink) error {
	return p.Executable.Forward(ctx, job, func(b *kpn.Block) error {
		mine := kpn.Block{Output: b.Output, First: b.First, Shape: b.Shape}
		for i := range b.Shape.Len() {
			mine.F32 = append(mine.F32, float32(p.factor*b.At(i)))
		}
		return sink(&mine)
	})
}

// An engine that another project wrote is held to every case of some kinds;
// without Cases, to all of them. In a test, conformance.Run does the same in
// subtests.
func Example() {
	ctx := context.Background()
	some := conformance.Options{Cases: []string{"gain/*", "osc/saw_none", "osc/saw_polyblep2", "osc/saw_polyblep4"}}
	for _, factor := range []float64{1, 1.00001} {
		report, err := conformance.Verify(ctx, Mine{cpuref.New(), factor}, cpuref.New(), some)
		var failure *conformance.FailureError
		if err != nil && !errors.As(err, &failure) {
			fmt.Println("the suite could not run:", err)
			return
		}
		for _, kind := range report.Groups() {
			fmt.Printf("%s: %d cases, %d failed, margin %s\n", kind.Kind, kind.Cases, kind.Failed, conformance.MarginText(kind.Margin))
		}
		if failure != nil {
			fmt.Println("first failure:", failure.Failures[0].Case)
		}
	}
	// Output:
	// gain: 5 cases, 0 failed, margin +4.9 dB
	// osc: 3 cases, 0 failed, margin +6.1 dB
	// gain: 5 cases, 5 failed, margin -44.5 dB
	// osc: 3 cases, 3 failed, margin -44.5 dB
	// first failure: gain/constant
}

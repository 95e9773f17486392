package kpn

import "fmt"

// KindController plays a curve: its table's points (time, value), in the order
// of their times.
//
// At frame n the curve is read at time t = start + speed·n/rate. Interpolation
// hold gives the value of the latest point that is not after t; linear the
// straight line between that and the next. Before the first point it is the
// first value, from the last on the last. Start moves the place at every frame,
// so that a signal that modulates it reads the curve where it wants.
//
// Shapes: table [points, 2]; start [B,C,F] seconds; speed [B,C,F]; out [B,C,F].
// State: none. Latency: 0 frames.
// Gradients: start and speed, with interpolation linear the slope of the line
// that is read (of the next one at a point), 0 outside; none for the table.
// Errors: *GraphError if the table has no points or its times do not rise;
// *RangeError if a parameter is out of range.
const KindController Kind = "controller"

// The interpolations of a controller, as indices into its interpolation
// parameter's choices.
const (
	ControllerHold = iota
	ControllerLinear
)

var controllerSpec = Spec{
	Kind: KindController,
	Doc:  "Plays a curve given as points of time and value.",
	Params: []Parameter{
		{Name: "interpolation", Doc: "whether a value holds until the next point or goes there in a line", Choices: []string{"hold", "linear"}, Default: ControllerLinear, Max: ControllerLinear},
		{Name: "start", Doc: "time of the curve at frame 0; per frame, an offset", Unit: "s", Min: -maxStage, Max: maxStage, Differentiable: true},
		{Name: "speed", Doc: "seconds of the curve in a second", Unit: "s/s", Default: 1, Min: -1000, Max: 1000, Differentiable: true},
	},
	Table: &TableSpec{
		Doc:     "one row for each point: its time in seconds and its value",
		MinRows: 1, MaxRows: 1 << 16, MinColumns: 2, MaxColumns: 2,
		check: risingTimes,
	},
	MaxOversample: 1,
	Control:       true,
}

// risingTimes says where a curve's times do not rise.
func risingTimes(t *Table) string {
	for i := range t.Rows {
		at := t.Row(i)[0]
		if at < -maxStage || at > maxStage {
			return fmt.Sprintf("the time of point %d is %g s, allowed is %g to %g", i, at, -float64(maxStage), float64(maxStage))
		}
		if i > 0 && !(at > t.Row(i - 1)[0]) {
			return fmt.Sprintf("the time of point %d, %g s, is not after that of the point before, %g s; sort them", i, at, t.Row(i - 1)[0])
		}
	}
	return ""
}

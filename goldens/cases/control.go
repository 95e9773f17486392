package cases

import (
	"fmt"

	"sawmill/kpn"
)

// The rate of a control node, and how control frames lie among audio frames,
// as files spell them: {"id": "lfo", "rate": "control", …} of a case with
// "control": {"rate": 441, "align": "ends"}; align is start if it is left out.
const (
	controlRate = "control"
	alignStart  = "start"
	alignEnds   = "ends"
)

// control is the rate domain of control nodes as a file has it.
type control struct {
	Rate  float64 `json:"rate"`
	Align string  `json:"align"`
}

// build turns it into that of a graph. A nil one is that of a graph without
// control nodes.
func (c *control) build() (kpn.Control, error) {
	if c == nil {
		return kpn.Control{}, nil
	}
	switch c.Align {
	case "", alignStart, alignEnds:
		return kpn.Control{Rate: c.Rate, AlignEnds: c.Align == alignEnds}, nil
	}
	return kpn.Control{}, fmt.Errorf("control: no such align: %q", c.Align)
}

// encodeControl writes the control domain of a draft; nothing for none.
func encodeControl(c kpn.Control) string {
	switch {
	case c == kpn.Control{}:
		return ""
	case c.AlignEnds:
		return fmt.Sprintf(`, "control": {"rate": %s, "align": %q}`, text(c.Rate), alignEnds)
	}
	return fmt.Sprintf(`, "control": {"rate": %s}`, text(c.Rate))
}

// isControl reads a node's rate.
func isControl(rate string) (bool, error) {
	switch rate {
	case "", controlRate:
		return rate == controlRate, nil
	}
	return false, fmt.Errorf("no such rate: %q", rate)
}

package data

import (
	"fmt"
	"math"

	"sawmill/kpn"
)

// Change is how far one section of a golden moved.
type Change struct {
	// Section names it: "output osc", "gradient osc.freq", "peaks out".
	Section string
	// Note says what no number does: that the section is new or gone, or has
	// another shape or scale.
	Note string
	// Largest is the largest difference of two values, 0 if none moved, and
	// Relative the same in terms of the section's size: that of what a
	// gradient sums up; of samples, full scale; 0 if it has none.
	Largest, Relative float64
	// At names the value that moved most, Old and New are what it was and is.
	At       string
	Old, New float64
}

// String is one line.
func (c *Change) String() string {
	text := c.Section + ":"
	if c.Note != "" {
		text += " " + c.Note
	}
	if c.Largest > 0 {
		text += fmt.Sprintf(" largest difference %.3g", c.Largest)
		if c.Relative > 0 {
			text += fmt.Sprintf(" (%.3g of its scale)", c.Relative)
		}
		text += fmt.Sprintf(" at %s: was %v, is %v", c.At, c.Old, c.New)
	}
	return text
}

// Changes lists the sections of a new golden that are not, to the last bit,
// what they were, and those that are gone.
func (g *Golden) Changes(now *Golden) []Change {
	var list []Change
	after := now.contents()
	for _, old := range g.contents() {
		found := false
		for i := range after {
			if after[i].name == old.name {
				found = true
				if c := old.change(&after[i]); c.Note != "" || c.Largest > 0 {
					list = append(list, c)
				}
			}
		}
		if !found {
			list = append(list, Change{Section: old.name, Note: "gone"})
		}
	}
	before := map[string]bool{}
	for _, old := range g.contents() {
		before[old.name] = true
	}
	for i := range after {
		if !before[after[i].name] {
			list = append(list, Change{Section: after[i].name, Note: "new"})
		}
	}
	return list
}

// content is a section as numbers.
type content struct {
	name string
	// heading is what is to be equal but for values.
	heading string
	shape   kpn.Shape
	frames  int
	scale   float64
	values  []float64
}

// contents are a golden's sections.
func (g *Golden) contents() []content {
	var list []content
	for _, o := range g.Outputs {
		list = append(list, content{wordOutput + " " + o.Name, g.Shape.String(), g.Shape, sampleBlock, sampleScale, o.Samples})
	}
	for i := range g.Gradients {
		v := &g.Gradients[i]
		heading := fmt.Sprintf("%v %v %v, scale %v, trifle %v", v.Code, v.Rate, v.Shape, v.Scale, v.Trifle)
		list = append(list, content{wordGradient + " " + refText(v.Ref), heading, v.Shape, gradientBlock, v.Scale, v.F64})
	}
	for _, p := range g.Peaks {
		c := content{name: wordPeaks + " " + p.Node, shape: kpn.Shape{B: g.Shape.B, C: g.Shape.C, F: 1}, frames: 1}
		for _, f := range p.Frames {
			c.values = append(c.values, float64(f))
		}
		list = append(list, c)
	}
	return list
}

// change compares two versions of a section.
func (c *content) change(now *content) Change {
	change := Change{Section: c.name}
	if c.heading != now.heading {
		change.Note = fmt.Sprintf("was %s, is %s;", c.heading, now.heading)
	}
	if c.shape != now.shape {
		return change
	}
	for i, x := range c.values {
		y := now.values[i]
		if e := math.Abs(y - x); e > change.Largest {
			b, ch, f := c.shape.Coordinates(i)
			change.Largest, change.Old, change.New = e, x, y
			change.At = fmt.Sprintf("item %d, channel %d, frame %d (%s)", b, ch, f, place(c.shape, c.frames, i))
		}
	}
	if scale := max(c.scale, now.scale); scale > 0 {
		change.Relative = change.Largest / scale
	}
	return change
}

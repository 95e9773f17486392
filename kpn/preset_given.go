package kpn

import (
	"fmt"
	"slices"
	"strings"
)

// GivenError is a given value that a random parameter of a preset does not
// take.
type GivenError struct {
	// Index is the parameter's place in Sampled.
	Index int
	Param string
	// Reason says what was found and what is allowed.
	Reason string
}

// Error implements error.
func (e *GivenError) Error() string { return fmt.Sprintf("%s: %s", e.Param, e.Reason) }

// DrawUnits makes draws of unit values in [0, 1], one for each of Sampled.
// Nothing is rounded. It fails with *[GivenError]; it panics if there are not
// as many values as parameters.
func (p *Preset) DrawUnits(units []float64) ([]Draw, error) {
	draws := make([]Draw, len(p.Sampled))
	for i, u := range units[:len(draws)] {
		// Written so that NaN fails too.
		if !(u >= 0 && u <= 1) {
			return nil, p.given(i, "got the unit value %s; allowed is 0 to 1", number(u))
		}
		draws[i] = p.Sampled[i].draw(u)
	}
	return draws, nil
}

// DrawValues makes draws of physical values, one for each of Sampled, inside
// what its distribution covers: of an enumeration, the indices of names that
// it chooses from. Nothing is rounded. It fails with *[GivenError]; it panics
// if there are not as many values as parameters.
func (p *Preset) DrawValues(values []float64) ([]Draw, error) {
	draws := make([]Draw, len(p.Sampled))
	for i, v := range values[:len(draws)] {
		s := &p.Sampled[i]
		lo, hi := s.Distribution.Support()
		if !(v >= lo && v <= hi) {
			return nil, p.given(i, "got %s; allowed is %s to %s", withUnit(number(v), s.Unit), number(lo), withUnit(number(hi), s.Unit))
		}
		d := Draw{Unit: s.Distribution.Unit(v), Value: v}
		switch of := s.Distribution.(type) {
		case midi:
			// A frequency between two notes is none of them.
			if note := of.note(d.Unit); noteFrequency(note) == v {
				d.Note = &note
			}
		case choice:
			if of.names != nil {
				at := slices.Index(of.values, v)
				if at < 0 {
					return nil, p.given(i, "got %s; allowed are %s", number(v), of.indices())
				}
				d.Name = of.names[at]
			}
		}
		draws[i] = d
	}
	return draws, nil
}

// Named is the physical value of a name, where a parameter is an enumeration.
func (p *Preset) Named(index int, name string) (float64, error) {
	d, ok := p.Sampled[index].Distribution.(choice)
	if !ok || d.names == nil {
		return 0, p.given(index, "got %q, which is no number", shorten(name, maxQuotedRunes))
	}
	at := slices.Index(d.names, name)
	if at < 0 {
		return 0, p.given(index, "%s", unknown(shorten(name, maxQuotedRunes), d.names))
	}
	return d.values[at], nil
}

func (p *Preset) given(index int, format string, args ...any) *GivenError {
	return &GivenError{Index: index, Param: p.Sampled[index].Name, Reason: fmt.Sprintf(format, args...)}
}

// indices lists an enumeration's values with their names.
func (d choice) indices() string {
	words := make([]string, len(d.values))
	for i, v := range d.values {
		words[i] = fmt.Sprintf("%s (%s)", number(v), d.names[i])
	}
	return strings.Join(words, ", ")
}

// BindDraws sets the parameters of the nodes that the draws feed in job.Items:
// draws[i] are those of the job's item i. Nothing is rounded.
func (p *Preset) BindDraws(job *Job, draws [][]Draw) {
	p.bindItems(job, draws, func(_ int, v float64) float64 { return v })
}

// bindItems binds draws, with what the nodes get rounded by the caller.
func (p *Preset) bindItems(job *Job, draws [][]Draw, round func(binding int, v float64) float64) {
	if job.Items == nil {
		job.Items = map[ParamRef][]float64{}
	}
	for i := range p.bindings {
		b := &p.bindings[i]
		values := make([]float64, job.Shape.B)
		for item := range values {
			values[item] = round(i, b.value(draws[item][b.sampled].Value))
		}
		job.Items[b.ref] = values
	}
}

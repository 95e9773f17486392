package conformance

import (
	"fmt"
	"path"

	"sawmill/goldens/cases"
	"sawmill/goldens/compare"
	"sawmill/kpn"
)

// subject is one graph that is checked.
type subject struct {
	name  string
	graph *kpn.Graph
	// of is the case that it was made of; nil for one that no file holds.
	of *cases.Case
	// trials are what is compared with the reference: the case's own job
	// first.
	trials []trial
	// bind makes a job of any shape; nil for a subject that is not varied.
	bind func(s kpn.Shape, firstItem uint64) *kpn.Job
}

// trial is one job of a subject.
type trial struct {
	job *kpn.Job
	// tolerances has one for each output; none are derived.
	tolerances []compare.Tolerance
	// forwardOnly leaves gradients out.
	forwardOnly bool
}

// label describes a job in errors and reports.
func label(j *kpn.Job) string {
	text := fmt.Sprintf("%v, seed %#x", j.Shape, j.Seed)
	if j.FirstItem > 0 {
		text += fmt.Sprintf(" from item %d", j.FirstItem)
	}
	return text
}

// oddJobs are shapes and seeds that every case is also rendered with: a
// single sample, a prime number of frames, items far into a dataset, a seed of
// 64 bits, and a row long enough for a spectrum.
var oddJobs = []struct {
	shape     kpn.Shape
	seed      uint64
	firstItem uint64
}{
	{kpn.Shape{B: 1, C: 1, F: 1}, 2, 5},
	{kpn.Shape{B: 3, C: 2, F: 113}, 0xC0FFEE0123456789, 1<<32 - 2},
	{kpn.Shape{B: 1, C: 1, F: 2053}, 3, 1},
}

// subjectOf makes a case a subject; with odd jobs only where there is a
// reference to render them.
func subjectOf(c *cases.Case, odd bool) subject {
	s := subject{
		name: c.Name, graph: c.Graph, of: c,
		trials: []trial{{job: c.GoldenJob(), tolerances: c.Tolerances}},
		bind:   func(shape kpn.Shape, first uint64) *kpn.Job { return c.Job(shape, c.Seed, first) },
	}
	if odd {
		for _, o := range oddJobs {
			s.trials = append(s.trials, trial{job: c.Job(o.shape, o.seed, o.firstItem)})
		}
	}
	return s
}

// ManyRows is the name of a check that no case file holds: a second of 64
// saws, which is more rows, chunks and frames than the cases have.
const ManyRows = "suite/many_rows"

func manyRows() subject {
	graph := &kpn.Graph{
		Nodes: []kpn.Node{{ID: "saw", Kind: kpn.KindOsc, Params: map[string]kpn.Param{
			"shape": kpn.Const(kpn.OscSaw),
			"freq":  {Rate: kpn.PerItem},
		}}},
		Outputs: []string{"saw"},
	}
	job := &kpn.Job{Shape: kpn.Shape{B: 64, C: 1, F: 48000}, Rate: 48000, Items: map[kpn.ParamRef][]float64{}}
	ref := kpn.ParamRef{Node: "saw", Param: "freq"}
	for item := range job.Shape.B {
		job.Items[ref] = append(job.Items[ref], 20+5000*kpn.UnitDraw(1, uint64(item), "freq"))
	}
	return subject{name: ManyRows, graph: graph, trials: []trial{{job: job, forwardOnly: true}}}
}

// subjects are what the options select.
func subjects(o *Options, goldens bool) ([]subject, error) {
	all, err := cases.All()
	if err != nil {
		return nil, err
	}
	var list []subject
	if !goldens {
		list = append(list, manyRows())
	}
	for _, c := range all {
		list = append(list, subjectOf(c, !goldens))
	}
	if len(o.Cases) == 0 {
		return list, nil
	}
	var some []subject
	hit := make([]bool, len(o.Cases))
	for i := range list {
		chosen := false
		for k, pattern := range o.Cases {
			ok, err := path.Match(pattern, list[i].name)
			if err != nil {
				return nil, &SelectionError{pattern, err.Error()}
			}
			if ok {
				hit[k], chosen = true, true
			}
		}
		if chosen {
			some = append(some, list[i])
		}
	}
	for k, ok := range hit {
		if !ok {
			return nil, &SelectionError{o.Cases[k], "no case has such a name"}
		}
	}
	return some, nil
}

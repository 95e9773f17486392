package fuzz

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"sawmill/goldens/cases"
	"sawmill/kpn"
)

// TestAnyBytesMakeATrial: whatever the bytes, every job of the trial is a
// valid case, and the same bytes make the same trial.
func TestAnyBytesMakeATrial(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		data := rapid.SliceOfN(rapid.Byte(), 0, 400).Draw(t, "tape")
		trial := FromBytes(data)
		require.Equal(t, trial, FromBytes(data))
		for _, j := range trial.jobs() {
			_, err := trial.on(j).specimen()
			require.NoError(t, err)
		}
	})
}

// TestAnEmptyTapeIsThePlainestTrial is what the fuzzer's minimizer relies on.
func TestAnEmptyTapeIsThePlainestTrial(t *testing.T) {
	trial := FromBytes(nil)
	assert.Len(t, trial.Draft.Nodes, 1)
	assert.Empty(t, trial.Draft.Nodes[0].Params)
	assert.Empty(t, trial.Fault)
	assert.Empty(t, trial.More)
}

// TestTrialsCoverTheCatalogue holds the generator to what it promises: each
// kind, each parameter in each form, each choice, each tier, and everything
// that graphs and jobs can have. What it lists comes from the specs.
func TestTrialsCoverTheCatalogue(t *testing.T) {
	found := map[string]int{}
	for seed := range uint64(20000) {
		for _, feature := range features(generate(&tape{bytes: seedTape(seed)}, true)) {
			found[feature]++
		}
	}
	for _, want := range wantedFeatures() {
		assert.NotZero(t, found[want], "no trial has %s", want)
	}
}

// wantedFeatures lists what trials must have among them.
func wantedFeatures() []string {
	list := []string{
		"fan-out", "delay", "delay beyond the job", "an output inside", "several outputs", "a node that nothing depends on",
		"nodes out of order", "several jobs", "one item", "several items", "one frame", "many frames", "far items",
		"quality draft", "quality high", "one source twice",
		"a control rate", "aligned ends", "a control rate as high as can be", "a control signal at a port", "a loop",
		"a modulation by control", "a modulation of control", "a delayed modulation", "several modulations of one parameter",
		"mode add", "mode multiply", "channel -1", "channel 0", "a channel that is not there",
	}
	for ratio := 2; ratio <= kpn.MaxOversample; ratio *= 2 {
		list = append(list, fmt.Sprintf("ratio %d", ratio))
	}
	for _, f := range FaultNames() {
		list = append(list, "fault "+f)
	}
	for _, s := range kpn.Catalogue() {
		list = append(list, "kind "+string(s.Kind))
		if s.Control {
			list = append(list, "control "+string(s.Kind))
		}
		for i := range s.Params {
			p := &s.Params[i]
			base := fmt.Sprintf("%s.%s", s.Kind, p.Name)
			if p.Modulatable() {
				list = append(list, base+" modulated")
			}
			for form := cases.Fixed; form <= cases.PerFrame && !p.Structural; form++ {
				list = append(list, fmt.Sprintf("%s of form %d", base, form))
			}
			list = append(list, base+" at its default", base+" at its lowest", base+" at its highest")
			for k := range p.Choices {
				list = append(list, fmt.Sprintf("%s choice %d", base, k))
			}
		}
		if port, ok := s.Variadic(); ok {
			for _, n := range []int{max(1, port.Least), max(1, port.Least) + 1, port.Limit()} {
				list = append(list, fmt.Sprintf("%s of %d sources", s.Kind, n))
			}
		}
	}
	return list
}

// features lists what a trial has.
func features(t *Trial) []string {
	d := &t.Draft
	list := []string{"fault " + t.Fault}
	add := func(has bool, format string, args ...any) {
		if has {
			list = append(list, fmt.Sprintf(format, args...))
		}
	}
	into, outOf, pairs, place := map[string]int{}, map[string]int{}, map[string]int{}, map[string]int{}
	for i, n := range d.Nodes {
		place[n.ID] = i
	}
	modulations, control := map[string]int{}, map[string]bool{}
	for _, n := range d.Nodes {
		control[n.ID] = n.Control
	}
	add(d.Control.Rate > 0, "a control rate")
	add(d.Control.Rate == kpn.MaxControlRatio*d.Rate, "a control rate as high as can be")
	add(d.Control.AlignEnds, "aligned ends")
	for _, e := range d.Edges {
		add(place[e.From] >= place[e.To] && e.DelayFrames > 0, "a loop")
		if m := e.Modulation; m != nil {
			modulations[e.To+" "+e.Port]++
			add(modulations[e.To+" "+e.Port] > 1, "several modulations of one parameter")
			list = append(list, "mode "+m.Mode.String(), fmt.Sprintf("channel %d", m.Channel))
			add(m.Channel >= d.Shape.C, "a channel that is not there")
			add(e.DelayFrames > 0, "a delayed modulation")
			add(control[e.From] && !control[e.To], "a modulation by control")
			add(control[e.To], "a modulation of control")
			spec, _ := kpn.Lookup(d.Nodes[place[e.To]].Kind)
			p, _, _ := spec.Param(e.Port)
			list = append(list, fmt.Sprintf("%s.%s modulated", spec.Kind, p.Name))
			continue
		}
		add(control[e.From] && !control[e.To], "a control signal at a port")
		into[e.To]++
		outOf[e.From]++
		pairs[e.From+" "+e.To]++
		add(e.DelayFrames > 0, "delay")
		add(e.DelayFrames > d.Shape.F, "delay beyond the job")
		add(pairs[e.From+" "+e.To] > 1, "one source twice")
		add(place[e.From] > place[e.To], "nodes out of order")
	}
	for _, o := range d.Outputs {
		add(outOf[o] > 0, "an output inside")
	}
	add(len(d.Outputs) > 1, "several outputs")
	add(len(t.More) > 0, "several jobs")
	add(d.Shape.B == 1, "one item")
	add(d.Shape.B > 1, "several items")
	add(d.Shape.F == 1, "one frame")
	add(d.Shape.F >= 1000, "many frames")
	add(d.FirstItem > 1<<40, "far items")
	add(t.clone().noDead(), "a node that nothing depends on")
	for i := range d.Nodes {
		n := &d.Nodes[i]
		spec, _ := kpn.Lookup(n.Kind)
		add(n.Control, "control %s", n.Kind)
		list = append(list, "kind "+string(n.Kind), fmt.Sprintf("ratio %d", n.Oversample), fmt.Sprintf("quality %v", n.Quality))
		add(outOf[n.ID] > 1, "fan-out")
		list = append(list, fmt.Sprintf("%s of %d sources", n.Kind, into[n.ID]))
		list = append(list, parameterFeatures(n, spec, d.Rate)...)
	}
	return list
}

func parameterFeatures(n *cases.DraftNode, spec *kpn.Spec, rate float64) []string {
	var list []string
	for i := range spec.Params {
		p := &spec.Params[i]
		base := fmt.Sprintf("%s.%s", n.Kind, p.Name)
		given := false
		for name, v := range n.Params {
			if q, _, _ := spec.Param(name); q != p {
				continue
			}
			given = true
			list = append(list, fmt.Sprintf("%s of form %d", base, v.Form))
			if v.Form == cases.Fixed {
				list = append(list, fmt.Sprintf("%s choice %v", base, v.Low))
				if v.Low == p.Min {
					list = append(list, base+" at its lowest")
				}
				if v.Low == p.Upper(rate) {
					list = append(list, base+" at its highest")
				}
			}
		}
		if !given {
			list = append(list, base+" at its default")
		}
	}
	return list
}

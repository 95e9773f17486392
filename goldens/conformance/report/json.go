package report

import (
	"encoding/json"
	"io"
	"math"
	"strconv"
	"time"

	"sawmill/goldens/compare"
	"sawmill/goldens/conformance"
	"sawmill/kpn"
)

// number is a number in JSON, or one of the texts "NaN", "+Inf" and "-Inf",
// which JSON has no numbers for.
type number float64

// MarshalJSON implements [json.Marshaler].
func (n number) MarshalJSON() ([]byte, error) {
	x := float64(n)
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return json.Marshal(strconv.FormatFloat(x, 'g', -1, 64))
	}
	return json.Marshal(x)
}

// The parts of the document.
type (
	jsonDocument struct {
		Format    string       `json:"format"`
		Version   int          `json:"version"`
		Verdict   string       `json:"verdict"`
		Engine    jsonDevice   `json:"engine"`
		Reference jsonDevice   `json:"reference"`
		BitsOf    string       `json:"bits_of"`
		Started   *time.Time   `json:"started,omitempty"`
		Seconds   float64      `json:"seconds"`
		Total     jsonGroup    `json:"total"`
		Kinds     []jsonGroup  `json:"kinds"`
		Cases     []jsonCase   `json:"cases"`
		Unused    []jsonWaiver `json:"unused_waivers"`
	}
	jsonDevice struct {
		Class   kpn.DeviceClass `json:"class"`
		Name    string          `json:"name"`
		Backend string          `json:"backend"`
		Version string          `json:"version"`
	}
	jsonGroup struct {
		Kind           string   `json:"kind"`
		Cases          int      `json:"cases"`
		Passed         int      `json:"passed"`
		Waived         int      `json:"waived"`
		Failed         int      `json:"failed"`
		MaxError       number   `json:"max_error"`
		Margin         number   `json:"margin_db"`
		GradientError  number   `json:"gradient_error"`
		GradientMargin number   `json:"gradient_margin_db"`
		SampleBits     jsonBits `json:"sample_bits"`
		GradientBits   jsonBits `json:"gradient_bits"`
	}
	jsonBits struct {
		Same    int `json:"same"`
		Differ  int `json:"differ"`
		NoValue int `json:"no_value"`
	}
	jsonCase struct {
		Name           string            `json:"name"`
		Kind           string            `json:"kind"`
		Verdict        string            `json:"verdict"`
		Seconds        float64           `json:"seconds"`
		MaxError       number            `json:"max_error"`
		Margin         number            `json:"margin_db"`
		GradientError  number            `json:"gradient_error"`
		GradientMargin number            `json:"gradient_margin_db"`
		SampleBits     string            `json:"sample_bits"`
		GradientBits   string            `json:"gradient_bits"`
		SampleDigest   string            `json:"sample_sha256,omitempty"`
		GradientDigest string            `json:"gradient_sha256,omitempty"`
		Forward        jsonFinding       `json:"forward"`
		Gradient       jsonFinding       `json:"gradient"`
		Bits           jsonFinding       `json:"bits"`
		Trials         []jsonTrial       `json:"trials"`
		Gradients      []jsonGradientJob `json:"gradients"`
	}
	jsonFinding struct {
		Verdict  string        `json:"verdict"`
		Failures []jsonFailure `json:"failures,omitempty"`
		Waiver   *jsonWaiver   `json:"waiver,omitempty"`
		Note     string        `json:"note,omitempty"`
	}
	jsonFailure struct {
		Check string `json:"check"`
		Error string `json:"error"`
	}
	jsonWaiver struct {
		Renderer string `json:"renderer"`
		Case     string `json:"case"`
		What     string `json:"what"`
		Issue    string `json:"issue"`
		Reason   string `json:"reason"`
	}
	jsonTrial struct {
		Job     string       `json:"job"`
		Shape   [3]int       `json:"shape"`
		Rate    float64      `json:"rate"`
		Margin  number       `json:"margin_db"`
		Outputs []jsonOutput `json:"outputs"`
	}
	jsonOutput struct {
		Output    string            `json:"output"`
		Allowed   compare.Tolerance `json:"allowed"`
		Samples   int               `json:"samples"`
		MaxAbs    number            `json:"max_abs"`
		RMS       number            `json:"rms"`
		SignalRMS number            `json:"signal_rms"`
		Bad       int               `json:"bad"`
		NotFinite int               `json:"not_finite"`
		Worst     jsonSample        `json:"worst"`
		First     *jsonSample       `json:"first,omitempty"`
	}
	jsonSample struct {
		Item    int    `json:"item"`
		Channel int    `json:"channel"`
		Frame   int    `json:"frame"`
		Got     number `json:"got"`
		Want    number `json:"want"`
	}
	jsonGradientJob struct {
		Job        string         `json:"job"`
		Relative   float64        `json:"relative"`
		Share      float64        `json:"share"`
		Parameters []jsonGradient `json:"parameters"`
	}
	jsonGradient struct {
		Node       string     `json:"node"`
		Param      string     `json:"param,omitempty"`
		Rate       string     `json:"rate"`
		Shape      [3]int     `json:"shape"`
		Code       int        `json:"code"`
		Norm       number     `json:"norm"`
		Got        number     `json:"candidate_norm"`
		Difference number     `json:"difference"`
		Allowed    number     `json:"allowed"`
		NotFinite  int        `json:"not_finite"`
		Worst      jsonSample `json:"worst"`
		Fault      string     `json:"fault,omitempty"`
	}
)

// JSON writes everything that a report has, but for the signals.
func JSON(w io.Writer, r *conformance.Report) error {
	d := jsonDocument{
		Format: "sawmill conformance", Version: 1, Verdict: verdict(r),
		Engine: jsonDevice(r.Engine), Reference: jsonDevice(r.Reference), BitsOf: r.BitsOf,
		Seconds: r.Took.Seconds(), Total: groupOf(r.Total()), Unused: []jsonWaiver{},
	}
	if !r.Started.IsZero() {
		d.Started = &r.Started
	}
	for _, g := range r.Groups() {
		d.Kinds = append(d.Kinds, groupOf(g))
	}
	for i := range r.Cases {
		d.Cases = append(d.Cases, caseOf(&r.Cases[i]))
	}
	for i := range r.Unused {
		d.Unused = append(d.Unused, *waiverOf(&r.Unused[i]))
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	return e.Encode(d)
}

// verdict is a report's in one word.
func verdict(r *conformance.Report) string {
	if r.Err() != nil {
		return "failed"
	}
	return "passed"
}

func groupOf(g conformance.Group) jsonGroup {
	return jsonGroup{
		Kind: g.Kind, Cases: g.Cases, Passed: g.Passed, Waived: g.Waived, Failed: g.Failed,
		MaxError: number(g.MaxError), Margin: number(g.Margin),
		GradientError: number(g.GradientError), GradientMargin: number(g.GradientMargin),
		SampleBits: jsonBits(g.Samples), GradientBits: jsonBits(g.Gradients),
	}
}

func caseOf(c *conformance.CaseReport) jsonCase {
	j := jsonCase{
		Name: c.Name, Kind: c.Kind(), Verdict: word(c.Verdict()), Seconds: c.Took.Seconds(),
		MaxError: number(c.MaxError()), Margin: number(c.Margin()),
		GradientError: number(c.GradientError()), GradientMargin: number(c.GradientMargin()),
		SampleBits: c.Samples.String(), GradientBits: c.GradientBits.String(),
		SampleDigest: c.Digests.Samples, GradientDigest: c.Digests.Gradients,
		Forward: findingOf(&c.Forward), Gradient: findingOf(&c.Gradient), Bits: findingOf(&c.Bits),
		Trials: []jsonTrial{}, Gradients: []jsonGradientJob{},
	}
	for i := range c.Trials {
		j.Trials = append(j.Trials, trialOf(&c.Trials[i]))
	}
	for i := range c.Gradients {
		j.Gradients = append(j.Gradients, gradientsOf(&c.Gradients[i]))
	}
	return j
}

func findingOf(f *conformance.Finding) jsonFinding {
	j := jsonFinding{Verdict: word(f.Verdict), Waiver: waiverOf(f.Waiver), Note: f.Note}
	for _, e := range f.Failures {
		j.Failures = append(j.Failures, jsonFailure{e.Check, e.Cause.Error()})
	}
	return j
}

// word is a verdict for machines.
func word(v conformance.Verdict) string {
	switch v {
	case conformance.Passed:
		return "passed"
	case conformance.Waived:
		return "waived"
	case conformance.Failed:
		return "failed"
	case conformance.Unchecked:
		return "unchecked"
	}
	return "unknown"
}

func waiverOf(w *conformance.Waiver) *jsonWaiver {
	if w == nil {
		return nil
	}
	return &jsonWaiver{w.Renderer, w.Case, string(w.What), w.Issue, w.Reason}
}

func trialOf(t *conformance.Trial) jsonTrial {
	s := t.Report.Shape
	j := jsonTrial{Job: t.Label, Shape: [3]int{s.B, s.C, s.F}, Rate: t.Rate, Margin: number(t.Margin()), Outputs: []jsonOutput{}}
	for i := range t.Report.Outputs {
		o := &t.Report.Outputs[i]
		out := jsonOutput{
			Output: o.Output, Allowed: o.Tolerance, Samples: o.Samples,
			MaxAbs: number(o.MaxAbs), RMS: number(o.RMS), SignalRMS: number(o.SignalRMS),
			Bad: o.Bad, NotFinite: o.NotFinite, Worst: sampleOf(o.Worst),
		}
		if o.First != nil {
			first := sampleOf(*o.First)
			out.First = &first
		}
		j.Outputs = append(j.Outputs, out)
	}
	return j
}

func sampleOf(s compare.Sample) jsonSample {
	return jsonSample{s.B, s.C, s.F, number(s.Got), number(s.Want)}
}

func gradientsOf(t *conformance.GradientTrial) jsonGradientJob {
	j := jsonGradientJob{Job: t.Label, Relative: t.Report.Tolerance.Relative, Share: t.Report.Tolerance.Share, Parameters: []jsonGradient{}}
	for i := range t.Report.Lines {
		l := &t.Report.Lines[i]
		j.Parameters = append(j.Parameters, jsonGradient{
			Node: l.Ref.Node, Param: l.Ref.Param, Rate: l.Rate.String(), Shape: [3]int{l.Shape.B, l.Shape.C, l.Shape.F}, Code: int(l.Code),
			Norm: number(l.Norm), Got: number(l.CandidateNorm), Difference: number(l.Difference), Allowed: number(l.Allowed),
			NotFinite: l.NotFinite, Worst: sampleOf(l.Worst), Fault: l.Fault,
		})
	}
	return j
}

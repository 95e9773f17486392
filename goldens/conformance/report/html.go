package report

import (
	_ "embed" // the page
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"slices"

	"sawmill/goldens/conformance"
	"sawmill/kpn"
)

// maxPictures bounds the failing cases that are shown with plots, so that the
// page of an engine that fails everything can still be opened.
const maxPictures = 24

// maxLines bounds what is listed of one case's failures.
const maxLines = 6

//go:embed page.html
var pageText string

var page = template.Must(template.New("page").Funcs(template.FuncMap{
	"level":    conformance.Level,
	"margin":   conformance.MarginText,
	"relative": conformance.RelativeText,
	"word":     word,
}).Parse(pageText))

// view is what the page shows.
type view struct {
	*conformance.Report
	Passed          bool
	Kinds           []conformance.Group
	Sum             conformance.Group
	Failing, Waived []caseView
	Differing       []caseView
	Worst           []caseView
	Seconds         string
}

// caseView is one case.
type caseView struct {
	*conformance.CaseReport
	Findings []findingView
	Caption  string
	Plots    []plotView
}

type findingView struct {
	What    conformance.What
	Verdict conformance.Verdict
	Waiver  *conformance.Waiver
	Note    string
	Lines   []string
	More    int
}

type plotView struct {
	Title string
	Image template.URL
}

// HTML writes a report as one page that needs no other file: the failing cases
// first, then what is waived, then the case of each kind that is nearest to
// its tolerance. It has plots where the report has signals.
func HTML(w io.Writer, r *conformance.Report) error {
	v := view{Report: r, Passed: r.Err() == nil, Kinds: r.Groups(), Sum: r.Total()}
	if r.Took > 0 {
		v.Seconds = fmt.Sprintf("%.1f s", r.Took.Seconds())
	}
	left := maxPictures
	for _, c := range r.Severe() {
		// Wrong gradients of right samples are nothing to look at.
		plots := len(c.Forward.Failures) > 0 && left > 0
		if plots {
			left--
		}
		shown, err := show(c, plots)
		if err != nil {
			return fmt.Errorf("%s: plot: %w", c.Name, err)
		}
		switch c.Verdict() {
		case conformance.Failed:
			v.Failing = append(v.Failing, shown)
		case conformance.Waived:
			v.Waived = append(v.Waived, shown)
		case conformance.Passed, conformance.Unchecked:
			v.Differing = append(v.Differing, shown)
		}
	}
	for _, c := range nearest(r) {
		shown, err := show(c, true)
		if err != nil {
			return fmt.Errorf("%s: plot: %w", c.Name, err)
		}
		v.Worst = append(v.Worst, shown)
	}
	return page.Execute(w, v)
}

// nearest returns, of each kind, the passing case with the smallest margin.
func nearest(r *conformance.Report) []*conformance.CaseReport {
	var list []*conformance.CaseReport
	for i := range r.Cases {
		c := &r.Cases[i]
		if c.Verdict() != conformance.Passed || choose(c) == nil {
			continue
		}
		at := slices.IndexFunc(list, func(o *conformance.CaseReport) bool { return o.Kind() == c.Kind() })
		switch {
		case at < 0:
			list = append(list, c)
		case c.Margin() < list[at].Margin():
			list[at] = c
		}
	}
	return list
}

// show prepares a case.
func show(c *conformance.CaseReport, plots bool) (caseView, error) {
	v := caseView{CaseReport: c}
	for _, what := range conformance.Everything() {
		f := c.Finding(what)
		if len(f.Failures) == 0 {
			continue
		}
		shown := findingView{What: what, Verdict: f.Verdict, Waiver: f.Waiver, Note: f.Note}
		for i, e := range f.Failures {
			if i == maxLines {
				shown.More = len(f.Failures) - maxLines
				break
			}
			shown.Lines = append(shown.Lines, e.Text())
		}
		v.Findings = append(v.Findings, shown)
	}
	p := choose(c)
	if p == nil || !plots {
		return v, nil
	}
	v.Caption = p.caption()
	for _, kind := range []struct {
		title string
		draw  func() ([]byte, error)
	}{
		{"Waveform", p.waveform},
		{"Difference", p.differencePlot},
		{"Spectrum", p.spectra},
	} {
		data, err := kind.draw()
		if err != nil {
			return v, err
		}
		image := template.URL("data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString(data))
		v.Plots = append(v.Plots, plotView{kind.title, image})
	}
	return v, nil
}

// Describe is a device in one line.
func (v view) Describe(d kpn.Device) string {
	text := d.Name
	if d.Version != "" {
		text += ", " + d.Version
	}
	return fmt.Sprintf("%s (%s, %s)", text, d.Class, d.Backend)
}

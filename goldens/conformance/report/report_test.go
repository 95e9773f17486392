package report_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"html"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sawmill/cpuref"
	"sawmill/goldens/conformance"
	"sawmill/goldens/conformance/faulty"
	"sawmill/goldens/conformance/report"
	"sawmill/kpn"
)

// faultyReport is of an engine whose gains are wrong: five cases of gain, of
// which the waivers excuse some, and two others, which pass.
func faultyReport(t *testing.T, engine *faulty.Engine, waivers ...conformance.Waiver) *conformance.Report {
	t.Helper()
	engine.Engine, engine.Kind = cpuref.New(), kpn.KindGain
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	r, _ := conformance.Verify(t.Context(), engine, cpuref.New(), conformance.Options{
		Cases:   []string{"gain/*", "mix/two", "osc/saw_polyblep4"},
		Waivers: append([]conformance.Waiver{}, waivers...),
		Bits:    &conformance.BitTable{Device: "none"},
		Signals: true,
		Clock:   func() time.Time { at = at.Add(time.Millisecond); return at },
	})
	require.NotNil(t, r)
	return r
}

func waiver(pattern string, what conformance.What) conformance.Waiver {
	return conformance.Waiver{Renderer: "faulty", Case: pattern, What: what, Issue: "#7", Reason: "<made up>"}
}

// suites is what readers of JUnit XML look at.
type suites struct {
	Tests    int `xml:"tests,attr"`
	Failures int `xml:"failures,attr"`
	Skipped  int `xml:"skipped,attr"`
	Suites   []struct {
		Name     string `xml:"name,attr"`
		Tests    int    `xml:"tests,attr"`
		Failures int    `xml:"failures,attr"`
		Skipped  int    `xml:"skipped,attr"`
		Cases    []struct {
			Name    string `xml:"name,attr"`
			Class   string `xml:"classname,attr"`
			Failure *struct {
				Message string `xml:"message,attr"`
			} `xml:"failure"`
			Skipped *struct {
				Message string `xml:"message,attr"`
			} `xml:"skipped"`
		} `xml:"testcase"`
	} `xml:"testsuite"`
}

func junit(t *testing.T, r *conformance.Report) suites {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, report.JUnit(&b, r))
	var all suites
	require.NoError(t, xml.Unmarshal(b.Bytes(), &all))
	tests, failures, skipped := 0, 0, 0
	for _, s := range all.Suites {
		assert.Len(t, s.Cases, s.Tests)
		tests += s.Tests
		for _, c := range s.Cases {
			assert.Equal(t, s.Name, c.Class)
			if c.Failure != nil {
				failures++
			}
			if c.Skipped != nil {
				skipped++
			}
		}
	}
	assert.Equal(t, []int{tests, failures, skipped}, []int{all.Tests, all.Failures, all.Skipped})
	return all
}

func TestJUnitTellsFailedFromWaivedFromPassed(t *testing.T) {
	right := junit(t, faultyReport(t, &faulty.Engine{}))
	assert.Equal(t, 14, right.Tests, "samples and gradients of seven cases")
	assert.Zero(t, right.Failures+right.Skipped)

	wrong := junit(t, faultyReport(t, &faulty.Engine{Scale: 1.01}))
	assert.Equal(t, 14, wrong.Tests)
	assert.Equal(t, 10, wrong.Failures)

	waived := junit(t, faultyReport(t, &faulty.Engine{Scale: 1.01}, waiver("gain/list", conformance.Forward), waiver("gain/*", conformance.Gradient)))
	assert.Equal(t, 14, waived.Tests)
	assert.Equal(t, 4, waived.Failures)
	assert.Equal(t, 6, waived.Skipped)
	assert.Equal(t, "conformance.gain", waived.Suites[0].Name)
	for _, c := range waived.Suites[0].Cases {
		if c.Name == "list forward" {
			require.NotNil(t, c.Skipped)
			assert.Contains(t, c.Skipped.Message, "waived: <made up> (#7): gain/list")
		}
	}
}

func TestJSONHasEverything(t *testing.T) {
	r := faultyReport(t, &faulty.Engine{Delay: 1}, waiver("gain/list", conformance.Forward), waiver("mix/*", conformance.Forward))
	// Numbers that JSON has not.
	r.Cases[2].Trials[0].Report.Outputs[0].Worst.Got = math.NaN()
	var b bytes.Buffer
	require.NoError(t, report.JSON(&b, r))
	var d struct {
		Verdict string
		Engine  struct{ Name string }
		Total   struct{ Cases, Failed, Passed int }
		Kinds   []struct{ Kind string }
		Cases   []struct {
			Name    string
			Verdict string
			Margin  any `json:"margin_db"`
			Forward struct {
				Verdict  string
				Failures []struct{ Check, Error string }
				Waiver   *struct{ Issue string }
			}
			Trials []struct {
				Outputs []struct{ Worst struct{ Got any } }
			}
			Gradients []struct {
				Parameters []struct{ Node, Param string }
			}
		}
		Unused []any `json:"unused_waivers"`
	}
	require.NoError(t, json.Unmarshal(b.Bytes(), &d))
	assert.Equal(t, "failed", d.Verdict)
	assert.Equal(t, "faulty float64 reference", d.Engine.Name)
	assert.Equal(t, 5, d.Total.Failed)
	assert.Equal(t, 2, d.Total.Passed)
	assert.Len(t, d.Kinds, 3)
	require.Len(t, d.Cases, 7)
	assert.Len(t, d.Unused, 1)
	for i := range d.Cases {
		c := &d.Cases[i]
		assert.Len(t, c.Trials, 4)
		assert.Len(t, c.Gradients, 4)
		switch c.Name {
		case "gain/list":
			assert.Equal(t, "waived", c.Forward.Verdict)
			require.NotNil(t, c.Forward.Waiver)
			assert.NotEmpty(t, c.Forward.Failures)
		case "mix/two":
			assert.Equal(t, "passed", c.Verdict)
			assert.Equal(t, "+Inf", c.Margin, "no error at all")
		}
	}
	assert.Equal(t, "NaN", d.Cases[2].Trials[0].Outputs[0].Worst.Got)
}

func page(t *testing.T, r *conformance.Report) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, report.HTML(&b, r))
	return html.UnescapeString(b.String())
}

func TestPageShowsFailingCasesFirst(t *testing.T) {
	text := page(t, faultyReport(t, &faulty.Engine{Scale: 1.01}, waiver("gain/list", conformance.Forward), waiver("gain/list", conformance.Gradient), waiver("mix/*", conformance.Forward)))
	assert.Contains(t, text, "<title>Conformance of faulty float64 reference: FAILED</title>")
	order := []string{
		"<h2>Kinds</h2>", "4 FAILED, 1 waived",
		"<h2>Failing cases</h2>", "<h3>gain/constant ",
		"<h2>Waived cases</h2>", "<h3>gain/list ", "Waived: <made up> (#7)",
		"<h2>Waivers without use</h2>", "mix/*",
		"<h2>Nearest to tolerance, of each kind</h2>", "<h3>mix/two ", "<h3>osc/saw_polyblep4 ",
		"<h2>All cases</h2>",
	}
	at := 0
	for _, part := range order {
		i := strings.Index(text[at:], part)
		require.GreaterOrEqual(t, i, 0, "the page lacks %q, or has it too early", part)
		at += i
	}
	assert.Equal(t, 3*(5+2), strings.Count(text, `<img src="data:image/svg+xml;base64,`), "three plots for each case that is shown")
}

func TestPageNeedsNoOtherFile(t *testing.T) {
	text := page(t, faultyReport(t, &faulty.Engine{Delay: 1}))
	for _, reference := range []string{"http:", "https:", "<link", "<script", "@import", "url("} {
		assert.NotContains(t, text, reference)
	}
	assert.Equal(t, strings.Count(text, "src="), strings.Count(text, `src="data:image/svg+xml;base64,`))
}

func TestPageOfAnEngineThatPasses(t *testing.T) {
	text := page(t, faultyReport(t, &faulty.Engine{}))
	assert.Contains(t, text, ": passed</title>")
	assert.NotContains(t, text, "FAILED")
	assert.NotContains(t, text, "Failing cases")
}

// TestPageOfSignalsThatAreNoNumbers plots what it can.
func TestPageOfSignalsThatAreNoNumbers(t *testing.T) {
	r := faultyReport(t, &faulty.Engine{Scale: 1.01})
	for i := range r.Cases {
		for k := range r.Cases[i].Trials {
			for _, got := range r.Cases[i].Trials[k].Got {
				got[0] = math.NaN()
				got[len(got)/2] = math.Inf(1)
				if i == 0 {
					for f := range got {
						got[f] = math.NaN()
					}
				}
			}
		}
	}
	assert.Contains(t, page(t, r), "<h3>gain/constant ")
}

func TestPageWithoutSignals(t *testing.T) {
	r := faultyReport(t, &faulty.Engine{Scale: 1.01})
	for i := range r.Cases {
		for k := range r.Cases[i].Trials {
			r.Cases[i].Trials[k].Want, r.Cases[i].Trials[k].Got = nil, nil
		}
	}
	text := page(t, r)
	assert.Contains(t, text, "<h3>gain/constant ")
	assert.NotContains(t, text, "<img")
}

package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"

	"sawmill/goldens/conformance"
	"sawmill/kpn"
)

// The elements of JUnit XML that we use.
type (
	junitSuites struct {
		XMLName  xml.Name `xml:"testsuites"`
		Name     string   `xml:"name,attr"`
		Tests    int      `xml:"tests,attr"`
		Failures int      `xml:"failures,attr"`
		Skipped  int      `xml:"skipped,attr"`
		Errors   int      `xml:"errors,attr"`
		Time     string   `xml:"time,attr"`
		Suites   []junitSuite
	}
	junitSuite struct {
		XMLName    xml.Name        `xml:"testsuite"`
		Name       string          `xml:"name,attr"`
		Tests      int             `xml:"tests,attr"`
		Failures   int             `xml:"failures,attr"`
		Skipped    int             `xml:"skipped,attr"`
		Errors     int             `xml:"errors,attr"`
		Time       string          `xml:"time,attr"`
		Timestamp  string          `xml:"timestamp,attr,omitempty"`
		Properties []junitProperty `xml:"properties>property"`
		Cases      []junitCase     `xml:"testcase"`
		// took adds up what Time says.
		took time.Duration
	}
	junitProperty struct {
		Name  string `xml:"name,attr"`
		Value string `xml:"value,attr"`
	}
	junitCase struct {
		Name    string        `xml:"name,attr"`
		Class   string        `xml:"classname,attr"`
		Time    string        `xml:"time,attr"`
		Failure *junitMessage `xml:"failure,omitempty"`
		Skipped *junitMessage `xml:"skipped,omitempty"`
	}
	junitMessage struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr,omitempty"`
		Text    string `xml:",chardata"`
	}
)

// JUnit writes a report as JUnit XML: a suite for each kind, and for each case
// a test of its samples, of its gradients, and of its bits where there are
// committed ones. What is waived, and what was not checked, is skipped, with
// the reason as its message.
func JUnit(w io.Writer, r *conformance.Report) error {
	all := junitSuites{Name: "sawmill conformance on " + r.Engine.Name, Time: seconds(r.Took)}
	for _, g := range r.Groups() {
		s := junitSuite{Name: "conformance." + g.Kind, Properties: properties(r)}
		if !r.Started.IsZero() {
			s.Timestamp = r.Started.UTC().Format("2006-01-02T15:04:05")
		}
		for i := range r.Cases {
			if c := &r.Cases[i]; c.Kind() == g.Kind {
				s.add(c)
			}
		}
		s.Time = seconds(s.took)
		all.Tests += s.Tests
		all.Failures += s.Failures
		all.Skipped += s.Skipped
		all.Suites = append(all.Suites, s)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// add adds a case's tests. The case's time is that of its first test.
func (s *junitSuite) add(c *conformance.CaseReport) {
	_, name, _ := strings.Cut(c.Name, "/")
	s.took += c.Took
	for _, what := range conformance.Everything() {
		f := c.Finding(what)
		if what == conformance.Bits && c.Samples == conformance.NoValue && c.GradientBits == conformance.NoValue {
			continue
		}
		test := junitCase{Name: name + " " + string(what), Class: s.Name, Time: "0"}
		if what == conformance.Forward {
			test.Time = seconds(c.Took)
		}
		switch f.Verdict {
		case conformance.Failed:
			test.Failure = &junitMessage{Message: firstLine(f), Type: string(what), Text: failures(f)}
			s.Failures++
		case conformance.Waived:
			test.Skipped = &junitMessage{Message: fmt.Sprintf("waived: %s (%s): %s", f.Waiver.Reason, f.Waiver.Issue, firstLine(f))}
			s.Skipped++
		case conformance.Unchecked:
			text := "not checked: " + f.Note
			if len(f.Failures) > 0 {
				text = f.Note + ": " + firstLine(f)
			}
			test.Skipped = &junitMessage{Message: text}
			s.Skipped++
		case conformance.Passed:
		}
		s.Tests++
		s.Cases = append(s.Cases, test)
	}
}

func properties(r *conformance.Report) []junitProperty {
	of := func(side string, d kpn.Device) []junitProperty {
		return []junitProperty{
			{side, d.Name},
			{side + ".class", string(d.Class)},
			{side + ".backend", d.Backend},
			{side + ".version", d.Version},
		}
	}
	return append(of("engine", r.Engine), of("reference", r.Reference)...)
}

func firstLine(f *conformance.Finding) string {
	text, _, _ := strings.Cut(f.Failures[0].Error(), "\n")
	return text
}

// failures is all that fails, a line each.
func failures(f *conformance.Finding) string {
	lines := make([]string, len(f.Failures))
	for i, e := range f.Failures {
		lines[i] = e.Error()
	}
	return strings.Join(lines, "\n")
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.3f", d.Seconds()) }

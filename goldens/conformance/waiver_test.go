package conformance_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sawmill/cpuref"
	"sawmill/goldens/cases"
	"sawmill/goldens/conformance"
	"sawmill/goldens/conformance/faulty"
	"sawmill/kpn"
)

func TestCommittedWaiversNameCases(t *testing.T) {
	waivers, err := conformance.CommittedWaivers()
	require.NoError(t, err)
	all, err := cases.All()
	require.NoError(t, err)
	for _, w := range waivers {
		found := w.Covers(conformance.ManyRows)
		for _, c := range all {
			found = found || w.Covers(c.Name)
		}
		assert.True(t, found, "waiver %v fits no case; remove it, or correct it", &w)
	}
}

const goodWaiver = `{"renderer": "llvmpipe", "case": "osc/*", "what": "forward", "issue": "#7", "reason": "made up"}`

func TestWaiversAreReadStrictly(t *testing.T) {
	read := func(text string) error {
		_, err := conformance.ParseWaivers("made-up.json", []byte(text))
		return err
	}
	list := func(waivers ...string) string { return `{"waivers": [` + strings.Join(waivers, ",") + `]}` }
	require.NoError(t, read(list()))
	require.NoError(t, read(list(goodWaiver)))
	without := func(field, value string) string {
		return strings.Replace(goodWaiver, `"`+field+`": "`+value+`"`, `"`+field+`": " "`, 1)
	}
	for name, text := range map[string]string{
		"nothing":          ``,
		"no list":          `{}`,
		"no issue":         list(without("issue", "#7")),
		"no reason":        list(without("reason", "made up")),
		"no renderer":      list(without("renderer", "llvmpipe")),
		"no case":          list(without("case", "osc/*")),
		"empty":            list(`{}`),
		"another what":     list(strings.Replace(goodWaiver, `"forward"`, `"everything"`, 1)),
		"another field":    list(strings.Replace(goodWaiver, `"issue"`, `"until": "", "issue"`, 1)),
		"a broken pattern": list(strings.Replace(goodWaiver, `osc/*`, `osc/[`, 1)),
		"twice":            list(goodWaiver, goodWaiver),
		"something behind": list() + `{}`,
		"a number":         list(`7`),
		"oversized":        list() + strings.Repeat(" ", 1<<20),
	} {
		var fault *conformance.FileError
		assert.ErrorAs(t, read(text), &fault, name)
	}
}

// waived runs an engine that scales its gains.
func waived(t *testing.T, waivers ...conformance.Waiver) (*conformance.Report, *conformance.FailureError) {
	t.Helper()
	o := options()
	o.Cases = []string{"gain/*", "mix/two"}
	o.Waivers = waivers
	return verify(t, &faulty.Engine{Engine: cpuref.New(), Kind: kpn.KindGain, Scale: 1.01}, o)
}

func waiver(renderer, pattern string, what conformance.What) conformance.Waiver {
	return conformance.Waiver{Renderer: renderer, Case: pattern, What: what, Issue: "#7", Reason: "made up"}
}

func TestWaivedIsNotPassed(t *testing.T) {
	forward, gradient := waiver("FAULTY float64", "gain/*", conformance.Forward), waiver("faulty*", "gain/*", conformance.Gradient)
	r, failure := waived(t, forward, gradient)
	require.Nil(t, failure)
	assert.Equal(t, 5, r.Count(conformance.Waived))
	assert.Equal(t, 1, r.Count(conformance.Passed))
	assert.Empty(t, r.Unused)
	c := find(t, r, "gain/constant")
	assert.Equal(t, conformance.Waived, c.Verdict())
	assert.NotEmpty(t, c.Forward.Failures, "what is waived is still told")
	require.NotNil(t, c.Forward.Waiver)
	assert.Equal(t, forward, *c.Forward.Waiver)
	text := r.String()
	assert.Contains(t, text, "5 waived")
	assert.Contains(t, text, "waived (#7: made up) gain/constant")
	assert.NotContains(t, text, "FAILED")
}

func TestAWaiverExcusesOnlyWhatItNames(t *testing.T) {
	all := []conformance.Waiver{waiver("faulty", "gain/*", conformance.Forward), waiver("faulty", "gain/*", conformance.Gradient)}
	for name, c := range map[string]struct {
		waivers []conformance.Waiver
		failed  int
		unused  int
	}{
		"samples only":         {all[:1], 5, 0},
		"one case":             {[]conformance.Waiver{all[1], waiver("faulty", "gain/list", conformance.Forward)}, 4, 0},
		"another renderer":     {[]conformance.Waiver{all[1], waiver("another", "gain/*", conformance.Forward)}, 5, 0},
		"another whole name":   {[]conformance.Waiver{all[1], waiver("[f]aulty", "gain/*", conformance.Forward)}, 5, 0},
		"what does not fail":   {append(all[:2:2], waiver("faulty", "mix/two", conformance.Forward)), 0, 1},
		"a case not in hand":   {append(all[:2:2], waiver("faulty", "osc/*", conformance.Forward)), 0, 0},
		"bits, not samples":    {[]conformance.Waiver{all[1], waiver("faulty", "gain/*", conformance.Bits)}, 5, 1},
		"nothing, as it seems": {[]conformance.Waiver{all[0], all[1], waiver("faulty float64 reference", "*/*", conformance.Forward)}, 0, 1},
	} {
		t.Run(name, func(t *testing.T) {
			r, failure := waived(t, c.waivers...)
			assert.Len(t, r.Unused, c.unused)
			assert.Equal(t, c.failed, r.Count(conformance.Failed))
			assert.Equal(t, c.failed > 0, failure != nil)
			assert.Equal(t, c.unused > 0, strings.Contains(r.String(), "waiver without use: "))
		})
	}
}

// TestAMisspeltCaseIsUnused finds a waiver for a case that there is not, in a
// run of all cases.
func TestAMisspeltCaseIsUnused(t *testing.T) {
	o := options()
	o.Cases = nil
	o.Waivers = []conformance.Waiver{waiver("float64", "gain/contsant", conformance.Forward)}
	r, err := conformance.Verify(t.Context(), cpuref.New(), nil, o)
	require.NoError(t, err)
	assert.Equal(t, o.Waivers, r.Unused)
}

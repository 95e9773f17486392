package fuzz

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"strings"

	"sawmill/goldens/cases"
	"sawmill/goldens/compare"
)

// Specimen is one job of a trial, as a file holds it.
type Specimen struct {
	Case *cases.Case
	// Fault and FaultPlace are those of the trial.
	Fault      string
	FaultPlace uint64
}

// faultFile is the file of a specimen with a fault, which no file of cases
// could hold: the case without it, and what to do to it.
type faultFile struct {
	Fault string          `json:"fault"`
	Place uint64          `json:"place"`
	Case  json.RawMessage `json:"case"`
}

// maxFile bounds a specimen's file.
const maxFile = 1 << 20

// Load reads a specimen that [Pair.Write] wrote: a file of one case in the form
// of goldens/cases.
func Load(path string) (*Specimen, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return parseSpecimen(filepath.Base(path), data)
}

func parseSpecimen(file string, data []byte) (*Specimen, error) {
	if len(data) > maxFile {
		return nil, fmt.Errorf("%s: it has %d bytes, allowed is %d", file, len(data), maxFile)
	}
	s := &Specimen{}
	var f faultFile
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&f); err == nil && f.Fault != "" {
		s.Fault, s.FaultPlace = f.Fault, f.Place
		data = f.Case
	}
	list, err := cases.Parse(file, data)
	if err != nil {
		return nil, err
	}
	if len(list) != 1 {
		return nil, fmt.Errorf("%s: it holds %d cases, want one", file, len(list))
	}
	s.Case = list[0]
	return s, nil
}

// group is the name of trials that have none yet.
const group = "fuzz"

// specimen reads a trial's first job as its file would be read, so that what
// is judged is what the file says.
func (t *Trial) specimen() (*Specimen, error) {
	d := t.Draft
	if d.Name == "" {
		d.Name = group
	}
	if len(d.Tolerances) != len(d.Outputs) {
		d.Tolerances = underived(len(d.Outputs), "not derived yet")
	}
	list, err := cases.Parse(group+".json", d.Encode("a trial"))
	if err != nil {
		return nil, err
	}
	return &Specimen{list[0], t.Fault, t.FaultPlace}, nil
}

// underived stands where tolerances cannot be derived.
func underived(n int, reason string) []compare.Tolerance {
	var list []compare.Tolerance
	for range n {
		list = append(list, compare.Tolerance{MaxAbs: 1, Reason: reason})
	}
	return list
}

// Encode writes the trial's first job as a file, with the tolerances that
// follow from it, in the form that [Load] reads.
func (p Pair) Encode(ctx context.Context, t *Trial, v Verdict) ([]byte, error) {
	s, err := t.specimen()
	if err != nil {
		return nil, err
	}
	one := t.clone()
	d := &one.Draft
	tolerances, unjudged, err := p.tolerances(ctx, s.Case.Graph, s.Case.GoldenJob())
	if why := errors.Join(err, unjudged); why != nil {
		tolerances = underived(len(d.Outputs), fmt.Sprintf("none is derived: %v", why))
	}
	d.Tolerances = tolerances
	h := fnv.New32a()
	_, _ = h.Write(d.Encode(t.Fault)) // a hash takes every byte
	d.Name = fmt.Sprintf("%s_%08x", v.Outcome, h.Sum32())
	doc := fmt.Sprintf("Found by random graphs on %s: %s", p.Candidate.Device().Name, strings.ReplaceAll(v.String(), "\n", "; "))
	text := d.Encode(doc)
	if t.Fault == "" {
		return text, nil
	}
	text, err = json.MarshalIndent(faultFile{t.Fault, t.FaultPlace, text}, "", "  ")
	return append(text, '\n'), err
}

// Write writes the trial's first job to a directory, under a name that says
// what was wrong, and returns the file's path.
func (p Pair) Write(ctx context.Context, dir string, t *Trial, v Verdict) (string, error) {
	text, err := p.Encode(ctx, t, v)
	if err != nil {
		return "", err
	}
	s, err := parseSpecimen(group+".json", text)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	path := filepath.Join(dir, strings.TrimPrefix(s.Case.Name, group+"/")+".json")
	return path, os.WriteFile(path, text, 0o644)
}

package conformance

import (
	"bytes"
	_ "embed" // the committed waivers
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// Waiver excuses what one renderer fails, until its cause is gone. What it
// excuses is reported as waived and never as passed.
type Waiver struct {
	// Renderer is a part of the device's name, in either case; or, if it has
	// one of *?[, a pattern of [path.Match] for the whole name.
	Renderer string `json:"renderer"`
	// Case is a case's name or a pattern for several, such as osc/*.
	Case string `json:"case"`
	// What it excuses.
	What What `json:"what"`
	// Issue is where the cause is followed: an address or a number.
	Issue string `json:"issue"`
	// Reason says what is wrong and why it is excused.
	Reason string `json:"reason"`
}

// String is one line.
func (w *Waiver) String() string {
	return fmt.Sprintf("%s of %s on %q: %s (%s)", w.What, w.Case, w.Renderer, w.Reason, w.Issue)
}

// waiversFile is the file's name in errors.
const waiversFile = "goldens/conformance/waivers.json"

// maxTableBytes bounds the files of this package.
const maxTableBytes = 1 << 20

//go:embed waivers.json
var committedWaivers []byte

// CommittedWaivers are the waivers that come with this package.
func CommittedWaivers() ([]Waiver, error) { return ParseWaivers(waiversFile, committedWaivers) }

// ParseWaivers reads a file of waivers, strictly:
//
//	{"waivers": [
//	  {"renderer": "llvmpipe", "case": "osc/*", "what": "gradient",
//	   "issue": "https://…", "reason": "…"}
//	]}
//
// It fails with *[FileError].
func ParseWaivers(file string, data []byte) ([]Waiver, error) {
	if len(data) > maxTableBytes {
		return nil, &FileError{file, "", fmt.Sprintf("it has %d bytes, allowed is %d", len(data), maxTableBytes)}
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	var document struct {
		Waivers []Waiver `json:"waivers"`
	}
	if err := decoder.Decode(&document); err != nil {
		return nil, &FileError{file, "", err.Error()}
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, &FileError{file, "", "there is something after the document"}
	}
	if document.Waivers == nil {
		return nil, &FileError{file, "", `there is no list "waivers"; write an empty one if nothing is waived`}
	}
	for i := range document.Waivers {
		if err := document.Waivers[i].validate(file, fmt.Sprintf("waiver %d", i+1)); err != nil {
			return nil, err
		}
		for j := range i {
			if a, b := document.Waivers[i], document.Waivers[j]; a.Renderer == b.Renderer && a.Case == b.Case && a.What == b.What {
				return nil, &FileError{file, fmt.Sprintf("waiver %d", i+1), fmt.Sprintf("it excuses the same as waiver %d; remove one", j+1)}
			}
		}
	}
	return document.Waivers, nil
}

// validate refuses a waiver that says too little.
func (w *Waiver) validate(file, where string) error {
	fields := []struct{ name, value, want string }{
		{"renderer", w.Renderer, "a part of the device's name, as sawmill doctor prints it"},
		{"case", w.Case, "the name of a case, or a pattern such as osc/*"},
		{"issue", w.Issue, "where the cause is followed"},
		{"reason", w.Reason, "what is wrong and why it is excused"},
	}
	for _, f := range fields {
		if strings.TrimSpace(f.value) == "" {
			return &FileError{file, where, fmt.Sprintf("%q is missing: give %s", f.name, f.want)}
		}
	}
	switch w.What {
	case Forward, Gradient, Bits:
	default:
		return &FileError{file, where, fmt.Sprintf("\"what\" is %q, allowed is forward, gradient or bits", w.What)}
	}
	for _, pattern := range []string{w.Renderer, w.Case} {
		if _, err := path.Match(pattern, ""); err != nil {
			return &FileError{file, where, fmt.Sprintf("%q is a broken pattern: %v", pattern, err)}
		}
	}
	return nil
}

// Covers says whether the waiver is about a case.
func (w *Waiver) Covers(name string) bool { return matches(w.Case, name) }

// of says whether the waiver is about a renderer.
func (w *Waiver) of(renderer string) bool {
	if strings.ContainsAny(w.Renderer, "*?[") {
		return matches(w.Renderer, renderer)
	}
	return strings.Contains(strings.ToLower(renderer), strings.ToLower(w.Renderer))
}

// matches says whether a pattern that was validated fits a name.
func matches(pattern, name string) bool {
	ok, err := path.Match(pattern, name)
	return ok && err == nil
}

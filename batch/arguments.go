package batch

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"sawmill/kpn"
)

// formatName and formatVersion open every manifest.
const (
	formatName    = "sawmill-dataset"
	FormatVersion = 1
)

// arguments is everything that a dataset's bytes depend on. It is the job
// file, and the head of the manifest.
type arguments struct {
	Format        string     `json:"format"`
	FormatVersion int        `json:"format_version"`
	Sawmill       string     `json:"sawmill"`
	Seed          uint64     `json:"seed"`
	Count         int        `json:"count"`
	Seconds       float64    `json:"seconds"`
	Rate          float64    `json:"rate"`
	Channels      int        `json:"channels"`
	Frames        int        `json:"frames"`
	Container     string     `json:"container"`
	Bits          string     `json:"bits"`
	Device        deviceInfo `json:"device"`
	Preset        presetCopy `json:"preset"`
	// PresetFiles are what the preset's tables were read from.
	PresetFiles []fileCopy `json:"preset_files,omitempty"`
	Outputs     []string   `json:"outputs"`
	// Parameters is nil where they are drawn.
	Parameters *tableCopy   `json:"parameters,omitempty"`
	Inputs     []signalCopy `json:"inputs,omitempty"`
}

type deviceInfo struct {
	Class   string `json:"class"`
	Name    string `json:"name"`
	Backend string `json:"backend"`
	Version string `json:"version"`
}

type presetCopy struct {
	SHA256 string `json:"sha256"`
	Source string `json:"source"`
}

// fileCopy identifies the contents of a file that the preset names.
type fileCopy struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
}

// tableCopy identifies the values of parameters.
type tableCopy struct {
	SHA256 string `json:"sha256"`
	// Values is unit or physical.
	Values string `json:"values"`
}

// signalCopy identifies the signal of an input.
type signalCopy struct {
	Node   string `json:"node"`
	SHA256 string `json:"sha256"`
}

// given identifies the files that the dataset is made from.
func (a *arguments) given(s *Sound) {
	if s.Values != nil {
		a.Parameters = &tableCopy{s.Values.SHA256(), "unit"}
		if s.Values.Physical {
			a.Parameters.Values = "physical"
		}
	}
	for _, signal := range s.Inputs {
		a.Inputs = append(a.Inputs, signalCopy{signal.Node, signal.SHA256()})
	}
	slices.SortFunc(a.Inputs, func(x, y signalCopy) int { return strings.Compare(x.Node, y.Node) })
	for _, file := range s.Preset.Files {
		a.PresetFiles = append(a.PresetFiles, fileCopy{file.Name, hex.EncodeToString(file.SHA256[:])})
	}
}

func (o *Options) arguments(d kpn.Device) *arguments {
	hash := sha256.Sum256(o.Preset.Source)
	a := &arguments{
		Format:        formatName,
		FormatVersion: FormatVersion,
		Sawmill:       o.Version,
		Seed:          o.Seed,
		Count:         o.Count,
		Seconds:       o.Seconds,
		Rate:          o.Rate,
		Channels:      o.Channels,
		Frames:        o.Frames(),
		Container:     "wav",
		Bits:          o.Encoding.String(),
		Device:        deviceInfo{string(d.Class), d.Name, d.Backend, d.Version},
		Preset:        presetCopy{hex.EncodeToString(hash[:]), strings.ToValidUTF8(string(o.Preset.Source), "\uFFFD")},
		Outputs:       o.Preset.Graph.Outputs,
	}
	a.given(&o.Sound)
	return a
}

// indented writes an object as people read it, with a newline at the end.
func indented(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(v)
	return b.Bytes(), err
}

// same returns an [ArgumentError] for the first argument in which the
// dataset begun differs from this run's.
func (a *arguments) same(begun *arguments, dir string) error {
	ours, theirs := reflect.ValueOf(*a), reflect.ValueOf(*begun)
	for i := range ours.NumField() {
		x, y := ours.Field(i).Interface(), theirs.Field(i).Interface()
		if reflect.DeepEqual(x, y) {
			continue
		}
		name, _, _ := strings.Cut(ours.Type().Field(i).Tag.Get("json"), ",")
		if name == "sawmill" {
			name = "version of sawmill"
		}
		return &ArgumentError{Dir: dir, Argument: strings.ReplaceAll(name, "_", " "), Begun: show(y), Asked: show(x)}
	}
	return nil
}

// show writes an argument for a message.
func show(v any) string {
	switch v := v.(type) {
	case presetCopy:
		return "SHA-256 " + shortHash(v.SHA256)
	case *tableCopy:
		if v == nil {
			return "drawn at random"
		}
		return v.Values + " values of SHA-256 " + shortHash(v.SHA256)
	case []signalCopy:
		words := make([]string, len(v))
		for i, s := range v {
			words[i] = s.Node + " of SHA-256 " + shortHash(s.SHA256)
		}
		return cmp.Or(strings.Join(words, ", "), "that have no signal")
	case []fileCopy:
		words := make([]string, len(v))
		for i, f := range v {
			words[i] = f.Name + " of SHA-256 " + shortHash(f.SHA256)
		}
		return cmp.Or(strings.Join(words, ", "), "that are not named")
	case deviceInfo:
		return fmt.Sprintf("%s (%s, %s %s)", v.Name, v.Class, v.Backend, v.Version)
	}
	return fmt.Sprint(v)
}

// shortHash is enough of a hash to tell it from another.
func shortHash(s string) string {
	const enough = 12
	if len(s) <= enough {
		return s
	}
	return s[:enough] + "…"
}

package kpn

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Preset is a graph with its random parameters and its defaults for a render.
// It comes from a file, see [ParsePreset].
type Preset struct {
	Description string
	// Seconds is the default length of an item.
	Seconds float64
	// Rate is the default sample rate in Hz.
	Rate     float64
	Channels int
	Graph    *Graph
	// Sampled lists the random parameters in the order of the file.
	Sampled []Sampled
	// Source is the file as read.
	Source []byte
	// Files are the files that its nodes' tables were read from, each once, in
	// the order in which the preset names them.
	Files []PresetFile

	file string
	// directory holds the files that the preset names; empty for one that may
	// name none.
	directory string

	text     *presetText
	fed      map[string]bool
	bindings []binding
	// places says where in the file a node's parameter is given.
	places map[ParamRef]*place
}

// Sampled is one random parameter of a preset.
type Sampled struct {
	// Name is the parameter's name among the preset's parameters, or
	// node.parameter where it is given inside a node. It keys the draws.
	Name         string
	Distribution Distribution
	// Unit is the unit of the parameters that it feeds.
	Unit string
}

// PresetFile is a file that a preset names.
type PresetFile struct {
	// Name is the preset's name for it.
	Name string
	// SHA256 is the hash of all its bytes.
	SHA256 [sha256.Size]byte
}

// binding feeds a sampled parameter, scaled, to a node's parameter.
type binding struct {
	ref           ParamRef
	sampled       int
	multiply, add float64
}

// value is what the node's parameter becomes.
func (b *binding) value(sampled float64) float64 { return float64(b.multiply*sampled) + b.add }

// MaxPresetBytes bounds the size of a preset file.
const MaxPresetBytes = 1 << 20

// Defaults of a preset that does not say otherwise.
const (
	defaultSeconds  = 1
	defaultRate     = 44100
	defaultChannels = 1
)

// maxSeconds bounds the default length of an item: above it, frame counts
// would overflow at the lowest rates that anyone uses.
const maxSeconds = 1e6

// ReadPreset reads and checks a preset file. It reads no more than
// [MaxPresetBytes].
func ReadPreset(path string) (*Preset, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("preset: %w", err)
	}
	data, err := io.ReadAll(io.LimitReader(f, MaxPresetBytes+1))
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, fmt.Errorf("preset: %w", err)
	}
	return parsePreset(path, data, nil, filepath.Dir(path))
}

// ParsePreset reads and checks a preset: JSON, with comments and trailing
// commas allowed, of the form that [Schema] describes. File is the name that
// errors give. The error is a [PresetErrors] that holds every fault found; of a
// file with too many values, nodes or parameters, not those of what is too many.
func ParsePreset(file string, data []byte) (*Preset, error) {
	return parsePreset(file, data, nil, "")
}

// parsePreset reads a preset whose inputs are fed as said. The files that it
// names are in a directory; none, if that is empty.
func parsePreset(file string, data []byte, fed map[string]bool, directory string) (*Preset, error) {
	text, root, fault := parseText(data)
	if fault != nil {
		return nil, report(file, text, []presetFault{*fault})
	}
	r := &presetReader{
		preset: &Preset{
			Seconds: defaultSeconds, Rate: defaultRate, Channels: defaultChannels,
			Graph: &Graph{}, Source: data,
			file: file, directory: directory, text: text, fed: fed, places: map[ParamRef]*place{},
		},
		root: root,
		fed:  fed,
	}
	faults := r.read()
	if len(faults) > 0 {
		return nil, report(file, text, faults)
	}
	return r.preset, nil
}

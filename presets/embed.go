// Package presets holds the presets that come with Sawmill, so that commands
// and tests need no file of a checkout.
package presets

import (
	"embed"
	"io/fs"

	"sawmill/kpn"
)

//go:embed *.json
var files embed.FS

// schema is the one file here that is no preset.
const schema = "schema.json"

// Names lists the presets, as the names of their files.
func Names() []string {
	names, err := fs.Glob(files, "*.json")
	if err != nil {
		panic(err) // the pattern is well-formed
	}
	var list []string
	for _, name := range names {
		if name != schema {
			list = append(list, name)
		}
	}
	return list
}

// Text returns a preset's file. It fails with *[fs.PathError] if there is
// none of this name.
func Text(name string) ([]byte, error) { return files.ReadFile(name) }

// Read returns a preset. It fails with *[fs.PathError] if there is none of
// this name, and with [kpn.PresetErrors].
func Read(name string) (*kpn.Preset, error) {
	text, err := Text(name)
	if err != nil {
		return nil, err
	}
	return kpn.ParsePreset("presets/"+name, text)
}

package kpn

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// tableSchema is the table of a kind's nodes: numbers, or a file.
func tableSchema(s *Spec) any {
	if s.Table == nil {
		return false
	}
	return object{
		{"title", "a list of rows, or {\"file\": name}"},
		{"description", fmt.Sprintf("What the node plays: %s. A file is a .npy of one or two axes or a .wav, named from the preset's directory.", s.Table.Doc)},
		{"type", []string{"array", "object"}},
		{"minItems", s.Table.MinRows},
		{"maxItems", s.Table.MaxRows},
		{"items", object{
			{"type", "array"},
			{"minItems", s.Table.MinColumns},
			{"maxItems", s.Table.MaxColumns},
			{"items", object{{"type", "number"}}},
		}},
		{"required", []string{"file"}},
		{"properties", object{{"file", object{{"type", "string"}, {"description", "The file's name."}}}}},
		{"additionalProperties", false},
	}
}

// kindsWithTables are the kinds whose nodes play a table.
func kindsWithTables() []string {
	return slices.DeleteFunc(KindNames(), func(name string) bool {
		s, ok := Lookup(Kind(name))
		return !ok || s.Table == nil
	})
}

// readTable reads a node's table; nil if it has none, or one that the schema
// refuses.
func (r *presetReader) readTable(spec *Spec, v *jsonValue) *Table {
	if spec == nil || spec.Table == nil || v == nil {
		return nil
	}
	t := &Table{Rows: len(v.items)}
	if name := v.get("file"); name.isString() {
		var err error
		if t, err = r.openTable(name.text); err != nil {
			r.fault(name.place, "%s", err)
			return nil
		}
	}
	for i, row := range v.items {
		if i > 0 && len(row.items) != t.Columns {
			r.fault(row.place, "the row has %d numbers, the first has %d; make them equally long", len(row.items), t.Columns)
			return nil
		}
		t.Columns = len(row.items)
		for _, x := range row.items {
			t.Data = append(t.Data, x.number)
		}
	}
	if reason := spec.Table.fault(t); reason != "" {
		r.fault(v.place, "%s", reason)
		return nil
	}
	return t
}

// openTable reads a table from a file beside the preset or below.
func (r *presetReader) openTable(name string) (*Table, error) {
	if r.preset.directory == "" {
		return nil, errors.New("a preset that is no file cannot name files; give the rows themselves")
	}
	local := filepath.FromSlash(name)
	if !filepath.IsLocal(local) {
		return nil, fmt.Errorf("%q leads out of the preset's directory; put the file there", name)
	}
	root, err := os.OpenRoot(r.preset.directory)
	if err != nil {
		return nil, err
	}
	data, err := readTableFile(root, local)
	if err = errors.Join(err, root.Close()); err != nil {
		return nil, err
	}
	t, err := parseTable(local, data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", local, err)
	}
	t.Source = local
	if file := (PresetFile{name, sha256.Sum256(data)}); !slices.Contains(r.preset.Files, file) {
		r.preset.Files = append(r.preset.Files, file)
	}
	return t, nil
}

// readTableFile reads a file that is no larger than a table's.
func readTableFile(root *os.Root, name string) ([]byte, error) {
	info, err := root.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		// Systems word this differently.
		return nil, fmt.Errorf("%s: no such file in the preset's directory: %w", name, fs.ErrNotExist)
	}
	if err != nil {
		return nil, err
	}
	// Eight bytes a number, and a header.
	const most = 8*MaxTableValues + 1<<16
	if !info.Mode().IsRegular() || info.Size() > most {
		return nil, fmt.Errorf("%s is no regular file of at most %d bytes", name, most)
	}
	return root.ReadFile(name)
}

// parseTable reads a table from the bytes of a .npy or .wav file.
func parseTable(name string, data []byte) (*Table, error) {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".npy":
		return parseTableNPY(data)
	case ".wav":
		return parseTableWAV(data)
	}
	return nil, errors.New("it is neither a .npy nor a .wav file")
}

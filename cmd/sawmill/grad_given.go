package main

import (
	"archive/zip"
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"sawmill/batch"
	"sawmill/batch/given"
	"sawmill/batch/npy"
	"sawmill/kpn"
)

// The arrays of --unit.
const (
	unitArray     = "unit"
	physicalArray = "physical"
)

// checkNames refuses inputs whose array would have the name of another.
func (g *gradFlags) checkNames(s *batch.Sound) error {
	for _, n := range s.Preset.Graph.Nodes {
		if g.unit && n.Kind == kpn.KindInput && (n.ID == unitArray || n.ID == physicalArray) {
			return usagef("--unit: the array %s is there twice, as the preset has an input of that name; rename the input", n.ID)
		}
	}
	return nil
}

// count is the number of sounds.
func (g *gradFlags) count(s *batch.Sound, cotangents *fileCotangents) (int, error) {
	items, from := g.items, "--items: it"
	if items == 0 {
		items, from = cotangents.items, "--cotangent: "+cotangents.array.Path
	}
	if g.items == 0 && items == 1 && s.Values != nil {
		items, from = max(1, s.Values.Rows()-g.position), "--params: "+g.files.params
	}
	if items > maxGradItems {
		return 0, usagef("%s is for %d items; one run takes up to %d", from, items, maxGradItems)
	}
	if s.Values != nil && g.position+items > s.Values.Rows() {
		return 0, usagef("--params: %s has %d rows, but the sounds %d to %d are asked for; --items and --first-item say which", g.files.params, s.Values.Rows(), g.position, g.position+items-1)
	}
	return items, nil
}

// load makes the job. Whether a signal has these sounds shows as it is read.
func (g *gradFlags) load(s *batch.Sound, shape kpn.Shape) (*kpn.Job, [][]kpn.Draw, error) {
	job, draws, err := s.Load(g.position, shape.B)
	return job, draws, inFiles(err)
}

// inFiles says of a fault of a given file that it is the user's.
func inFiles(err error) error {
	if is[*given.FileError](err) || is[*given.CellError](err) || is[*npy.FileError](err) || is[*npy.ValueError](err) {
		return &usageError{fmt.Errorf("--input or --params: %w", err)}
	}
	return err
}

// byParameter is what --unit adds to the archive.
type byParameter struct {
	parameters     []archiveParameter
	items          int
	unit, physical []float64
}

// archiveParameter describes a column of the arrays of --unit.
type archiveParameter struct {
	Name string `json:"name"`
	Unit string `json:"unit,omitempty"`
}

func newByParameter(p *kpn.Preset, all *kpn.Gradients, draws [][]kpn.Draw) *byParameter {
	b := &byParameter{items: len(draws), parameters: []archiveParameter{}}
	b.physical, b.unit = p.ByParameter(all, draws)
	for i := range p.Sampled {
		b.parameters = append(b.parameters, archiveParameter{p.Sampled[i].Name, p.Sampled[i].Unit})
	}
	return b
}

func (b *byParameter) write(w *zip.Writer) error {
	return errors.Join(b.array(w, unitArray, b.unit), b.array(w, physicalArray, b.physical))
}

func (b *byParameter) array(w *zip.Writer, name string, values []float64) error {
	member, err := newMember(w, name+".npy")
	if err != nil {
		return err
	}
	data := npy.Header(npy.Float64, b.items, len(b.parameters))
	for _, x := range values {
		data = binary.LittleEndian.AppendUint64(data, math.Float64bits(x))
	}
	_, err = member.Write(data)
	return err
}

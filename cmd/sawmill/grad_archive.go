package main

import (
	"archive/zip"
	"bufio"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"time"

	"sawmill/batch"
	"sawmill/batch/npy"
	"sawmill/kpn"
)

// archive is what grad writes.
type archive struct {
	// preset is the file's name.
	preset    string
	sound     batch.Sound
	shape     kpn.Shape
	first     int
	device    kpn.Device
	gradients *kpn.Gradients
	// byParameter is nil unless it was asked for.
	byParameter *byParameter
}

// archiveInfo is gradients.json.
type archiveInfo struct {
	Format    string         `json:"format"`
	Version   int            `json:"version"`
	Sawmill   string         `json:"sawmill"`
	Preset    string         `json:"preset"`
	Device    archiveDevice  `json:"device"`
	Seed      uint64         `json:"seed"`
	FirstItem int            `json:"first_item"`
	Items     int            `json:"items"`
	Channels  int            `json:"channels"`
	Frames    int            `json:"frames"`
	Rate      float64        `json:"rate"`
	Outputs   []string       `json:"outputs"`
	Gradients []archiveEntry `json:"gradients"`
	// Parameters names the columns of the arrays unit and physical.
	Parameters []archiveParameter `json:"parameters,omitempty"`
}

type archiveDevice struct {
	Class   kpn.DeviceClass `json:"class"`
	Name    string          `json:"name"`
	Backend string          `json:"backend"`
	Version string          `json:"version"`
}

// archiveEntry describes one gradient.
type archiveEntry struct {
	// Name is that of the array; there is none unless the code is 0.
	Name  string `json:"name"`
	Node  string `json:"node"`
	Param string `json:"param,omitempty"`
	Unit  string `json:"unit,omitempty"`
	Rate  string `json:"rate"`
	Shape []int  `json:"shape"`
	Code  int    `json:"code"`
	State string `json:"state"`
}

// The members of the archive that are no arrays, and its format.
const (
	archiveInfoName = "gradients.json"
	archiveFormat   = "sawmill gradients"
	archiveVersion  = 1
)

// write writes the archive.
func (a *archive) write(f io.Writer) error {
	buffered := bufio.NewWriterSize(f, 1<<20)
	w := zip.NewWriter(buffered)
	info, err := json.MarshalIndent(a.info(), "", "  ")
	if err != nil {
		return err
	}
	member, err := newMember(w, archiveInfoName)
	if err != nil {
		return err
	}
	if _, err := member.Write(append(info, '\n')); err != nil {
		return err
	}
	for i := range a.gradients.List {
		g := &a.gradients.List[i]
		if g.Code != kpn.Done {
			continue
		}
		member, err := newMember(w, arrayName(g.Ref)+".npy")
		if err != nil {
			return err
		}
		if err := writeArray(member, g); err != nil {
			return err
		}
	}
	if a.byParameter != nil {
		if err := a.byParameter.write(w); err != nil {
			return err
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	return buffered.Flush()
}

func (a *archive) info() archiveInfo {
	d, s := a.device, a.shape
	info := archiveInfo{
		Format: archiveFormat, Version: archiveVersion, Sawmill: version(), Preset: filepath.Base(a.preset),
		Device: archiveDevice{d.Class, d.Name, d.Backend, d.Version},
		Seed:   a.sound.Seed, FirstItem: a.first, Items: s.B, Channels: s.C, Frames: s.F, Rate: a.sound.Rate,
		Outputs: a.sound.Preset.Graph.Outputs, Gradients: []archiveEntry{},
	}
	for i := range a.gradients.List {
		g := &a.gradients.List[i]
		n, _ := a.sound.Preset.Graph.Node(g.Ref.Node)
		unit := ""
		if spec, ok := kpn.Lookup(n.Kind); ok {
			if p, _, ok := spec.Param(g.Ref.Param); ok {
				unit = p.Unit
			}
		}
		info.Gradients = append(info.Gradients, archiveEntry{
			Name: arrayName(g.Ref), Node: g.Ref.Node, Param: g.Ref.Param, Unit: unit,
			Rate: g.Rate.String(), Shape: arrayShape(g), Code: int(g.Code), State: g.Code.String(),
		})
	}
	if a.byParameter != nil {
		info.Parameters = a.byParameter.parameters
	}
	return info
}

// arrayName is a gradient's name: an input's signal has its node's.
func arrayName(ref kpn.ParamRef) string {
	if ref.Param == "" {
		return ref.Node
	}
	return ref.String()
}

// arrayShape leaves out the axes that a gradient does not have.
func arrayShape(g *kpn.Gradient) []int {
	switch {
	case g.Rate == kpn.PerFrame:
		return []int{g.Shape.B, g.Shape.C, g.Shape.F}
	case g.Rate == kpn.Constant:
		return []int{}
	case g.Shape.C == 1:
		return []int{g.Shape.B}
	}
	return []int{g.Shape.B, g.Shape.C}
}

// writeArray writes a gradient as a NumPy file.
func writeArray(w io.Writer, g *kpn.Gradient) error {
	kind := npy.Float64
	if g.F64 == nil {
		kind = npy.Float32
	}
	if _, err := w.Write(npy.Header(kind, arrayShape(g)...)); err != nil {
		return err
	}
	var data []byte
	for i := range g.Shape.Len() {
		if g.F64 != nil {
			data = binary.LittleEndian.AppendUint64(data, math.Float64bits(g.F64[i]))
		} else {
			data = binary.LittleEndian.AppendUint32(data, math.Float32bits(g.F32[i]))
		}
		if len(data) >= 1<<16 {
			if _, err := w.Write(data); err != nil {
				return err
			}
			data = data[:0]
		}
	}
	_, err := w.Write(data)
	return err
}

// replaceFile writes a file so that it appears whole or not at all, even if
// the machine stops.
func replaceFile(path string, write func(io.Writer) error) (err error) {
	dir := filepath.Dir(path)
	f, err := os.CreateTemp(dir, "."+filepath.Base(path)+".*.tmp")
	if err != nil {
		return fmt.Errorf("cannot write %s: %w", path, err)
	}
	defer func() {
		if err != nil {
			// What cannot be deleted does no harm.
			_ = os.Remove(f.Name())
			err = fmt.Errorf("cannot write %s: %w", path, err)
		}
	}()
	err = write(f)
	if err == nil {
		err = f.Chmod(0o644)
	}
	if err == nil {
		err = f.Sync()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	return syncDirectory(dir)
}

// syncDirectory puts a new name on the disk. Not every system can.
func syncDirectory(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	_ = d.Sync()
	return d.Close()
}

// newMember starts a file of the archive, as old as such archives know, so that
// the same gradients are the same bytes.
func newMember(w *zip.Writer, name string) (io.Writer, error) {
	return w.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store, Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)})
}

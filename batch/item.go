package batch

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"math"

	"sawmill/kpn"
)

// item is one sound on its way to its file. Its levels belong to the sink,
// its file and hash to the writer that it is assigned to.
type item struct {
	index  int
	name   string
	draws  []kpn.Draw
	wave   wave
	levels []level // one for each channel of the file
	hash   hash.Hash
	frames int64 // written so far
}

func newItem(o *Options, index int, draws []kpn.Draw) *item {
	w := o.wave()
	return &item{
		index:  index,
		name:   o.fileName(index),
		draws:  draws,
		wave:   w,
		levels: make([]level, w.channels),
		hash:   sha256.New(),
	}
}

func (it *item) tempName() string { return "." + it.name + ".tmp" }

// write appends encoded frames to the item's temporary file. The file is not
// held open in between: a batch may have more items than a process may have
// open files.
func (it *item) write(d *directory, data []byte) error {
	f, err := d.openTemp(it.tempName(), it.frames == 0)
	if err != nil {
		return err
	}
	pieces := [][]byte{data}
	if it.frames == 0 {
		pieces = [][]byte{it.wave.header(), data}
	}
	it.frames += int64(len(data) / it.wave.frameBytes())
	if it.frames == it.wave.frames {
		pieces = append(pieces, make([]byte, it.wave.padding()))
	}
	for _, p := range pieces {
		it.hash.Write(p)
		if _, err = f.Write(p); err != nil {
			break
		}
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		return &FileError{"write", d.path(it.name), err}
	}
	return nil
}

func (it *item) sha256() string { return hex.EncodeToString(it.hash.Sum(nil)) }

func (it *item) scale() float64 { return encodings[it.wave.encoding].scale }

func (it *item) peak() float64 {
	peak := 0.0
	for i := range it.levels {
		peak = max(peak, it.levels[i].peak)
	}
	return peak / it.scale()
}

func (it *item) rms() float64 {
	sum := 0.0
	for i := range it.levels {
		sum += it.levels[i].energy()
	}
	mean := sum / (float64(it.wave.frames) * float64(it.wave.channels))
	return float64(float32(math.Sqrt(mean) / it.scale()))
}

func (it *item) clipped() int64 {
	n := int64(0)
	for i := range it.levels {
		n += it.levels[i].clipped
	}
	return n
}

package cpuref

import (
	"sync"

	"sawmill/kpn"
)

// jobCotangents are the cotangents that a job brings.
type jobCotangents struct {
	*kpn.AdjointJob
	// reading keeps the calls apart, and the scratch part.
	reading sync.Mutex
	part    []float32
}

// read reads those of an item's other channels too.
func (j *jobCotangents) read(dst []float64, output, row, first int) error {
	c, n := row%j.Shape.C, len(dst)
	j.reading.Lock()
	defer j.reading.Unlock()
	if size := j.Shape.C * n; len(j.part) < size {
		j.part = make([]float32, size)
	}
	part := j.part[:j.Shape.C*n]
	err := j.Cotangents.Read(output, kpn.Window{Item: row / j.Shape.C, Items: 1, First: first, Frames: n}, part)
	for i, x := range part[c*n : (c+1)*n] {
		dst[i] = float64(x)
	}
	return err
}

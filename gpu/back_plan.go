package gpu

import (
	"math"

	"sawmill/kpn"
	"sawmill/scheduler"
)

// backPlan says how an adjoint is cut for a device: into groups of items, and
// a group's loop frames into segments and chunks of whole granules.
type backPlan struct {
	shape kpn.Shape
	// items is how many the device takes at once.
	items int
	// frames are those of the loop, in whole granules.
	frames, segmentFrames, chunkFrames int
	// warmUp is how many frames after a segment its last chunks start.
	warmUp int
	// controlWords is the number of values of the control signals of a row.
	controlWords int
	workgroup    int
	groupsX      int64
}

// What an adjoint holds on the device at once, about: enough to keep it busy,
// little enough that a software renderer's caches see some of it again.
const (
	softwareBackBytes = 48 << 20
	hardwareBackBytes = 1 << 30
)

// Graphs whose rows cannot be cut into chunks need rows to fill the device.
const (
	softwareBackRows = 64
	hardwareBackRows = 8192
)

// newBackPlan cuts an adjoint so that its buffers fit the limits. It fails only
// if one granule of one item does not fit.
func newBackPlan(a *scheduler.Adjoint, job *kpn.Job, controls *signals, d Description, workgroup int) (backPlan, error) {
	p := backPlan{shape: job.Shape, workgroup: workgroup, groupsX: d.Limits.GroupCount[0]}
	p.frames = wholeGranules(job.Shape.F + a.Behind)
	bytes, least := int64(hardwareBackBytes), hardwareBackRows
	if d.Software {
		bytes, least = softwareBackBytes, softwareBackRows
	}
	if a.Strategy.Chunked {
		p.warmUp = roundUp4(a.Strategy.WarmUp)
		least = 1
	}
	perFrame := p.bytesPerFrame(a)
	// The largest of the buffers must fit the device's limits too.
	limit := min(d.Limits.StorageBytes, texelBytes*d.Limits.TexelBuffer)
	bytes = min(bytes, limit)
	rows := max(bytes/(perFrame*int64(p.frames)), int64(min(least, job.Shape.Rows())))
	p.items = int(min(max(1, rows/int64(job.Shape.C)), int64(job.Shape.B)))
	rows = int64(p.items) * int64(job.Shape.C)
	// A segment that its warm-up dominates would do most of its work twice.
	frames := max(bytes/(perFrame*rows)-int64(p.warmUp), 2*int64(p.warmUp), scheduler.Granule)
	if job.BlockFrames > 0 {
		frames = min(frames, int64(wholeGranules(job.BlockFrames)))
	}
	most, err := laneFrames(a.Program, a.Loops(), d)
	if err != nil {
		return p, err
	}
	if !a.Strategy.Chunked {
		frames = min(frames, int64(most))
	}
	p.segmentFrames = int(min(frames/scheduler.Granule*scheduler.Granule, int64(p.frames)))
	p.chunkFrames = p.segmentFrames
	if a.Strategy.Chunked {
		p.chunkFrames = min(p.segmentFrames, most, wholeGranules(chunkFrames(p.segmentFrames, int(rows), p.warmUp, d.Software)))
	}
	p.controlWords = controls.words() / job.Shape.Rows()
	return p, p.check(a, rows, limit)
}

// texelBytes is the size of a texel: four frames.
const texelBytes = 16

// check refuses what no cut makes small enough.
func (p *backPlan) check(a *scheduler.Adjoint, rows, limit int64) error {
	for binding, bytes := range p.sizes(a, int(rows)) {
		if int64(bytes) > limit || bytes > math.MaxUint32 {
			return &LimitError{Limit: "GL_MAX_SHADER_STORAGE_BLOCK_SIZE or GL_MAX_TEXTURE_BUFFER_SIZE (bytes) for the buffer of " + bindingNames[binding] + " of an adjoint", Got: int64(bytes), Max: limit}
		}
	}
	return nil
}

// bytesPerFrame is what a frame of a row takes in all buffers together.
func (p *backPlan) bytesPerFrame(a *scheduler.Adjoint) int64 {
	signals := len(a.Signals) + len(a.Outputs) + len(a.Frames) + len(a.Layout.Tensors)
	return int64(4*signals + 8*len(a.Sums)/scheduler.Granule + 1)
}

// sizes are the bytes of each buffer for so many rows.
func (p *backPlan) sizes(a *scheduler.Adjoint, rows int) [backBindings]int {
	window := min(p.segmentFrames+p.warmUp, p.frames)
	granules := p.segmentFrames / scheduler.Granule
	return [backBindings]int{
		bindSamples:    4 * rows * window * len(a.Signals),
		bindRowParams:  8 * (len(a.Layout.RowParams) + p.controlWords) * rows,
		bindState:      4 * a.StateWords * rows,
		bindPeaks:      8 * a.Layout.Peaks * rows,
		bindFifo:       4 * a.QueueFrames * p.lanes(window, rows),
		bindCotangents: 4 * rows * window * len(a.Outputs),
		bindGradients:  8*len(a.Sums)*(1+granules)*rows + 4*len(a.Frames)*rows*p.segmentFrames,
	}
}

// lanes is how many lanes walk so many frames of the rows.
func (p *backPlan) lanes(frames, rows int) int {
	return rows * ((frames + p.chunkFrames - 1) / p.chunkFrames)
}

// groups is the extent of a dispatch of so many lanes.
func (p *backPlan) groups(lanes int) (x, y int) {
	groups := (lanes + p.workgroup - 1) / p.workgroup
	x = int(min(int64(groups), p.groupsX, 1<<15))
	return x, (groups + x - 1) / x
}

func wholeGranules(frames int) int {
	return (frames + scheduler.Granule - 1) / scheduler.Granule * scheduler.Granule
}

// segment is a run of loop frames and the window that its chunks see.
type segment struct {
	index, first, frames, window int
}

// segments lists the segments in the order of time.
func (p *backPlan) segments() []segment {
	var list []segment
	for first := 0; first < p.frames; first += p.segmentFrames {
		s := segment{index: len(list), first: first, frames: min(p.segmentFrames, p.frames-first)}
		s.window = min(s.frames+p.warmUp, p.frames-first)
		list = append(list, s)
	}
	return list
}

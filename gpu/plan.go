package gpu

import (
	"runtime"

	"sawmill/kpn"
	"sawmill/scheduler"
)

// plan says how a job is cut for a device: into segments of frames, one
// dispatch each, and segments into chunks, one lane each.
type plan struct {
	shape         kpn.Shape
	segmentFrames int // a multiple of 4
	chunkFrames   int // a multiple of 4
	// dispatchFrames is how many frames of a segment a dispatch renders, all
	// of them unless lanes that carry state may not run that long.
	dispatchFrames int // a multiple of 4
	workgroup      int
	groupsX        int64 // the device's limit along x
}

// A job whose samples are at most wholeBytes is one segment, if the device
// allows it. A longer one is cut into segments of segmentBytes: large enough to
// keep a device busy, small enough that a few of them are no burden.
const (
	wholeBytes   = 64 << 20
	segmentBytes = 16 << 20
)

// newPlan cuts a job so that its buffers fit the limits. It fails only if four
// frames of all rows do not fit.
func newPlan(p *scheduler.Program, job *kpn.Job, controls *signals, d Description, workgroup int) (plan, error) {
	pl := plan{shape: job.Shape, workgroup: workgroup, groupsX: d.Limits.GroupCount[0]}
	rows := int64(job.Shape.Rows())
	if most := maxRows(p, job.Shape.F, d.Limits.StorageBytes); rows > most {
		return pl, &LimitError{Limit: "rows (items × channels) of a batch", Got: rows, Max: most}
	}
	limit := min(d.Limits.StorageBytes, wholeBytes)
	stored := int64(p.Stored())
	if 4*rows*stored*int64(roundUp4(job.Shape.F)) > limit {
		limit = min(limit, segmentBytes)
	}
	frames := quads(limit, rows*stored)
	if n := int64(len(p.Layout.Tensors)); n > 0 {
		frames = min(frames, quads(limit, rows*n))
		if held := d.Limits.StorageBytes / (4 * rows * n); held < int64(job.Shape.F) {
			before, after := windowMargins(p)
			frames = min(frames, (held-int64(before+after))&^3)
		}
	}
	if job.BlockFrames > 0 {
		frames = min(frames, int64(roundUp4(job.BlockFrames)))
	}
	pl.segmentFrames = int(min(frames, int64(roundUp4(job.Shape.F))))
	pl.chunkFrames = pl.segmentFrames
	most, err := laneFrames(p, p.Loops(), d)
	if err != nil {
		return pl, err
	}
	if p.Strategy.Chunked {
		pl.chunkFrames = min(most, chunkFrames(pl.segmentFrames, int(rows), p.Strategy.WarmUp, d.Software))
	}
	pl.dispatchFrames = pl.segmentFrames
	if !p.Strategy.Chunked {
		pl.dispatchFrames = min(pl.segmentFrames, most)
		pl.chunkFrames = pl.dispatchFrames
	}
	for _, words := range []int64{
		int64(p.Layout.StateWords) * rows,
		int64(p.Layout.QueueFrames) * int64(pl.lanes(pl.segmentFrames)),
		2*int64(len(p.Layout.RowParams))*rows + 2*int64(controls.words()),
		int64(p.Layout.Peaks) * rows,
	} {
		if 4*words > d.Limits.StorageBytes {
			return pl, &LimitError{Limit: "GL_MAX_SHADER_STORAGE_BLOCK_SIZE (bytes) for the state of a batch", Got: 4 * words, Max: d.Limits.StorageBytes}
		}
	}
	return pl, nil
}

// softwareRounds is how often the loops of a lane may go round, all together,
// before llvmpipe ends it without a word, less some for what comes before and
// after the frames.
const softwareRounds = 65535 - 1024

// laneFrames is how many frames a lane may deliver in a dispatch of kernels
// whose loops go round so often for four frames. Before them it goes through
// its warm-up, or through the latency.
func laneFrames(p *scheduler.Program, rounds int, d Description) (int, error) {
	if !d.Software {
		return kpn.MaxFrames &^ 3, nil
	}
	before := p.Latency
	if p.Strategy.Chunked {
		before = p.Strategy.WarmUp
	}
	most := softwareRounds / rounds * 4
	before = roundUp4(before) + slack
	if left := (most - before) &^ (scheduler.Granule - 1); left > 0 {
		return left, nil
	}
	return 0, &LimitError{
		Limit: "frames that a lane of a software renderer can go through at once, delays and filters included",
		Got:   int64(before + scheduler.Granule), Max: int64(most),
		Advice: "shorten delays, take fewer nodes that sum up harmonics or steps (additive, kaiser32, high ratios), or choose another device",
	}
}

// maxRows is how many rows a segment of four frames can have: those of the
// outputs and, with its margins or whole, those of the tensors.
func maxRows(p *scheduler.Program, frames int, storage int64) int64 {
	most := storage / (16 * int64(p.Stored()))
	if n := int64(len(p.Layout.Tensors)); n > 0 {
		before, after := windowMargins(p)
		most = min(most, storage/(4*n*int64(min(frames, before+4+after))))
	}
	return most
}

// quads is how many frames of so many signals fit a size in bytes, in whole
// quads and at least one.
func quads(bytes, signals int64) int64 { return max(4, bytes/(4*signals)&^3) }

// chunkFrames cuts rows until the device has lanes enough, but not below
// chunks that their warm-up would dominate. A software renderer wants many more
// lanes than fill its vectors: its cores take one workgroup after another, and
// with few large ones one core idles at the end.
func chunkFrames(segment, rows, warmUp int, software bool) int {
	wanted := 1 << 16
	if software {
		wanted = 256 * runtime.NumCPU()
	}
	least := max(64, 8*warmUp)
	chunks := max(1, wanted/rows)
	return min(segment, roundUp4(max(least, (segment+chunks-1)/chunks)))
}

// sliced is the plan for kernels that take each frame for itself: many lanes a
// row, so that lanes next to each other work on one, and short ones.
func (p plan) sliced() plan {
	const slices, most = 64, 1 << 16
	wanted := max(slices, most/p.shape.Rows())
	p.chunkFrames = min(softwareRounds*4, roundUp4((p.segmentFrames+wanted-1)/wanted))
	p.dispatchFrames = p.segmentFrames
	return p
}

func (p plan) chunks(frames int) int { return (frames + p.chunkFrames - 1) / p.chunkFrames }

// lanes is how many lanes render a segment of so many frames.
func (p plan) lanes(frames int) int { return p.shape.Rows() * p.chunks(frames) }

// groups is the extent of the dispatch: x filled first, the rest along y.
func (p plan) groups(frames int) (x, y int) {
	groups := (p.lanes(frames) + p.workgroup - 1) / p.workgroup
	x = int(min(int64(groups), p.groupsX, 1<<15))
	return x, (groups + x - 1) / x
}

func roundUp4(n int) int { return (n + 3) &^ 3 }

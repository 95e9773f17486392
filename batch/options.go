package batch

import (
	"fmt"
	"log/slog"
	"strconv"
	"strings"

	"sawmill/batch/given"
	"sawmill/kpn"
)

// MaxCount bounds the sounds of a dataset, and MaxBatch those of a batch.
const (
	MaxCount = 1_000_000_000
	MaxBatch = 4096
)

// Options says what to render and where to.
type Options struct {
	Sound
	// Dir is the dataset's directory; it is made if it does not exist.
	Dir   string
	Count int
	// Batch is the number of sounds rendered at once; 0 chooses one. No byte
	// depends on it.
	Batch    int
	Encoding Encoding
	// Version is the program's, for the manifest.
	Version string
	// Progress, if not nil, is told how far the run is, by one goroutine at a
	// time, and must return soon.
	Progress func(Progress)
	// Logger may be nil.
	Logger *slog.Logger
}

// Progress is how far a run is.
type Progress struct {
	// Done sounds of Count are finished, those of earlier runs included.
	Done, Count int
	// Samples counts what this run has encoded, over all channels.
	Samples int64
	// Present is what earlier runs had finished when this one began.
	Present int
}

// Validate checks everything that can be checked without a device or a disk.
// Its error is an [OptionErrors] of all faults, or the preset's own errors.
func (o *Options) Validate() error {
	var errs OptionErrors
	fault := func(option, got, allowed string) {
		errs = append(errs, &OptionError{option, got, allowed})
	}
	if o.Dir == "" {
		fault("out", "nothing", "the name of a directory")
	}
	if o.Count < 1 || o.Count > MaxCount {
		fault("count", strconv.Itoa(o.Count), fmt.Sprintf("1 to %d", MaxCount))
	}
	if o.Batch < 0 || o.Batch > MaxBatch {
		fault("batch", strconv.Itoa(o.Batch), fmt.Sprintf("1 to %d, or 0 for a good one", MaxBatch))
	}
	if !o.Encoding.valid() {
		fault("bits", strconv.Itoa(int(o.Encoding)), strings.Join(EncodingNames(), ", "))
	}
	if o.Values != nil && o.Count != o.Values.Rows() {
		fault("count", strconv.Itoa(o.Count), fmt.Sprintf("%d, a sound for each row of the parameters' values", o.Values.Rows()))
	}
	if errs = append(errs, o.faults()...); len(errs) > 0 {
		return errs
	}
	for _, s := range o.Inputs {
		if err := s.Fits(kpn.Shape{B: o.Count, C: o.Channels, F: o.Frames()}, o.Rate); err != nil {
			return err
		}
		if n := s.Shape.C * s.Shape.F; s.Shape.B > 1 && o.Batch > given.MaxSamples/n {
			return OptionErrors{{"batch", strconv.Itoa(o.Batch), fmt.Sprintf("up to %d with the signal of %s", given.MaxSamples/n, s.Node)}}
		}
	}
	return o.Sound.Validate()
}

// batchSamples is how many samples an automatic batch aims at: enough rows to
// fill a device, few enough that a run stays well below half a gigabyte.
const batchSamples = 16 << 20

// maxAutoBatch keeps automatic batches short, so that an interrupted run
// loses little.
const maxAutoBatch = 256

// batch returns the number of items to render at once.
func (o *Options) batch() int {
	if o.Batch > 0 {
		return o.Batch
	}
	perItem := o.Frames() * o.fileChannels()
	for _, s := range o.Inputs {
		if s.Shape.B > 1 {
			perItem += s.Shape.C * s.Shape.F
		}
	}
	return min(max(batchSamples/perItem, 1), maxAutoBatch)
}

// BatchSize is how many sounds the first batch holds.
func (o *Options) BatchSize() int { return min(o.batch(), o.Count) }

func (o *Options) logger() *slog.Logger {
	if o.Logger == nil {
		return slog.New(slog.DiscardHandler)
	}
	return o.Logger
}

// wave is the format of every file: the channels of all outputs, output by
// output.
func (o *Options) wave() wave {
	return wave{
		channels: o.fileChannels(),
		rate:     uint32(o.Rate),
		encoding: o.Encoding,
		frames:   int64(o.Frames()),
	}
}

// fileName is the name of a sound: its index, in at least six digits and the
// same number for all.
func (o *Options) fileName(item int) string {
	width := max(6, len(strconv.Itoa(o.Count-1)))
	return fmt.Sprintf("%0*d.wav", width, item)
}

package batch

import (
	"fmt"
	"math"
	"strconv"

	"sawmill/batch/given"
	"sawmill/kpn"
)

// Sound says what the sounds of a dataset are.
type Sound struct {
	Preset *kpn.Preset
	Seed   uint64
	// Seconds is the length of a sound, rounded to whole frames.
	Seconds float64
	// Rate is the sample rate in Hz, a whole number.
	Rate     float64
	Channels int
	// Values, if not nil, gives the preset's random parameters, a row a sound,
	// in place of draws.
	Values *given.Table
	// Inputs are the signals of the preset's inputs: those that it was fed,
	// see [kpn.Preset.Feed].
	Inputs []*given.Signal
}

// Validate checks everything that needs no device: the settings, with an
// [OptionErrors] of all faults, then the preset at this sample rate.
func (s *Sound) Validate() error {
	if errs := s.faults(); len(errs) > 0 {
		return errs
	}
	if err := s.Preset.Check(s.Rate); err != nil {
		return err
	}
	for _, signal := range s.Inputs {
		// How many sounds it must have is for others to say.
		want := kpn.Shape{B: signal.Shape.B, C: s.Channels, F: s.Frames()}
		if err := signal.Fits(want, s.Rate); err != nil {
			return err
		}
	}
	job, _, err := s.Load(0, 1)
	if err != nil {
		return err
	}
	return job.Validate(s.Preset.Graph)
}

func (s *Sound) faults() OptionErrors {
	var errs OptionErrors
	fault := func(option, got, allowed string, args ...any) {
		errs = append(errs, &OptionError{option, got, fmt.Sprintf(allowed, args...)})
	}
	if s.Preset == nil {
		fault("preset", "nothing", "a preset")
	}
	if s.Channels < 1 || s.Channels > kpn.MaxChannels {
		fault("channels", strconv.Itoa(s.Channels), "1 to %d", kpn.MaxChannels)
	}
	rateOK := s.Rate >= 1 && s.Rate <= kpn.MaxSampleRate && s.Rate == math.Trunc(s.Rate)
	if !rateOK {
		fault("rate", number(s.Rate)+" Hz", "a whole number from 1 to %d", kpn.MaxSampleRate)
	}
	if rateOK && !(s.Seconds > 0 && s.Seconds*s.Rate <= kpn.MaxFrames && s.Frames() >= 1) {
		fault("seconds", number(s.Seconds), "%s to %s: 1 to %d frames at %s Hz",
			number(1/s.Rate), number(math.Floor(kpn.MaxFrames/s.Rate)), kpn.MaxFrames, number(s.Rate))
	}
	return errs
}

// Frames is the length of a sound in frames.
func (s *Sound) Frames() int { return int(math.RoundToEven(s.Seconds * s.Rate)) }

// Job asks for n items from first on, with random parameters.
func (s *Sound) Job(first, n int) *kpn.Job {
	job := s.job(first, n)
	s.Preset.Bind(job)
	return job
}

func (s *Sound) job(first, n int) *kpn.Job {
	return &kpn.Job{
		Shape:     kpn.Shape{B: n, C: s.Channels, F: s.Frames()},
		Rate:      s.Rate,
		Seed:      s.Seed,
		FirstItem: uint64(first),
	}
}

// Load asks for n items from first on, with what is given of their parameters
// and signals; draws[i] are the parameters of item first+i. It is not safe for
// concurrent use where anything is given. Errors: *[given.FileError].
func (s *Sound) Load(first, n int) (job *kpn.Job, draws [][]kpn.Draw, err error) {
	job = s.job(first, n)
	if s.Values == nil {
		draws = make([][]kpn.Draw, n)
		for i := range draws {
			draws[i] = s.Preset.Draw(s.Seed, uint64(first+i))
		}
		s.Preset.Bind(job)
	} else {
		if draws, err = s.Values.Draws(first, n); err != nil {
			return nil, nil, err
		}
		s.Preset.BindDraws(job, draws)
	}
	job.Inputs = map[string]*kpn.Tensor{}
	for _, signal := range s.Inputs {
		if job.Inputs[signal.Node], err = signal.Tensor(first, n); err != nil {
			return nil, nil, err
		}
	}
	return job, draws, nil
}

// fileChannels is the number of channels of a file: those of all outputs.
func (s *Sound) fileChannels() int { return s.Channels * len(s.Preset.Graph.Outputs) }

// number writes a float as people do.
func number(x float64) string { return strconv.FormatFloat(x, 'g', 10, 64) }

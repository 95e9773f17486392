package batch

import (
	"fmt"
	"math"
	"strconv"

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
	return s.Job(0, 1).Validate(s.Preset.Graph)
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

// Job asks for n items from first on.
func (s *Sound) Job(first, n int) *kpn.Job {
	job := &kpn.Job{
		Shape:     kpn.Shape{B: n, C: s.Channels, F: s.Frames()},
		Rate:      s.Rate,
		Seed:      s.Seed,
		FirstItem: uint64(first),
	}
	s.Preset.Bind(job)
	return job
}

// fileChannels is the number of channels of a file: those of all outputs.
func (s *Sound) fileChannels() int { return s.Channels * len(s.Preset.Graph.Outputs) }

// number writes a float as people do.
func number(x float64) string { return strconv.FormatFloat(x, 'g', 10, 64) }

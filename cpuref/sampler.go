package cpuref

import (
	"math/bits"

	"sawmill/kpn"
)

// forwardSampler is the step of [kpn.KindSampler]. Its memory is whether the
// advance alone has gone through the recording.
func forwardSampler(r *run) {
	mode, ratio, start := r.param("mode"), r.param("ratio"), r.param("start")
	s := newRecording(r)
	phase := *r.phase
	for i := range r.out {
		place, past := s.place(phase, start[i], r.memory[0] != 0)
		r.out[i] = s.at(place, mode[i] == kpn.SamplerLoop, past)
		var carry uint64
		phase, carry = bits.Add64(phase, s.increment(ratio[i]), 0)
		if carry != 0 {
			r.memory[0] = 1
		}
	}
	*r.phase = phase
}

// recording is the row of a sampler's table that a row of the job plays.
type recording struct {
	samples []float64
	// perSecond is how many recordings a second are played at ratio 1.
	perSecond, rate float64
}

func newRecording(r *run) recording {
	t := r.node.table
	s := recording{samples: t.Row(r.c % t.Rows), rate: r.job.Rate}
	if t.Rate > 0 {
		s.perSecond = t.Rate / float64(t.Columns)
	} else {
		s.perSecond = r.job.Rate * (1 / float64(t.Columns))
	}
	return s
}

// increment is the advance of a frame.
func (s *recording) increment(ratio float64) uint64 {
	return increment(ratio*s.perSecond, s.rate, 1/s.rate)
}

// place adds the start, and says whether that is past the end.
func (s *recording) place(phase uint64, start float64, past bool) (uint64, bool) {
	place, carry := bits.Add64(phase, fixed(start), 0)
	// A start of 1 is a whole recording, which is 0 in fixed point.
	return place, past || carry != 0 || start >= 1
}

// around is the column before a place, and how far it is from there.
func (s *recording) around(place uint64) (column int, rest float64) {
	whole, part := bits.Mul64(place, uint64(len(s.samples)))
	return int(whole), cycles(part)
}

// column is a sample; where the recording does not go round, 0 outside.
func (s *recording) column(i int, loop bool) float64 {
	n := len(s.samples)
	if loop {
		return s.samples[(i+n)%n]
	}
	if i < 0 || i >= n {
		return 0
	}
	return s.samples[i]
}

func (s *recording) at(place uint64, loop, past bool) float64 {
	if past && !loop {
		return 0
	}
	i, f := s.around(place)
	return catmullRom(s.column(i-1, loop), s.column(i, loop), s.column(i+1, loop), s.column(i+2, loop), f)
}

// slope is the derivative by the place in recordings.
func (s *recording) slope(place uint64, loop, past bool) float64 {
	if past && !loop {
		return 0
	}
	i, f := s.around(place)
	slope := catmullRomSlope(s.column(i-1, loop), s.column(i, loop), s.column(i+1, loop), s.column(i+2, loop), f)
	return slope * float64(len(s.samples))
}

// adjointSampler goes back like an oscillator.
func adjointSampler(r *backRun) {
	mode, ratio, start := r.param("mode"), r.param("ratio"), r.param("start")
	byRatio, byStart := r.derivative("ratio"), r.derivative("start")
	s := newRecording(&r.run)
	var phases [chunkFrames]uint64
	var pasts [chunkFrames]bool
	phase, past := r.startPhase, r.startMemory[0] != 0
	for i := range r.cotangent {
		phases[i], pasts[i] = phase, past
		var carry uint64
		phase, carry = bits.Add64(phase, s.increment(ratio[i]), 0)
		past = past || carry != 0
	}
	for i := len(r.cotangent) - 1; i >= 0; i-- {
		place, past := s.place(phases[i], start[i], pasts[i])
		byRatio[i] = *r.later * s.perRatio(ratio[i])
		byStart[i] = r.cotangent[i] * s.slope(place, mode[i] == kpn.SamplerLoop, past)
		*r.later += byStart[i]
	}
}

// perRatio is the derivative of a frame's advance by the ratio, which an
// advance of ½ has none of.
func (s *recording) perRatio(ratio float64) float64 {
	if ratio*s.perSecond > s.rate/2 {
		return 0
	}
	return s.perSecond / s.rate
}

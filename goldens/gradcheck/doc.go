// Package gradcheck holds the adjoint of an engine to what its forward does:
// [Check] compares every gradient with finite differences of the reference's
// render, tests the identity ⟨Jv, w⟩ = ⟨v, Jᵀw⟩ along a random direction of all
// parameters at once, and compares a device's gradients with the reference's.
//
// # What a difference is
//
// With L(θ) = Σ cotangent·output and a perturbation ±Δ of one parameter, the
// difference L(θ+Δ) − L(θ−Δ) is compared with ⟨gradient, 2Δ⟩. Δ is what the
// engine was really given, not what was wanted: tensors hold float32 values,
// whose neighbours are 2⁻²⁴ apart, and a frequency becomes a phase increment in
// whole 2⁻⁶⁴ cycles. What is added up is cotangent·(output − output without a
// step), sample by sample: the difference of two numbers that are close is
// exact, and what is left of rounding is that of the samples themselves.
//
// Items and channels do not meet in a render. So one perturbation of all values
// of a parameter gives the derivatives of all of them, from each row's own L.
// A tensor has too many values for that. It is moved along random directions
// over all its frames, and at single frames, the first and the last among
// them, where reads beyond the ends collect.
//
// # How large a step is
//
// Three things limit a step h: truncation, which for the central difference is
// h²/6 of the third derivative; corners and jumps of the output, which a step
// may reach across; and the rounding of samples, about 2⁻⁵³/h.
//
// What feeds a phase is stepped by how far it moves the phase at the end of the
// job: δ = 2⁻²⁰ (10⁻⁶) to 2⁻³² cycles, so for a frequency δ·rate/frames. The
// residual at a step of a waveform is as wide as a few increments, so that δ
// truncates a part (δ/increment)²/6; at 30 Hz and 192 kHz that is 7·10⁻⁶ for
// 10⁻⁶ cycles and 7·10⁻⁸ for 10⁻⁷. Two-point residuals have corners in their
// slope, which a part 6δ/increment of the frames near a step of the waveform
// cross: 2.4·(δ/increment)^1.5 remains, 4·10⁻⁵ for 10⁻⁷ and 4·10⁻⁸ for 10⁻⁹. A
// naive waveform jumps, and one frame in 1/δ crosses the jump. On the other
// hand 10⁻⁹ cycles change a sample near a step by 10⁻⁹/increment, far above
// rounding. Spread over 10⁵ frames of 8 steps, 2⁻³² cycles are 5·10³ units of
// the increment's 2⁻⁶⁴: its rounding matters, and is accounted for exactly, as
// told above.
//
// Times are stepped by 2⁻⁸ to 2⁻²⁰ frames: an envelope has a corner where a
// stage ends, which a step must not carry across a frame; only those beyond
// twice the job's length, whose ends are not in it, like plain numbers. Plain
// numbers are stepped by 2⁻¹² to 2⁻²⁴ of their size, or of 1 if that is larger
// (but no more than the width of the range). Values are kept inside their
// range, which makes the difference one-sided at a bound.
//
// These are the first five levels. What moves a phase without feeding it (a
// pitch, the depth of what modulates one) may need steps a thousand times
// smaller still, so that four more follow where those do not agree.
//
// No single step suits every parameter, so several are tried, each an eighth of
// the one before, and each value takes the two neighbouring steps that agree
// best, what rounding makes of them included; the smaller of them counts. Once
// they agree to a hundredth of what is allowed, no smaller ones are tried. The
// gradient under test has no part in the choice. Values whose row has its
// largest magnitude at another frame than without a step, where a normalize node
// divides by it, do not count at that step.
//
// # How close it must be
//
// In the norm over all values of a parameter, the error may be
// [Options.Relative] of the larger of both norms, and on top what rounding
// makes of a difference, and twice what the two steps that agree best differ by:
// a difference is no better known than that. A sample is the result of some 16
// roundings of its own size, or of its row's RMS where it is smaller than the
// signals that it is made of; each has a variance of a third of 2⁻⁵³ squared.
// Cotangents have random signs of their own, so that the errors of different
// samples add up as squares, whatever they are: the error of the difference has
// the variance (16/3)·2⁻¹⁰⁶·Σ(cotangent·size)² over both renders and those
// samples that the step changes at all. Eight deviations of it are allowed,
// divided by the step. So a gradient that is zero is checked to be that small.
// Where a pitch goes through control signals and exponentials into a phase,
// roundings grow to more: what steps smaller than the best differ by is noise
// too, and four times that is allowed if it is more.
//
// # What is checked instead of what was asked for
//
// A parameter may stand on a corner of the function: an attack of 0.01 s at
// 48 kHz ends exactly at frame 480, and has no derivative there. So constants
// and per-item values that have a gradient are first moved by a random amount,
// seeded by [Options.Seed], of up to [Options.Nudge] of their size (of the
// default, or 1, where they are 0), away from the bounds of their range.
// Tensors are left as they are: choose their values off the corners. The
// device is compared with the reference at the values as they were given.
package gradcheck

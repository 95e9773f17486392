package kpn

// KindNoise is noise from a counter-based generator: white, pink or brown.
//
// Frame f of item i, channel c of the node takes word f mod 4 of
// Philox4x32-10 with key = seed and counter [NoiseCounter](f/4, i, c, node).
//
// White noise: uniform is (word>>8 − 2²³)·2⁻²³, in [−1, 1). Gaussian has unit
// variance, by Box and Muller from the words of a pair (0,1) or (2,3): with
// u = (first+½)/2³² and θ = second/2³² cycles, the even frame is
// √(−2 ln u)·cos θ and the odd one √(−2 ln u)·sin θ.
//
// Pink noise (−3.01 dB an octave) is a sum of generators that each hold their
// draw: 9·(g₀+g₁) + 8·(g₂+…+g₁₆), each draw word>>10 − 2²¹. g₀ draws every
// frame, as white noise does; g₁ every second frame, words 0 and 1 of counter
// [PinkBlock] + f/4; g₂ every fourth, word 2 of that. gⱼ with j ≥ 3 draws every
// 2ʲ frames, first at frame 2^(j−1), and keeps word 3 of the counter of the
// frame at which it drew; the counter of what it holds before, at frame
// −2^(j−1), is reckoned modulo 2²⁹. The powers of the holds' spectra add up to
// 1/f within ±0.51 dB from 2⁻¹⁴ of the sample rate to half of it. Below 2⁻¹⁷ it
// is flat. Uniform divides by 138·2²¹, which keeps it in [−1, 1); Gaussian
// by 2²¹·√374, for unit variance: a sum of so many draws is nearly Gaussian.
//
// Brown noise (−6.02 dB an octave) is white noise w, the uniform draws,
// integrated with a leak: a process x of variance ⅓ in which frames a distance
// of h apart have a correlation of ρ(h) = (1 − 1/512)^h (see [BrownLeak]), as
// x[f] = (1−leak)·x[f−1] + √(1−(1−leak)²)·w[f] has. To start at any frame it
// is built from the coarsest frames to the finest: x = w at multiples of
// [BrownSpacing], and between two frames that are 2h apart and have values l
// and r, the middle frame f has c·(l+r) + s·w[f] with
// c = ρ(h)/(1+ρ(h)²) and s² = (1−ρ(h)²)/(1+ρ(h)²). The spectrum falls from
// leak/2π of the sample rate on (15 Hz at 48 kHz). Uniform is x/4, in (−1, 1);
// Gaussian x·√3, of unit variance and nearly Gaussian.
//
// Shapes: out [B,C,F], uniform in [−1, 1) or Gaussian with unit variance.
// State: none. Latency: 0 frames. Gradients: none.
// Source: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3",
// SC 2011; Gardner, "White and brown music, fractal curves and one-over-f
// fluctuations", Scientific American 238(4), 1978 (after Voss); Lévy,
// "Processus stochastiques et mouvement brownien", 1948.
const KindNoise Kind = "noise"

// The distributions of a noise, as indices into its distribution
// parameter's choices.
const (
	NoiseUniform = iota
	NoiseGaussian
)

// The colors of a noise, as indices into its color parameter's choices.
const (
	NoiseWhite = iota
	NoisePink
	NoiseBrown
)

// What colors are made of.
const (
	// PinkRows is the number of generators whose draws pink noise sums.
	PinkRows = 17
	// PinkBlock is the first counter of the draws that only pink noise makes.
	PinkBlock = 1 << 29
	// BrownSpacing is the distance of brown noise's coarsest frames, whose
	// correlation of 10⁻⁷ it leaves out.
	BrownSpacing = 1 << 13
	// BrownLeak is what a frame of brown noise loses of the one before.
	BrownLeak = 1. / 512
)

var noiseSpec = Spec{
	Kind:   KindNoise,
	Doc:    "White, pink or brown noise from a counter-based generator.",
	Source: "Salmon et al., SC 2011; Gardner, Scientific American 238(4), 1978",
	Params: []Parameter{
		{Name: "distribution", Doc: "uniform in [−1, 1) or Gaussian with unit variance", Choices: []string{"uniform", "gaussian"}, Max: 1},
		{Name: "color", Doc: "white, pink (−3 dB an octave) or brown (−6 dB an octave)", Choices: []string{"white", "pink", "brown"}, Max: 2, Structural: true},
	},
	MaxOversample: 1,
}

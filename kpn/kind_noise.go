package kpn

// KindNoise is white noise from a counter-based generator.
//
// Frame f of item i, channel c of the node takes word f mod 4 of
// Philox4x32-10 with key = seed and counter [NoiseCounter](f/4, i, c, node).
// Uniform is (word>>8 − 2²³)·2⁻²³, in [−1, 1). Gaussian has unit variance, by
// Box and Muller from the words of a pair (0,1) or (2,3): with
// u = (first+½)/2³² and θ = second/2³² cycles, the even frame is
// √(−2 ln u)·cos θ and the odd one √(−2 ln u)·sin θ.
//
// Shapes: out [B,C,F], uniform in [−1, 1) or Gaussian with unit variance.
// State: none. Latency: 0 frames. Gradients: none.
// Source: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3",
// SC 2011.
const KindNoise Kind = "noise"

// The distributions of a noise, as indices into its distribution
// parameter's choices.
const (
	NoiseUniform = iota
	NoiseGaussian
)

var noiseSpec = Spec{
	Kind:   KindNoise,
	Doc:    "White noise from a counter-based generator.",
	Source: "Salmon et al., SC 2011",
	Params: []Parameter{
		{Name: "distribution", Doc: "uniform in [−1, 1) or Gaussian with unit variance", Choices: []string{"uniform", "gaussian"}, Max: 1},
	},
	MaxOversample: 1,
}

package kpn

import "fmt"

// typeAlias is a node type of the contract as a kind.
type typeAlias struct {
	name string
	kind Kind
	// params are the parameters that the contract calls otherwise, and choices
	// the values of choices.
	params, choices map[string]string
	// waveforms are the parameters that words of field waveform set to 1, and
	// the others to 0.
	waveforms map[string]string
	// fixed are the parameters that the type stands for.
	fixed map[string]float64
	// feeds is the parameter that audio inputs add to, for kinds without
	// ports. Without a value of its own it then counts from 0.
	feeds string
	// follows types play a key of the control history, unless they have a
	// table.
	follows bool
	// resamples types have no parameters but rates, which must be equal.
	resamples bool
}

// typeAliases has one line a type.
var typeAliases = []typeAlias{
	{name: "ConstantNode", kind: KindConstant},
	{name: "GainNode", kind: KindGain},
	{name: "MixNode", kind: KindMix},
	{name: "SafetyNode", kind: KindDCBlocker},
	{name: "SineOscillatorNode", kind: KindOsc, params: oscAliases, fixed: map[string]float64{"shape": OscSine}, feeds: "freq"},
	{name: "OscNode", kind: KindOsc, params: oscAliases, choices: oscWords, feeds: "freq"},
	{name: "ParametricDriverNode", kind: KindWaveshaper},
	{name: "LFONode", kind: KindLfo, params: lfoAliases, waveforms: lfoWords},
	{name: "EnvelopeModulatorNode", kind: KindEnvelope},
	{name: "PitchQuantizerNode", kind: KindQuantize},
	{name: "OscillatorPitchNode", kind: KindPitch, params: map[string]string{"pitch": "note"}, feeds: "note"},
	{name: "ControllerNode", kind: KindController, follows: true},
	{name: "SubharmonicLowLifterNode", kind: KindSubharmonic},
	{name: "ResamplerNode", kind: KindGain, resamples: true},
	{name: "SamplerNode", kind: KindSampler},
}

var (
	oscAliases = map[string]string{"frequency": "freq", "waveform": "shape"}
	oscWords   = map[string]string{"square": "pulse", "sawtooth": "saw", "sin": "sine", "tri": "triangle"}
	lfoAliases = map[string]string{"frequency": "freq"}
	lfoWords   = map[string]string{
		"sine": "sin", "sin": "sin", "triangle": "tri", "tri": "tri", "square": "sqr", "sqr": "sqr",
		"saw": "saw", "sawtooth": "saw", "ramp": "saw", "rsaw": "rsaw",
	}
)

// TypeNames lists the node types of the contract.
func TypeNames() []string {
	names := make([]string, len(typeAliases))
	for i := range typeAliases {
		names[i] = typeAliases[i].name
	}
	return names
}

// TypesOf lists the node types of the contract that are a kind.
func TypesOf(k Kind) []string {
	var names []string
	for i := range typeAliases {
		if typeAliases[i].kind == k {
			names = append(names, typeAliases[i].name)
		}
	}
	return names
}

// TypeError is a node of a type that has no kind.
type TypeError struct {
	Node, Type string
	Reason     string
}

// Error implements error.
func (e *TypeError) Error() string {
	return fmt.Sprintf("node %q: type %s: %s", e.Node, quoted(e.Type), e.Reason)
}

// aliasOf finds the alias of a node's type: among the custom ones first, whose
// names are those of the types.
func aliasOf(n *DescriptorNode, custom map[string]*CustomKind) (*typeAlias, error) {
	if c := custom[n.Type]; c != nil {
		return &typeAlias{name: n.Type, kind: c.Spec.Kind}, nil
	}
	for i := range typeAliases {
		if a := &typeAliases[i]; a.name == n.Type {
			return a, nil
		}
	}
	return nil, &TypeError{n.Name, n.Type, "no such type: " + unknown(n.Type, TypeNames())}
}

// param is a kind's name of a parameter.
func (a *typeAlias) param(name string) string {
	if own, ok := a.params[name]; ok {
		return own
	}
	return name
}

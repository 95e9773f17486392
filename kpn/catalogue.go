package kpn

import "slices"

// catalogue is the registry: one line a kind. A new kind adds its line here
// and its four files; a test names what is missing.
var catalogue = []*Spec{
	&constantSpec,
	&inputSpec,
	&oscSpec,
	&noiseSpec,
	&additiveSpec,
	&partialsSpec,
	&adsrSpec,
	&gainSpec,
	&multiplySpec,
	&mixSpec,
	&normalizeSpec,
	&lfoSpec,
	&envelopeSpec,
	&clipSpec,
	&harmonicsSpec,
	&pitchSpec,
	&quantizeSpec,
	&glideSpec,
	&controllerSpec,
	&samplerSpec,
	&wavetableSpec,
	&onePoleSpec,
	&svfSpec,
	&dcBlockerSpec,
	&rlcSpec,
	&slewSpec,
	&waveshaperSpec,
	&panSpec,
	&subharmonicSpec,
	&syncSpec,
	&delaySpec,
}

// Catalogue returns the spec of every kind, in a fixed order.
func Catalogue() []*Spec { return append([]*Spec(nil), catalogue...) }

// internal are the kinds that only [Graph.Split] makes.
var internal = []*Spec{&controlSpec}

// Lookup returns the spec of a kind.
func Lookup(k Kind) (*Spec, bool) {
	for _, s := range slices.Concat(catalogue, internal) {
		if s.Kind == k {
			return s, true
		}
	}
	return nil, false
}

// KindNames lists the names of all kinds, in the catalogue's order.
func KindNames() []string {
	names := make([]string, len(catalogue))
	for i, s := range catalogue {
		names[i] = string(s.Kind)
	}
	return names
}

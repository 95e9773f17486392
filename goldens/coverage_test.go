package goldens_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sawmill/goldens/cases"
	"sawmill/goldens/data"
	"sawmill/kpn"
	"sawmill/presets"
)

// covered is what the cases cover, in words.
type covered map[string]bool

// want names what is missing.
func (c covered) want(t *testing.T, what string) {
	t.Helper()
	assert.True(t, c[what], "no case covers: %s. Add one to goldens/cases, then run: go run ./goldens/regenerate CASE", what)
}

func rateOf(p kpn.NodeParam, spec *kpn.Spec) string {
	s, _, _ := spec.Param(p.Name)
	return fmt.Sprintf("%s.%s given as %v", spec.Kind, s.Name, p.Rate)
}

// parameters lists what a kind's parameters must be covered by: each at each
// rate that it takes.
func parameters(spec *kpn.Spec) []string {
	var list []string
	for i := range spec.Params {
		for _, rate := range []kpn.ParamRate{kpn.Constant, kpn.PerItem, kpn.PerFrame} {
			if rate == kpn.Constant || !spec.Params[i].Structural {
				list = append(list, fmt.Sprintf("%s.%s given as %v", spec.Kind, spec.Params[i].Name, rate))
			}
		}
	}
	return list
}

// TestEveryParameterIsCoveredAtEveryRate goes by the catalogue, so that a new
// parameter is missed.
func TestEveryParameterIsCoveredAtEveryRate(t *testing.T) {
	seen := covered{}
	for _, c := range allCases(t) {
		for i := range c.Graph.Nodes {
			n := &c.Graph.Nodes[i]
			spec, _ := kpn.Lookup(n.Kind)
			seen["kind "+string(n.Kind)] = true
			for _, p := range c.Graph.Parameters(n) {
				seen[rateOf(p, spec)] = true
			}
		}
	}
	for _, spec := range kpn.Catalogue() {
		seen.want(t, "kind "+string(spec.Kind))
		for _, what := range parameters(spec) {
			seen.want(t, what)
		}
	}
}

// apart are the parameters whose choices meet no others: how an osc reckons its
// frequency has no part in what it makes of its phase.
var apart = []string{"precision"}

// TestEveryChoiceIsCovered wants each combination of a kind's choices, an osc's
// shapes and band limits among them, as constants: engines may write code of
// its own for each. Those that meet no others are wanted with each shape.
func TestEveryChoiceIsCovered(t *testing.T) {
	seen := covered{}
	for _, c := range allCases(t) {
		for i := range c.Graph.Nodes {
			n := &c.Graph.Nodes[i]
			words, alone := []string{string(n.Kind)}, []string(nil)
			constant := true
			for _, p := range c.Graph.Parameters(n) {
				if p.Spec.Choices == nil {
					continue
				}
				constant = constant && p.Rate == kpn.Constant
				word := p.Name + " " + p.Spec.Choices[int(p.Value)]
				if slices.Contains(apart, p.Name) {
					alone = append(alone, word)
					continue
				}
				words = append(words, word)
			}
			if !constant {
				continue
			}
			seen[strings.Join(words, ", ")] = true
			for _, word := range alone {
				seen[words[0]+", "+words[1]+", "+word] = true
			}
		}
	}
	for _, spec := range kpn.Catalogue() {
		combinations := []string{string(spec.Kind)}
		for i := range spec.Params {
			p := &spec.Params[i]
			if p.Choices == nil {
				continue
			}
			if slices.Contains(apart, p.Name) {
				for _, shape := range spec.Params[0].Choices {
					for _, choice := range p.Choices {
						seen.want(t, fmt.Sprintf("%s, %s %s, %s %s", spec.Kind, spec.Params[0].Name, shape, p.Name, choice))
					}
				}
				continue
			}
			var more []string
			for _, text := range combinations {
				for _, choice := range p.Choices {
					more = append(more, text+", "+p.Name+" "+choice)
				}
			}
			combinations = more
		}
		for _, what := range combinations {
			seen.want(t, what)
		}
	}
}

// TestEveryRatioAndTierIsCovered wants every oversample ratio of every kind
// that has some, and every quality tier.
func TestEveryRatioAndTierIsCovered(t *testing.T) {
	seen := covered{}
	for _, c := range allCases(t) {
		for i := range c.Graph.Nodes {
			n := &c.Graph.Nodes[i]
			if n.Ratio() > 1 {
				seen[fmt.Sprintf("%s oversampled %d times", n.Kind, n.Ratio())] = true
				seen[fmt.Sprintf("%s in quality %v", n.Kind, n.Quality)] = true
			}
		}
	}
	for _, spec := range kpn.Catalogue() {
		for ratio := 2; ratio <= spec.MaxOversample; ratio *= 2 {
			seen.want(t, fmt.Sprintf("%s oversampled %d times", spec.Kind, ratio))
		}
		for _, tier := range kpn.QualityNames() {
			if spec.MaxOversample > 1 {
				seen.want(t, fmt.Sprintf("%s in quality %s", spec.Kind, tier))
			}
		}
	}
}

// TestEveryPresetIsCovered wants a case for each preset that comes with
// Sawmill.
func TestEveryPresetIsCovered(t *testing.T) {
	seen := covered{}
	for _, c := range allCases(t) {
		seen["preset "+c.Preset] = true
	}
	require.NotEmpty(t, presets.Names())
	for _, name := range presets.Names() {
		seen.want(t, "preset "+name)
	}
}

// TestEveryGradientIsCovered wants a golden in which it is not all zeros, for
// each parameter that has a gradient, at each rate.
func TestEveryGradientIsCovered(t *testing.T) {
	seen := covered{}
	for _, c := range allCases(t) {
		g, err := data.Read(c.Name)
		require.NoError(t, err)
		for i := range g.Gradients {
			if v := &g.Gradients[i]; v.Scale > v.Trifle {
				seen[gradientOf(c, v)] = true
			}
		}
	}
	for _, spec := range kpn.Catalogue() {
		if spec.Kind == kpn.KindInput {
			seen.want(t, "the gradient of an input's signal")
		}
		for i := range spec.Params {
			if !spec.Params[i].Differentiable {
				continue
			}
			for _, rate := range []kpn.ParamRate{kpn.Constant, kpn.PerItem, kpn.PerFrame} {
				seen.want(t, fmt.Sprintf("the gradient of %s.%s given as %v", spec.Kind, spec.Params[i].Name, rate))
			}
		}
	}
}

func gradientOf(c *cases.Case, v *data.Gradient) string {
	n, _ := c.Graph.Node(v.Ref.Node)
	if v.Ref.Param == "" {
		return "the gradient of an input's signal"
	}
	spec, _ := kpn.Lookup(n.Kind)
	p, _, _ := spec.Param(v.Ref.Param)
	return fmt.Sprintf("the gradient of %s.%s given as %v", n.Kind, p.Name, v.Rate)
}

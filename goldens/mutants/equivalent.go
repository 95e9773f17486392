package main

import "fmt"

// equivalent are the mutants that change nothing, by name, with the reason.
// Nothing else may be left out.
var equivalent = map[string]string{
	"gpu/back_forward.go keepCheckpoints: from the wrong place: b.taped = len(segments) - 1 → b.taped = 0":                                                                                              "The walk back starts with the last segment, which is not segment 0 since there are several: it is rendered once more from its checkpoint, to the same signals. Only time is lost.",
	"cpuref/osc_pitch.go squareSawSlope: sign flipped: sech := 1 / math.Cosh(math.Pi/2*w.harmonics*sin) → sech := -(1 / math.Cosh(math.Pi/2*w.harmonics*sin))":                                          "Only the square of sech is used.",
	"shaders/node/waveshaper.glsl waveshaper_hard_slopes: sign flipped: vec3 parts = waveshaper_parts(low, high); → vec3 parts = -(waveshaper_parts(low, high));":                                       "What is used are products of two of the parts.",
	"shaders/node/waveshaper.glsl waveshaper_tanh_slopes: sign flipped: precise float mean = ln_cosh_rest(low) - ln_cosh_rest(high); → precise float mean = -(ln_cosh_rest(low) - ln_cosh_rest(high));": "Only the magnitude is used.",
}

// separate takes the equivalent mutants out. One that is no more is an error.
func separate(list []*mutant) (real, same []*mutant, err error) {
	found := map[string]bool{}
	for _, m := range list {
		if _, ok := equivalent[m.String()]; ok {
			found[m.String()] = true
			same = append(same, m)
			continue
		}
		real = append(real, m)
	}
	for name := range equivalent {
		if !found[name] {
			return nil, nil, fmt.Errorf("there is no mutant %q any more: remove it from those that change nothing", name)
		}
	}
	return real, same, nil
}

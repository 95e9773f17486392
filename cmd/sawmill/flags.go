package main

import (
	"errors"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"sawmill/batch"
	"sawmill/kpn"
)

// flagError puts pflag's errors into our words: the flag, the value found,
// and what is allowed, or the nearest name.
func flagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	if errors.As(err, &unknown) {
		name := unknown.GetSpecifiedName()
		if near, ok := kpn.Nearest(name, flagNames(cmd)); ok && unknown.GetSpecifiedShortnames() == "" {
			return usagef("there is no flag --%s; did you mean --%s?", name, near)
		}
		return usagef("%w; the flags of %s are --%s", err, cmd.Name(), strings.Join(flagNames(cmd), ", --"))
	}
	var invalid *pflag.InvalidValueError
	if errors.As(err, &invalid) {
		return usagef("--%s: got %q, allowed is %s", invalid.GetFlag().Name, invalid.GetValue(), typeWords(invalid.GetFlag().Value.Type()))
	}
	var missing *pflag.ValueRequiredError
	if errors.As(err, &missing) {
		return usagef("--%s needs a value: %s", missing.GetFlag().Name, typeWords(missing.GetFlag().Value.Type()))
	}
	return &usageError{err}
}

func flagNames(cmd *cobra.Command) []string {
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			names = append(names, f.Name)
		}
	})
	return names
}

// typeWords says what a flag of the given type takes.
func typeWords(kind string) string {
	switch kind {
	case "int":
		return "a whole number"
	case "uint64":
		return "a whole number from 0 to 18446744073709551615"
	case "float64":
		return "a number"
	case "bool":
		return "true or false"
	}
	return "a text"
}

// oneOf refuses a flag's value that is not among those allowed.
func oneOf(flag, got string, allowed ...string) error {
	for _, a := range allowed {
		if got == a {
			return nil
		}
	}
	suggestion := ""
	if near, ok := kpn.Nearest(got, allowed); ok {
		suggestion = "; did you mean " + near + "?"
	}
	return usagef("--%s: got %q, allowed is %s%s", flag, got, strings.Join(allowed, ", "), suggestion)
}

// between refuses a flag's number outside a range.
func between(flag string, got, low, high int) error {
	if got < low || got > high {
		return usagef("--%s: got %d, allowed is %d to %d", flag, got, low, high)
	}
	return nil
}

// inFlags spells the options of an error as flags.
func inFlags(err error) error {
	var options batch.OptionErrors
	var one *batch.OptionError
	switch {
	case errors.As(err, &options):
	case errors.As(err, &one):
		options = batch.OptionErrors{one}
	default:
		return err
	}
	lines := make([]string, len(options))
	for i, o := range options {
		lines[i] = "--" + o.Error()
	}
	return usagef("%s", strings.Join(lines, "\n"))
}

// soundFlags are the flags that say what a sound is.
type soundFlags struct {
	seed     uint64
	seconds  float64
	rate     float64
	channels int
}

func (s *soundFlags) add(cmd *cobra.Command) {
	f := cmd.Flags()
	f.Uint64Var(&s.seed, "seed", 0, "seed of all random numbers")
	f.Float64Var(&s.seconds, "seconds", 0, "length of a sound (default: the preset's)")
	f.Float64Var(&s.rate, "rate", 0, "sample rate in Hz (default: the preset's)")
	f.IntVar(&s.channels, "channels", 0, "channels of a sound (default: the preset's)")
}

// of takes the flags that were given and the preset's values for the others.
func (s *soundFlags) of(cmd *cobra.Command, p *kpn.Preset) batch.Sound {
	sound := batch.Sound{Preset: p, Seed: s.seed, Seconds: p.Seconds, Rate: p.Rate, Channels: p.Channels}
	f := cmd.Flags()
	if f.Changed("seconds") {
		sound.Seconds = s.seconds
	}
	if f.Changed("rate") {
		sound.Rate = s.rate
	}
	if f.Changed("channels") {
		sound.Channels = s.channels
	}
	return sound
}

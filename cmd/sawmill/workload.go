package main

import (
	"context"
	"fmt"

	"sawmill/batch"
	"sawmill/kpn"
	"sawmill/presets"
)

// workload is what a benchmark renders.
type workload struct {
	name   string
	preset *kpn.Preset
}

// oscPreset is one oscillator around A4, each sound at its own frequency.
const oscPreset = `{
  "sawmill": 1,
  "seconds": 4,
  "rate": 48000,
  "nodes": {
    "osc": {
      "kind": "osc",
      "oversample_ratio": %d,
      "params": {"shape": %q, "band_limit": %q, "freq": {"uniform": [430, 450]}}
    }
  },
  "output": "osc"
}`

// workloadNames are the names of the workloads, in their order.
var workloadNames = []string{"sine", "saw", "saw_8x", "demo", "voice"}

// workloads returns the workloads: three oscillators, the preset in the file
// demo, or the one that comes with Sawmill, and the 78-parameter voice.
func workloads(ctx context.Context, demo string) ([]workload, error) {
	loads := make([]workload, 0, 5)
	for _, o := range []struct {
		name, shape, bandLimit string
		oversample             int
	}{
		{"sine", "sine", "none", 1},
		{"saw", "saw", "polyblep4", 1},
		{"saw_8x", "saw", "polyblep4", 8},
	} {
		p, err := kpn.ParsePreset(o.name, fmt.Appendf(nil, oscPreset, o.oversample, o.shape, o.bandLimit))
		if err != nil {
			return nil, fmt.Errorf("the workload %s: %w", o.name, err)
		}
		loads = append(loads, workload{o.name, p})
	}
	p, err := demoPreset(ctx, demo)
	if err != nil {
		return nil, fmt.Errorf("the workload demo (choose its preset with --demo): %w", err)
	}
	loads = append(loads, workload{"demo", p})
	voice, err := presets.Read("voice.json")
	return append(loads, workload{"voice", voice}), err
}

func demoPreset(ctx context.Context, path string) (*kpn.Preset, error) {
	if path == "" {
		return presets.Read("demo.json")
	}
	return readPreset(ctx, path)
}

// benchSamples is how much a single job of a benchmark renders: enough to
// fill the device and to make a launch's cost small.
func benchSamples(class kpn.DeviceClass) int {
	switch class {
	case kpn.Hardware:
		return 128 << 20
	case kpn.Software:
		return 12 << 20
	case kpn.Reference:
	}
	return 3 << 20
}

// sound is the workload's sound, as its preset has it.
func (w workload) sound() batch.Sound {
	p := w.preset
	return batch.Sound{Preset: p, Seconds: p.Seconds, Rate: p.Rate, Channels: p.Channels}
}

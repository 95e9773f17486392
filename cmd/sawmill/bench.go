package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"sawmill/batch"
	"sawmill/cpuref"
	"sawmill/gpu"
	"sawmill/kpn"
)

// benchResult is one line of a benchmark's report.
type benchResult struct {
	Workload         string  `json:"workload"`
	Device           string  `json:"device"`
	Stage            string  `json:"stage"`
	SamplesPerSecond float64 `json:"samples_per_second"`
	// Realtime is the seconds of sound made in a second.
	Realtime float64 `json:"realtime"`
	// Rounds counts the measurements; the figures are their median.
	Rounds int `json:"rounds"`
}

// benchFlags are the flags of bench.
type benchFlags struct {
	deviceFlags
	rounds     int
	items      int
	json, demo string
	only       []string
}

func newBench(c *console) *cobra.Command {
	var b benchFlags
	cmd := &cobra.Command{
		Use:   "bench",
		Short: "Measure how fast the devices render",
		Long: `Bench measures five workloads in four stages: render leaves the samples on
the device, readback brings them to the host, gradient does that and then the
adjoint of dense cotangents, files writes a dataset into a temporary directory
(set TMPDIR to choose the disk). Figures are output samples a second and seconds
of sound a second, the median of some rounds of about a second each.`,
		Example: "sawmill bench --device software --json bench.json",
		Args:    noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := between("rounds", b.rounds, 1, 100); err != nil {
				return err
			}
			if cmd.Flags().Changed("batch") {
				if err := between("batch", b.items, 1, batch.MaxBatch); err != nil {
					return err
				}
			}
			if err := b.check(); err != nil {
				return err
			}
			if err := b.checkOnly(); err != nil {
				return err
			}
			return b.run(cmd, c)
		},
	}
	f := cmd.Flags()
	b.add(cmd)
	f.Lookup("device").Usage += " (default: every device present)"
	f.Lookup("device").DefValue = ""
	f.StringVar(&b.json, "json", "", "file for the results as JSON")
	f.StringVar(&b.demo, "demo", "", "preset of the workload demo (default: the one that comes with Sawmill)")
	f.StringSliceVar(&b.only, "only", nil, "measure these alone: WORKLOAD or WORKLOAD/STAGE, with commas between")
	f.IntVar(&b.items, "batch", 0, "sounds in a job (default: so many that they fill the device)")
	f.IntVar(&b.rounds, "rounds", 3, "measurements of each figure")
	f.SortFlags = false
	return cmd
}

func (b *benchFlags) run(cmd *cobra.Command, c *console) error {
	loads, err := workloads(cmd.Context(), b.demo)
	if err != nil {
		return err
	}
	engines := b.engines(c)
	if cmd.Flags().Changed("device") || b.backend != "any" {
		engines = []func() (kpn.Engine, error){func() (kpn.Engine, error) { return b.open(c, true) }}
	}
	results := []benchResult{}
	for i, open := range engines {
		engine, err := open()
		if err != nil {
			return err
		}
		if i == 0 {
			_, _ = fmt.Fprintf(c.out, "%-8s  %-9s  %14s  %12s  %s\n", "WORKLOAD", "STAGE", "M SAMPLES/S", "× REAL TIME", "DEVICE")
		}
		more, err := b.measure(cmd.Context(), c, engine, loads)
		if e := engine.Close(); err == nil {
			err = e
		}
		if err != nil {
			return err
		}
		results = append(results, more...)
	}
	return b.write(results)
}

// wants says whether a stage of a workload is to be measured.
func (b *benchFlags) wants(workload, stage string) bool {
	return len(b.only) == 0 || slices.Contains(b.only, workload) || slices.Contains(b.only, workload+"/"+stage)
}

// checkOnly refuses names that there are not.
func (b *benchFlags) checkOnly() error {
	names := make([]string, len(stages))
	for i, s := range stages {
		names[i] = s.name
	}
	for _, only := range b.only {
		load, stage, staged := strings.Cut(only, "/")
		if !slices.Contains(workloadNames, load) || staged && !slices.Contains(names, stage) {
			return usagef("--only: there is no %q; workloads are %s, stages %s", only, strings.Join(workloadNames, ", "), strings.Join(names, ", "))
		}
	}
	return nil
}

// engines opens every device present. One that can be reached in two ways is
// measured once.
func (b *benchFlags) engines(c *console) []func() (kpn.Engine, error) {
	var open []func() (kpn.Engine, error)
	devices, _ := gpu.List()
	var seen []string
	for _, d := range devices {
		if slices.Contains(seen, d.Renderer) {
			continue
		}
		seen = append(seen, d.Renderer)
		open = append(open, func() (kpn.Engine, error) {
			return gpu.NewEngine(gpu.Selector{Backend: d.Backend, Class: d.Class(), Index: d.Index + 1})
		})
	}
	if len(devices) == 0 {
		c.log.Warn("no OpenGL device can be opened; sawmill doctor says what is missing")
	}
	return append(open, func() (kpn.Engine, error) { return cpuref.New(), nil })
}

// measure runs every workload and stage on a device and prints as it goes.
func (b *benchFlags) measure(ctx context.Context, c *console, engine kpn.Engine, loads []workload) ([]benchResult, error) {
	var results []benchResult
	for _, w := range loads {
		if !slices.ContainsFunc(stages, func(s stage) bool { return b.wants(w.name, s.name) }) {
			continue
		}
		t, err := newTrial(ctx, engine, w)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", w.name, err)
		}
		if b.items > 0 {
			t.setItems(b.items)
		}
		for _, stage := range stages {
			if !b.wants(w.name, stage.name) {
				continue
			}
			speed, err := t.median(stage, b.rounds)
			if err != nil {
				return nil, fmt.Errorf("%s, %s: %w", w.name, stage.name, err)
			}
			r := benchResult{
				Workload: w.name, Device: engine.Device().Name, Stage: stage.name,
				SamplesPerSecond: speed, Realtime: speed / t.samplesPerSecond(), Rounds: b.rounds,
			}
			results = append(results, r)
			_, _ = fmt.Fprintf(c.out, "%-8s  %-9s  %14.1f  %12.0f  %s\n", r.Workload, r.Stage, r.SamplesPerSecond/1e6, r.Realtime, r.Device)
		}
		if err := t.close(); err != nil {
			return nil, err
		}
	}
	return results, nil
}

func (b *benchFlags) write(results []benchResult) error {
	if b.json == "" {
		return nil
	}
	data, err := json.MarshalIndent(map[string]any{"results": results}, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(b.json, append(data, '\n'), 0o644); err != nil {
		return fmt.Errorf("--json: %w", err)
	}
	return nil
}

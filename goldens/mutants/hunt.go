package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"
)

// timeout is for one trial: a mutant may make a loop endless. It is long, since
// one that changes all kernels has them all compiled again, and what runs out of
// time counts as dead.
const timeout = 20 * time.Minute

// hunt runs the tests on mutants.
type hunt struct {
	// root is the module's directory; scratch holds the mutants' files.
	root, scratch string
	env           []string
	workers       int
	// told is called for each mutant that is done.
	told func(done int, m *mutant, v verdict) error
}

// newHunt finds the module. Programs for the device are kept apart from those
// of right shaders.
func newHunt(ctx context.Context, root, scratch string, workers int) (*hunt, error) {
	cache, err := goCommand(ctx, root, "env", "GOCACHE")
	if err != nil {
		return nil, err
	}
	return &hunt{root: root, scratch: scratch, workers: workers, env: append(os.Environ(),
		"GOCACHE="+strings.TrimSpace(string(cache)),
		"XDG_CACHE_HOME="+filepath.Join(scratch, "cache"),
		"SAWMILL_REQUIRE_GPU=1",
	)}, nil
}

// sound runs the trials of all mutants without any mutant: all must pass.
func (h *hunt) sound(ctx context.Context, list []*mutant) error {
	seen := map[trial]bool{}
	for _, m := range list {
		for _, t := range m.trials {
			if seen[t] {
				continue
			}
			seen[t] = true
			v, err := h.try(ctx, "", t)
			switch {
			case err != nil:
				return err
			case v.outcome != survived:
				return fmt.Errorf("go test %v fails without any mutant:\n%s", t, v.log)
			case v.ran == 0:
				return fmt.Errorf("go test %v runs no test", t)
			}
		}
	}
	return nil
}

// all tries every mutant.
func (h *hunt) all(ctx context.Context, list []*mutant) ([]verdict, error) {
	verdicts := make([]verdict, len(list))
	errs := make([]error, len(list))
	next := make(chan int)
	var group sync.WaitGroup
	var telling sync.Mutex
	done := 0
	for range h.workers {
		group.Go(func() {
			for i := range next {
				if verdicts[i], errs[i] = h.one(ctx, i, list[i]); errs[i] != nil {
					continue
				}
				telling.Lock()
				done++
				errs[i] = h.told(done, list[i], verdicts[i])
				telling.Unlock()
			}
		})
	}
	for i := range list {
		next <- i
	}
	close(next)
	group.Wait()
	return verdicts, errors.Join(errs...)
}

// one puts a mutant to its trials until one fails.
func (h *hunt) one(ctx context.Context, index int, m *mutant) (verdict, error) {
	if err := ctx.Err(); err != nil {
		return verdict{}, err
	}
	dir := filepath.Join(h.scratch, strconv.Itoa(index))
	overlay, err := m.write(h.root, dir)
	if err != nil {
		return verdict{}, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	var last verdict
	for _, t := range m.trials {
		if last, err = h.try(ctx, overlay, t); err != nil || last.outcome != survived {
			return last, err
		}
	}
	return last, nil
}

// write writes a mutant's file, and what go test -overlay wants to know.
func (m *mutant) write(root, dir string) (overlay string, err error) {
	if err = os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	file := filepath.Join(dir, filepath.Base(m.file))
	if err = os.WriteFile(file, []byte(m.text), 0o600); err != nil {
		return "", err
	}
	text, err := json.Marshal(map[string]map[string]string{"Replace": {filepath.Join(root, m.file): file}})
	if err != nil {
		return "", err
	}
	overlay = filepath.Join(dir, "overlay.json")
	return overlay, os.WriteFile(overlay, text, 0o600)
}

// try runs one trial.
func (h *hunt) try(ctx context.Context, overlay string, t trial) (verdict, error) {
	args := []string{"test", "-json", "-count=1", "-failfast", "-vet=off", "-timeout", timeout.String(), "-run", t.run}
	if overlay != "" {
		args = append(args, "-overlay", overlay)
	}
	// Twice the time: compiling takes some, and the tests stop themselves.
	ctx, cancel := context.WithTimeout(ctx, 2*timeout)
	defer cancel()
	c := exec.CommandContext(ctx, "go", append(args, t.pkg)...)
	c.Dir, c.Env, c.WaitDelay = h.root, h.env, timeout
	output, err := c.Output()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) || errors.Is(ctx.Err(), context.Canceled) {
		return verdict{}, errors.Join(err, ctx.Err())
	}
	return judge(output, err != nil), nil
}

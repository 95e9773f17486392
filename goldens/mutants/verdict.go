package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"strings"
)

// outcome is what became of a mutant.
type outcome int

const (
	survived outcome = iota
	killed
	// stillborn is a mutant that could not be built: it proves nothing.
	stillborn
)

// verdict is the outcome of a trial, or of all of a mutant's.
type verdict struct {
	outcome outcome
	// by is the test that failed, with its package.
	by string
	// ran is how many tests ran.
	ran int
	// log is what go test had to say.
	log string
}

// event is a line of go test -json.
type event struct {
	Action, Package, Test, Output, FailedBuild string
}

// outOfTime marks a test that did not end: look whether it is the mutant's fault.
const outOfTime = " (out of time)"

// refused is how a driver's refusal of a kernel reads.
var refused = []string{"the driver cannot compile the kernel", "the driver cannot link the kernel"}

// judge reads the output of go test -json. A trial that ended with an error
// without a failing test is a program that broke down: it counts as killed by
// the test that was running, or else by none and so as stillborn.
func judge(output []byte, failed bool) verdict {
	v := verdict{}
	running := ""
	var log strings.Builder
	lines := bufio.NewScanner(bytes.NewReader(output))
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var e event
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			log.Write(append(lines.Bytes(), '\n'))
			continue
		}
		log.WriteString(e.Output)
		switch {
		case e.Action == "run":
			v.ran++
			running = name(e)
		case e.FailedBuild != "" || e.Action == "build-fail":
			v.outcome = stillborn
		case e.Action == "fail" && e.Test != "" && v.outcome == survived:
			// Those within a test come before the test itself.
			v.outcome, v.by = killed, name(e)
		}
	}
	v.log = log.String()
	for _, text := range refused {
		if strings.Contains(v.log, text) {
			v.outcome = stillborn
		}
	}
	if failed && v.outcome == survived {
		v.outcome, v.by = stillborn, ""
		if running != "" {
			v.outcome, v.by = killed, running
		}
	}
	if v.outcome == killed && strings.Contains(v.log, "panic: test timed out") {
		v.by += outOfTime
	}
	return v
}

func name(e event) string { return strings.TrimPrefix(e.Package, "sawmill/") + " " + e.Test }

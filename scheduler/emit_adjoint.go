package scheduler

import (
	"fmt"
	"slices"
	"strings"

	"sawmill/shaders"
)

// emit writes the adjoint's kernels.
func (a *Adjoint) emit(steps []*backStep, outputQueues []int) error {
	tape := a.tapeSteps()
	if len(tape) > 0 {
		if len(a.Signals) == 0 {
			// Nothing reads the tape; its kernel only walks the states. A
			// step that could be reckoned would be read from there, rounded.
			walks := slices.IndexFunc(tape, func(s *Step) bool { return !s.CanSeek || s.Loop > 0 })
			a.Signals = []Output{{From: tape[walks]}}
		}
		k := kernelText{schedule: a.Schedule, name: "tape", steps: tape, outputs: a.Signals, tape: true}
		kernel, err := k.emit("lane", "render")
		if err != nil {
			return err
		}
		a.Tape = &kernel
	}
	if err := a.emitPasses(steps, outputQueues); err != nil {
		return err
	}
	if n := len(a.Strategy.PeakPasses); n > 0 && !slices.Contains(tape, a.Strategy.PeakPasses[n-1]) {
		last := a.Strategy.PeakPasses[n-1]
		constants := fmt.Sprintf("const uint LATENCY = %du, TAPE_SLOT = %du, PEAK_SLOT = %du;\n",
			last.Arrival+last.Skew, a.signal(last.Inputs[0]), last.PeakSlot)
		kernel, err := a.plain("scan", constants)
		if err != nil {
			return err
		}
		a.Scan = &kernel
	}
	var err error
	if a.Fold, err = a.plain("fold", ""); err != nil {
		return err
	}
	a.Window, err = a.plain("window", fmt.Sprintf("const uint LATENCY = %du;\n", a.Latency))
	return err
}

// emitPasses writes the kernels that walk backwards.
func (a *Adjoint) emitPasses(steps []*backStep, outputQueues []int) error {
	k := backText{adjoint: a, name: "reverse", steps: steps, outputQueues: outputQueues}
	var err error
	if a.Reverse, err = k.emit(); err != nil {
		return err
	}
	for i := len(a.Strategy.PeakPasses) - 1; i >= 0; i-- {
		of := a.Strategy.PeakPasses[i]
		k := backText{adjoint: a, name: "moment_" + of.Node.ID, steps: downstream(steps, of), outputQueues: outputQueues, moment: of}
		kernel, err := k.emit()
		if err != nil {
			return err
		}
		a.Moments = append(a.Moments, Moment{Kernel: kernel, Step: of, Sum: steps[of.Index].moment})
	}
	return nil
}

// sizes are the constants that the adjoint's buffers are laid out by.
func (a *Adjoint) sizes(b *strings.Builder) {
	realText(b, a.Wide)
	fmt.Fprintf(b, "const uint SUMS = %du;\n", len(a.Sums))
	fmt.Fprintf(b, "const int MAX_TENSORS = %d;\n", max(1, len(a.Layout.Tensors)))
	fmt.Fprintf(b, "const uint KAISER_TABLE = %du;\n", a.Layout.KaiserSlot)
}

// plain writes a kernel that runs no node.
func (a *Adjoint) plain(name, constants string) (Kernel, error) {
	var b strings.Builder
	a.sizes(&b)
	b.WriteString(constants)
	for _, text := range []string{"head", "adjoint_head", name} {
		if err := frameText(&b, text); err != nil {
			return Kernel{}, err
		}
	}
	return Kernel{Name: name, body: b.String()}, nil
}

// backText describes a kernel that walks backwards.
type backText struct {
	adjoint      *Adjoint
	name         string
	steps        []*backStep
	outputQueues []int
	// moment is the whole-row step whose moment the kernel finds; nil for the
	// kernel that gives all gradients.
	moment *Step
	// reckoned are the steps whose values the kernel reckons, in order, and
	// signals the slots of the tape that it reads.
	reckoned []*Step
	signals  []int
	// groups are the runs of steps that are walked frame by frame, see
	// [backText.group].
	groups map[*Step]int
}

// emit composes the kernel like a forward one.
func (k *backText) emit() (Kernel, error) {
	a := k.adjoint
	var b strings.Builder
	a.sizes(&b)
	fmt.Fprintf(&b, "const uint WARM_UP = %du;\n", roundUp(a.Strategy.WarmUp))
	fmt.Fprintf(&b, "const bool CARRY = %t;\n", !a.Strategy.Chunked)
	for _, text := range []string{"head", "adjoint_head"} {
		if err := frameText(&b, text); err != nil {
			return Kernel{}, err
		}
	}
	k.group()
	k.find()
	if err := k.functions(&b); err != nil {
		return Kernel{}, err
	}
	emitControl(&b, k.reckoned, 0)
	for _, s := range k.reckoned {
		if s.Shader.Adjoint == nil || !k.has(s) {
			section(&b, "node "+s.Node.ID+": "+s.kind())
			s.emitInfo(&b)
			s.emitPrepare(&b)
			s.emitFrame(&b)
		}
	}
	for _, s := range k.steps {
		if s.Shader.Adjoint != nil {
			s.emit(&b, !a.Strategy.Chunked, k.moment == s.Step)
			if slices.Contains(k.reckoned, s.Step) {
				s.emitFrame(&b)
			}
		}
	}
	k.lane(&b)
	if err := frameText(&b, "reverse"); err != nil {
		return Kernel{}, err
	}
	return Kernel{Name: k.name, body: b.String()}, nil
}

// functions writes the topics of lib and the kinds, with their adjoints.
func (k *backText) functions(b *strings.Builder) error {
	used := map[string]bool{}
	kinds := map[string]*shaders.Node{}
	var order []string
	var steps []*Step
	add := func(s *Step) {
		steps = append(steps, s)
		for _, topic := range slices.Concat(s.Shader.Uses, s.Shader.AdjointUses) {
			used[topic] = true
		}
		if kinds[s.kind()] == nil {
			kinds[s.kind()] = s.Shader
			order = append(order, s.kind())
		}
	}
	for _, s := range k.reckoned {
		add(s)
	}
	for _, s := range k.steps {
		if s.Shader.Adjoint != nil {
			add(s.Step)
		}
	}
	if err := libraryText(b, used, k.adjoint.Wide); err != nil {
		return err
	}
	for _, kind := range order {
		section(b, "kind "+kind)
		text := kinds[kind].Text + "\n" + kinds[kind].AdjointText
		choicesText(b, kind, text, steps)
		b.WriteString(text)
	}
	return nil
}

// lane writes the functions that walk all steps.
func (k *backText) lane(b *strings.Builder) {
	section(b, "all nodes")
	k.prepare(b)
	k.walk(b, "void lane_rewind(uint top)", func(s *backStep) string {
		if !s.carries() {
			return ""
		}
		return fmt.Sprintf("%s_rewind(top);", s.name())
	})
	k.walk(b, "void lane_shut()", func(s *backStep) string {
		switch {
		case k.moment == s.Step:
			return s.name() + "_shut();"
		case k.adjoint.Strategy.Chunked || !s.carries():
			return ""
		}
		return s.name() + "_back_save();"
	})
	k.gather(b)
	k.frame(b)
}

// prepare writes the function that reads what stays the same during a lane.
func (k *backText) prepare(b *strings.Builder) {
	b.WriteString("void lane_prepare() {\n")
	for _, s := range k.adjoint.Steps {
		known := slices.Contains(k.reckoned, s) || s.Shader.Adjoint != nil && k.has(s)
		if call := s.prepareCall(); known && call != "" {
			fmt.Fprintf(b, "\t%s\n", call)
		}
		if known && s.Spec.WholeRow && k.has(s) {
			fmt.Fprintf(b, "\t%s_open();\n", s.name())
		}
	}
	b.WriteString("}\n\n")
}

func (k *backText) walk(b *strings.Builder, head string, line func(*backStep) string) {
	fmt.Fprintf(b, "%s {\n", head)
	for _, s := range k.steps {
		if s.Shader.Adjoint == nil {
			continue
		}
		if text := line(s); text != "" {
			fmt.Fprintf(b, "\t%s\n", text)
		}
	}
	b.WriteString("}\n\n")
}

// gather writes the functions that take what the steps have added up.
func (k *backText) gather(b *strings.Builder) {
	var forget, flush, store strings.Builder
	for _, s := range k.steps {
		for _, g := range s.sumNames(k.moment) {
			fmt.Fprintf(&forget, "\t%s = 0.0;\n", g.name)
			fmt.Fprintf(&flush, "\tgranule_store(%du, n, %s);\n", g.slot, g.name)
		}
		for _, g := range s.frameNames(k.moment) {
			fmt.Fprintf(&store, "\tframes_store(%du, n, %s);\n", g.slot, g.name)
		}
	}
	fmt.Fprintf(b, "void lane_forget() {\n%s}\n\n", forget.String())
	fmt.Fprintf(b, "void lane_flush(uint n) {\n%s}\n\n", flush.String())
	fmt.Fprintf(b, "void lane_store(uint n) {\n%s}\n\n", store.String())
}

func (k *backText) has(step *Step) bool {
	return slices.ContainsFunc(k.steps, func(s *backStep) bool { return s.Step == step })
}

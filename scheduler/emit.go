package scheduler

import (
	"fmt"
	"slices"
	"strings"

	"sawmill/shaders"
)

// noWarmUpBound makes a lane start at frame 0: for graphs that carry state.
const noWarmUpBound = "0xffffffffu"

// kernelText describes one kernel: which steps it runs and what it delivers.
type kernelText struct {
	schedule *Schedule
	name     string
	steps    []*Step
	outputs  []Output
	// latency is the loop frame of the first frame delivered, but for pad.
	latency int
	// peak is the whole-row step whose magnitude the kernel finds, or nil.
	peak *Step
	// alone is a kernel of one step that is handed its input.
	alone bool
	// tape is a kernel whose outputs are for adjoints: they may be words of
	// states, and are stored as floats.
	tape bool
}

// emit writes the kernels.
func emit(s *Schedule) (*Program, error) {
	p := &Program{Schedule: s}
	for _, step := range s.Strategy.PeakPasses {
		k := inputOf(s, step, "peak")
		kernel, err := k.emit("lane", "largest", "peak")
		if err != nil {
			return nil, err
		}
		p.Peaks = append(p.Peaks, kernel)
	}
	k := kernelText{schedule: s, name: "render", steps: s.Steps, outputs: s.Outputs, latency: s.Latency}
	var err error
	if p.Render, err = k.emit("lane", "render"); err != nil {
		return nil, err
	}
	// What modulates the step itself is not kept.
	if o := s.Outputs[0]; len(s.Outputs) == 1 && o.From.Spec.WholeRow && len(o.From.Inputs) == o.From.Ports {
		return p, p.emitKeep(o.From)
	}
	return p, nil
}

// inputOf describes a kernel that delivers the input of a whole-row step, at
// the frames whose content the job asks for.
func inputOf(s *Schedule, step *Step, name string) kernelText {
	in := step.Inputs[0]
	return kernelText{
		schedule: s,
		name:     name + "_" + step.Node.ID,
		steps:    upstream(s, step),
		outputs:  []Output{{From: in.From, Queue: in.Queue, QueueSlot: in.QueueSlot}},
		latency:  step.Arrival + step.Skew,
		peak:     step,
	}
}

// emitKeep writes the kernels for jobs of one segment whose only output is a
// whole-row step.
func (p *Program) emitKeep(step *Step) error {
	k := inputOf(p.Schedule, step, "keep")
	keep, err := k.emit("lane", "largest", "keep")
	if err != nil {
		return err
	}
	k = kernelText{schedule: p.Schedule, name: "scale_" + step.Node.ID, steps: []*Step{step}, latency: p.Latency, alone: true}
	scale, err := k.emit("scale")
	if err != nil {
		return err
	}
	p.Keep, p.Scale = &keep, &scale
	return nil
}

// emit composes the kernel: constants, buffers, maths, kinds, steps, main.
func (k *kernelText) emit(frames ...string) (Kernel, error) {
	var b strings.Builder
	k.constants(&b)
	if err := frameText(&b, "head"); err != nil {
		return Kernel{}, err
	}
	if err := k.functions(&b); err != nil {
		return Kernel{}, err
	}
	emitControl(&b, k.steps, k.pad())
	for _, step := range k.steps {
		step.emit(&b, k)
	}
	k.lane(&b)
	for _, name := range frames {
		if err := frameText(&b, name); err != nil {
			return Kernel{}, err
		}
	}
	return Kernel{Name: k.name, Alone: k.alone, body: b.String()}, nil
}

// pad is what the kernel adds to all skews, so that the first frame delivered
// is whole quads into the loop.
func (k *kernelText) pad() int { return roundUp(k.latency) - k.latency }

// roundUp is the next multiple of a quad's frames.
func roundUp(frames int) int { return (frames + quadFrames - 1) / quadFrames * quadFrames }

func section(b *strings.Builder, title string) {
	fmt.Fprintf(b, "\n// ---- %s %s\n\n", title, strings.Repeat("-", max(0, 72-len(title))))
}

func frameText(b *strings.Builder, name string) error {
	text, err := shaders.Kernel(name)
	if err != nil {
		return fmt.Errorf("scheduler: kernel text %q: %w", name, err)
	}
	section(b, "kernel/"+name)
	b.WriteString(text)
	return nil
}

func (k *kernelText) constants(b *strings.Builder) {
	st := k.schedule.Strategy
	warmUp := fmt.Sprintf("%du", roundUp(st.WarmUp))
	if !st.Chunked {
		warmUp = noWarmUpBound
	}
	realText(b, k.schedule.Wide)
	fmt.Fprintf(b, "const int OUTPUTS = %d;\n", len(k.outputs)*k.parts())
	fmt.Fprintf(b, "const uint LATENCY = %du;\n", k.latency+k.pad())
	fmt.Fprintf(b, "const uint WARM_UP = %s;\n", warmUp)
	fmt.Fprintf(b, "const bool CARRY = %t;\n", !st.Chunked)
	fmt.Fprintf(b, "const int MAX_TENSORS = %d;\n", max(1, len(k.schedule.Layout.Tensors)))
	fmt.Fprintf(b, "const uint KAISER_TABLE = %du;\n", k.schedule.Layout.KaiserSlot)
	if k.peak != nil {
		fmt.Fprintf(b, "const uint PEAK_SLOT = %du;\n", k.peak.PeakSlot)
	}
}

// realText says what signals are.
func realText(b *strings.Builder, wide bool) {
	if wide {
		b.WriteString("#define real double\n#define real4 dvec4\n")
		return
	}
	b.WriteString("#define real float\n#define real4 vec4\n")
}

// parts is how many floats a sample of an output is stored as.
func (k *kernelText) parts() int {
	if k.schedule.Wide && !k.tape {
		return 2
	}
	return 1
}

// functions writes the topics of lib and the kinds that the steps use.
func (k *kernelText) functions(b *strings.Builder) error {
	used := map[string]bool{}
	for _, step := range k.steps {
		for _, topic := range step.Shader.Uses {
			used[topic] = true
		}
	}
	if err := libraryText(b, used, k.schedule.Wide); err != nil {
		return err
	}
	var kinds []string
	for _, step := range k.steps {
		kind := string(step.Node.Kind)
		if slices.Contains(kinds, kind) {
			continue
		}
		kinds = append(kinds, kind)
		section(b, "kind "+kind)
		choicesText(b, kind, step.Shader.Text, k.steps)
		b.WriteString(step.Shader.Text)
	}
	return nil
}

// libraryText writes the topics of lib that are used, each after what it needs.
// In wide kernels the functions for doubles come with those for floats.
func libraryText(b *strings.Builder, used map[string]bool, wide bool) error {
	for _, topic := range shaders.LibOrder() {
		base, isWide := strings.CutSuffix(topic, "_wide")
		if !used[topic] && (!wide || !isWide || !used[base]) {
			continue
		}
		text, err := shaders.LibText(topic)
		if err != nil {
			return fmt.Errorf("scheduler: maths library: %w", err)
		}
		section(b, "lib/"+topic)
		b.WriteString(text)
	}
	return nil
}

// lane writes the functions that walk all steps: prepare, seek, load, save,
// fill and quad.
func (k *kernelText) lane(b *strings.Builder) {
	section(b, "all nodes")
	k.walk(b, "void lane_prepare()", func(s *Step) string {
		return s.prepareCall()
	})
	if k.alone {
		s := k.steps[0]
		fmt.Fprintf(b, "real4 lane_scale(uint n, real4 x) {\n\treturn %s_quad(n, x);\n}\n", s.name())
		fmt.Fprintf(b, "\nbool lane_passes() {\n\treturn %s;\n}\n", s.passes())
		return
	}
	k.walk(b, "void lane_seek(uint n)", func(s *Step) string {
		if !s.hasState() {
			return ""
		}
		return fmt.Sprintf("%s_seek(n - min(n, %du));", s.name(), s.First+k.pad())
	})
	if !k.schedule.Strategy.Chunked {
		k.carry(b)
	} else {
		b.WriteString("void lane_recall() {}\n\nvoid lane_load() {}\n\nvoid lane_save() {}\n\n")
	}
	k.walk(b, "void lane_fill(uint n)", func(s *Step) string {
		if !s.Shader.Takes("quad") {
			return ""
		}
		skew := s.First + k.pad()
		return fmt.Sprintf("if (n >= %du) { %s_fill(n - %du); }", skew, s.name(), skew)
	})
	k.frame(b)
}

func (k *kernelText) walk(b *strings.Builder, head string, line func(*Step) string) {
	fmt.Fprintf(b, "%s {\n", head)
	for _, s := range k.steps {
		if text := line(s); text != "" {
			fmt.Fprintf(b, "\t%s\n", text)
		}
	}
	b.WriteString("}\n\n")
}

// carry writes the functions that keep state between segments.
func (k *kernelText) carry(b *strings.Builder) {
	k.walk(b, "void lane_recall()", func(s *Step) string {
		if len(s.Stages) == 0 {
			return ""
		}
		return s.name() + "_recall();"
	})
	for _, verb := range []string{"load", "save"} {
		k.walk(b, "void lane_"+verb+"()", func(s *Step) string {
			if !s.hasState() {
				return ""
			}
			if verb == "load" {
				return fmt.Sprintf("%s_seek(0u); %s_load();", s.name(), s.name())
			}
			return s.name() + "_save();"
		})
	}
}

// frame writes the one function that all lanes run for each four frames.
func (k *kernelText) frame(b *strings.Builder) {
	b.WriteString("// lane_quad runs every node for four frames from loop frame n on, a multiple of 4.\n")
	b.WriteString("void lane_quad(uint n, out vec4 y[OUTPUTS]) {\n")
	for i := 0; i < len(k.steps); i++ {
		s := k.steps[i]
		if loop := inLoop(k.steps[i:]); loop != nil {
			emitLoop(b, loop, k.pad(), k.tape)
			i += len(loop) - 1
			continue
		}
		args := "n"
		for i, in := range s.Inputs {
			name := fmt.Sprintf("%s_q%d", s.name(), i)
			emitQueue(b, in, name)
			value := in.value(name)
			if i < s.Ports && in.From.isControl() {
				value = "real4(" + value + ")"
			}
			args += ", " + value
		}
		fmt.Fprintf(b, "\t%s %s = %s_quad(%s);\n", s.vector(), s.name(), s.name(), args)
	}
	for i, o := range k.outputs {
		in := Input{From: o.From, Queue: o.Queue, QueueSlot: o.QueueSlot, Before: o.Before}
		name := fmt.Sprintf("out%d", i)
		emitQueue(b, in, name)
		if k.parts() == 1 {
			fmt.Fprintf(b, "\ty[%d] = vec4(%s);\n", i, in.value(name))
			continue
		}
		fmt.Fprintf(b, "\ty[%d] = vec4(%s);\n", 2*i, in.value(name))
		fmt.Fprintf(b, "\ty[%d] = vec4(%s - dvec4(y[%d]));\n", 2*i+1, in.value(name), 2*i)
	}
	b.WriteString("}\n")
}

// emitQueue reads what left the source Queue frames ago and stores the new
// samples in its place, frame by frame: a short queue hands a quad's first
// frames to its last.
func emitQueue(b *strings.Builder, in Input, name string) {
	if in.Queue == 0 {
		return
	}
	fmt.Fprintf(b, "\treal4 %s;\n", name)
	for k, field := range quadFields {
		fmt.Fprintf(b, "\t%s.%s = fifo_read(%du, %du, %s);\n", name, field, in.QueueSlot, in.Queue, loopFrame(k))
		fmt.Fprintf(b, "\tfifo_write(%du, %du, %s, %s.%s);\n", in.QueueSlot, in.Queue, loopFrame(k), in.From.name(), field)
	}
}

// value is the expression for what the edge delivers.
func (in Input) value(queueName string) string {
	switch {
	case in.Queue > 0:
		return queueName
	case in.Before > 0:
		return in.From.beforeName(in.Before - 1)
	}
	return in.From.name()
}

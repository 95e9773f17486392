package cpuref

// replay is what the nodes of loops keep at the start of each run of a chunk.
// Of a span this is kept for its chunks only, since runs may be as short as a
// frame.
type replay struct {
	// runs are the lengths of the nodes' runs, 0 outside of loops; phases and
	// memories are by node and run.
	runs     []int
	phases   [][]uint64
	memories [][]float64
	// out, memory and history are scratch.
	out, memory, history []float64
}

func newReplay(r *render) replay {
	nodes := len(r.plan.nodes)
	p := replay{runs: make([]int, nodes), phases: make([][]uint64, nodes), memories: make([][]float64, nodes), out: make([]float64, chunkFrames)}
	memory, history := 0, 0
	for _, s := range r.plan.groups {
		for i := s.first; i < s.end && s.run > 0; i++ {
			runs, size := s.count(), r.layout.memory[i].size
			p.runs[i] = s.run
			p.phases[i], p.memories[i] = make([]uint64, runs), make([]float64, runs*size)
			memory, history = max(memory, size), max(history, r.layout.history[i].size)
		}
	}
	p.memory, p.history = make([]float64, memory), make([]float64, history)
	return p
}

// count is how many runs of a loop's nodes a chunk has.
func (s *group) count() int { return (chunkFrames + s.run - 1) / s.run }

// replayed is how many numbers the nodes of loops keep for the runs of a chunk.
func (b *backward) replayed() int {
	total := 0
	for _, s := range b.plan.groups {
		for i := s.first; i < s.end && s.run > 0; i++ {
			total += s.count() * (1 + b.layout.memory[i].size)
		}
	}
	return total
}

// record runs the nodes of a loop over a chunk again, each by itself, since
// what reaches them is kept, for what they keep at the start of each run.
func (k *backWorker) record(s *group, from, t, n int) {
	p, r := &k.replay, &k.worker.run
	for i := s.first; i < s.end; i++ {
		v := &k.plan.nodes[i]
		if !v.remembers {
			continue
		}
		phase, memory := k.started(i, from, t, 0)
		r.phase, r.memory, r.history = &phase, p.memory[:len(memory)], p.history[:k.layout.history[i].size]
		copy(r.memory, memory)
		for run, off := 0, 0; off < n; run, off = run+1, off+s.run {
			p.phases[i][run] = phase
			copy(p.memories[i][run*len(memory):], r.memory)
			length := min(s.run, n-off)
			skip := k.view(r, i, from, t, off, length)
			r.out = p.out[:length-skip]
			k.forward()
		}
	}
}

// at is the phase and the memory of a loop's node at the start of a run.
func (p *replay) at(i, off int) (phase uint64, memory []float64) {
	run, runs := off/p.runs[i], len(p.phases[i])
	size := len(p.memories[i]) / runs
	return p.phases[i][run], p.memories[i][run*size:][:size]
}

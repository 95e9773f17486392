package cpuref

// adjoint is the transpose of run: it takes the cotangents of the frames, dst
// in run, to those of the samples, src, and the cotangent of the memory that
// the run left to that of the memory that it found.
func (d decimator) adjoint(src, dst, history, work []float64) {
	last := len(history)
	copy(src, dst)
	length := len(dst)
	for i := len(d) - 1; i >= 0; i-- {
		s := &d[i]
		last -= s.memory()
		s.adjoint(src[:2*length], src[:length], history[last:last+s.memory()], work)
		length *= 2
	}
}

// adjoint is the transpose of the stage's run. src may lie on dst.
func (s *stage) adjoint(src, dst, history, work []float64) {
	n := len(dst)
	even := work[:s.m-1+n]
	odd := work[len(even) : len(even)+2*s.m-1+n]
	clear(even)
	clear(odd)
	kept := copy(even[n:], history[:s.m-1])
	kept += copy(odd[n:], history[kept:kept+2*s.m-1])
	for i, c := range dst {
		even[i] += 0.5 * c
	}
	for j, tap := range s.odd {
		left, right := odd[s.m-1-j:][:n], odd[s.m+j:][:n]
		for i, c := range dst {
			left[i] += float64(tap * c)
			right[i] += float64(tap * c)
		}
	}
	s.join(src, even[s.m-1:], odd[2*s.m-1:], history[kept:])
	copy(history, even[:s.m-1])
	copy(history[s.m-1:], odd[:2*s.m-1])
}

// join is the transpose of split.
func (s *stage) join(src, even, odd, late []float64) {
	if s.pad == 0 {
		for i := range even {
			src[2*i], src[2*i+1] = even[i], odd[i]
		}
		return
	}
	next := late[0]
	for i := len(even) - 1; i >= 0; i-- {
		src[2*i], src[2*i+1] = odd[i], next
		next = even[i]
	}
	late[0] = next
}

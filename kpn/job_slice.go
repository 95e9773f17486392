package kpn

// Slice is the part of a job that renders some of its items, from first on.
// It shares the job's data.
func (j *Job) Slice(first, items int) *Job {
	part := *j
	part.Shape.B = items
	part.FirstItem += uint64(first)
	part.Items = map[ParamRef][]float64{}
	for ref, v := range j.Items {
		per := len(v) / j.Shape.B
		part.Items[ref] = v[first*per : (first+items)*per]
	}
	part.Frames = map[ParamRef]*Tensor{}
	for ref, t := range j.Frames {
		part.Frames[ref] = t.slice(first, items)
	}
	part.Inputs = map[string]*Tensor{}
	for id, t := range j.Inputs {
		part.Inputs[id] = t.slice(first, items)
	}
	return &part
}

// slice is the part of a tensor that serves some of a job's items.
func (t *Tensor) slice(first, items int) *Tensor {
	if t.B == 1 {
		return t
	}
	per := t.C * t.F
	return &Tensor{Shape: Shape{items, t.C, t.F}, Data: t.Data[first*per : (first+items)*per]}
}

package cpuref

// forwardMultiply is the step of [kpn.KindMultiply].
func forwardMultiply(r *run) {
	copy(r.out, r.in[0])
	for _, in := range r.in[1:] {
		for i := range r.out {
			r.out[i] *= in[i]
		}
	}
}

// adjointMultiply: the derivative by a factor is the product of the others,
// which a division by the factor would not give where it is 0.
func adjointMultiply(r *backRun) {
	for k := range r.in {
		copy(r.inputs[k], r.cotangent)
		for j, other := range r.in {
			if j == k {
				continue
			}
			for i := range r.cotangent {
				r.inputs[k][i] *= other[i]
			}
		}
	}
}

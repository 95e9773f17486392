package cpuref

// forwardConstant is the step of [kpn.KindConstant].
func forwardConstant(r *run) { copy(r.out, r.param("value")) }

package cpuref

// forwardConstant is the step of [kpn.KindConstant].
func forwardConstant(r *run) { copy(r.out, r.param("value")) }

// adjointConstant: the output is the value.
func adjointConstant(r *backRun) { copy(r.derivative("value"), r.cotangent) }

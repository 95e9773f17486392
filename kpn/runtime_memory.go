package kpn

import "fmt"

// maxRuntimeBytes bounds what a runtime allocates itself for a block, a window,
// or what declared delays hold; engines have bounds of their own.
const maxRuntimeBytes = 1 << 30

// fits refuses frames that so many signals would take too much memory for.
func (r *Runtime) fits(frames, signals int) error {
	most := maxRuntimeBytes / 8 / max(signals, 1) / r.setup.shape.Rows()
	if frames > most {
		return &JobError{"frames", fmt.Sprintf("%d frames of %d signals of %d rows take more than the %d bytes allowed; take at most %d frames at a time", frames, signals, r.setup.shape.Rows(), maxRuntimeBytes, most)}
	}
	return nil
}

// fitsRows refuses more rows than what is kept of each leaves room for: values of
// parameters, and what heat models look back to.
func (r *Runtime) fitsRows(s Shape) error {
	kept := len(r.network.Params)
	for i := range r.network.Graph.Nodes {
		if r.options.HeatModels[r.network.Graph.Nodes[i].Kind] != nil {
			kept++
		}
	}
	if most := maxRuntimeBytes / 8 / max(kept, 1); s.Rows() > most {
		return &JobError{"batches", fmt.Sprintf("%d rows (batches times channels) with %d tensors and heat models take more than the %d bytes allowed; configure at most %d rows", s.Rows(), kept, maxRuntimeBytes, most)}
	}
	return nil
}

// fitsDelays refuses declared delays that take too much memory to hold back.
func (r *Runtime) fitsDelays(held int) error {
	if most := maxRuntimeBytes / 8 / r.setup.shape.Rows(); held > most {
		return &JobError{"delays", fmt.Sprintf("the declared delays hold back %d frames of the outputs, allowed are %d for so many rows; declare smaller delays, or configure fewer items", held, most)}
	}
	return nil
}

package cpuref

import "sawmill/kpn"

// readParam fills dst with a parameter's values for row (b, c) from local
// frame first on. Before its first and after its last frame a per-frame
// parameter keeps its value.
func readParam(dst []float64, node string, p *kpn.NodeParam, job *kpn.Job, b, c, first int) {
	ref := kpn.ParamRef{Node: node, Param: p.Name}
	value := p.Value
	switch p.Rate {
	case kpn.Constant:
	case kpn.PerItem:
		value = job.ItemValue(ref, b, c)
	case kpn.PerFrame:
		row := job.Frames[ref].Row(b, c)
		for i := range dst {
			dst[i] = float64(row[min(max(first+i, 0), len(row)-1)])
		}
		return
	}
	for i := range dst {
		dst[i] = value
	}
}

package compare

import "sawmill/kpn"

// HasBound says whether a tolerance can be derived for a kind.
func HasBound(k kpn.Kind) bool { return kindBounds[k] != nil }

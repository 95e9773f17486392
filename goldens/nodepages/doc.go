// Package nodepages makes docs/nodes: a page for each kind of the catalogue, from
// its definition in kpn, its spec, and a preset that the gradient checks use too,
// with pictures of what the preset's node gives on the reference.
package nodepages

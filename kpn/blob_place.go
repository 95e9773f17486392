package kpn

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
)

// blobPlace is where a reader or a writer stands, for its error. The first
// fault stays: after it, reads give zeros and what was written is dropped.
type blobPlace struct {
	blob string
	// index counts nodes, −1 outside them; node is the name once known.
	index int
	node  string
	// within and item name the member of a list, such as parameter 3.
	within string
	item   int
	err    *BlobError
}

// enterNode moves to a node without a name yet.
func (p *blobPlace) enterNode(i int) { p.index, p.node, p.within = i, "", "" }

// enter moves to a member of a list; an empty name leaves the list.
func (p *blobPlace) enter(what string, i int) { p.within, p.item = what, i }

// fail keeps a fault unless there is an earlier one, or no reason for it.
func (p *blobPlace) fail(offset int, field, reason string) {
	if reason == "" || p.err != nil {
		return
	}
	node := p.node
	if node == "" && p.index >= 0 {
		node = "#" + strconv.Itoa(p.index)
	}
	if p.within != "" {
		field = fmt.Sprintf("%s %d: %s", p.within, p.item, field)
	}
	p.err = &BlobError{Blob: p.blob, Offset: offset, Field: field, Node: node, Reason: reason}
}

// unique fails where two members of a list share their name.
func (p *blobPlace) unique(what string, n int, name func(int) string) {
	if p.err != nil {
		return
	}
	if i := firstRepeat(n, name); i >= 0 {
		p.fail(-1, what, quoted(name(i))+" is there twice: give each a name of its own")
	}
}

// firstRepeat finds the first member whose key an earlier one has, or −1.
func firstRepeat[K cmp.Ordered](n int, key func(int) K) int {
	return firstEqual(n, func(a, b int) int { return cmp.Compare(key(a), key(b)) })
}

// firstEqual finds the first member that compares equal to an earlier one, or
// −1. It sorts indices instead of filling a set, which would allocate far more
// than the shortest names take in a blob.
func firstEqual(n int, compare func(a, b int) int) int {
	// Most lists are so short that not even indices are worth it.
	if n <= 8 {
		for i := 1; i < n; i++ {
			for k := range i {
				if compare(i, k) == 0 {
					return i
				}
			}
		}
		return -1
	}
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Or(compare(a, b), a-b) })
	first := -1
	for i := 1; i < n; i++ {
		if compare(order[i], order[i-1]) == 0 && (first < 0 || order[i] < first) {
			first = order[i]
		}
	}
	return first
}

package kpn

import (
	"fmt"
	"hash/crc32"
	"math"
	"strings"
	"unicode/utf8"
)

// The binary blobs of the node contract, all little-endian.
const (
	blobDescriptor = "descriptor"
	blobPlan       = "plan"
	blobHistory    = "control history"
)

// BlobError is a fault of a binary blob, or of a value that no blob can hold.
type BlobError struct {
	// Blob says which kind: "descriptor", "plan" or "control history".
	Blob string
	// Offset is the byte at fault; −1 where there is none: in a value that is
	// being encoded, or where two names clash.
	Offset int
	// Field is the field of the layout at fault.
	Field string
	// Node is the node's name, or # and its index where the name is not known
	// yet; empty outside the nodes.
	Node string
	// Reason says what was found, what is allowed and what to do.
	Reason string
}

// Error implements error.
func (e *BlobError) Error() string {
	var b strings.Builder
	b.WriteString(e.Blob + " blob")
	if e.Offset >= 0 {
		fmt.Fprintf(&b, ": byte %d", e.Offset)
	}
	if e.Node != "" {
		b.WriteString(": node " + quoted(e.Node))
	}
	if e.Field != "" {
		b.WriteString(": " + e.Field)
	}
	b.WriteString(": " + e.Reason)
	return b.String()
}

// TypeID is the number by which blobs know a node type: the CRC-32 (IEEE) of
// its name.
func TypeID(name string) uint32 { return crc32.ChecksumIEEE([]byte(name)) }

// nameFault says what is wrong with a name, or nothing.
func nameFault(s string) string {
	switch {
	case s == "":
		return "the name is empty: nothing could refer to it, give it one"
	case !utf8.ValidString(s):
		return fmt.Sprintf("%s is not UTF-8: write names in UTF-8", quoted(s))
	}
	return ""
}

// lengthFault says why a length does not fit its field, or nothing.
func lengthFault(n int) string {
	if uint64(n) > math.MaxUint32 {
		return fmt.Sprintf("%d do not fit, a blob's fields hold %d at most: make it smaller", n, uint32(math.MaxUint32))
	}
	return ""
}

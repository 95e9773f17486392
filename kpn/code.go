package kpn

import "strconv"

// Code is a result code of the node contract.
type Code int

// The result codes.
const (
	// Done is success.
	Done Code = 0
	// InvalidArgument is an unknown name, or no data.
	InvalidArgument Code = -1
	// ShapeMismatch is a tensor that does not fit; nothing is changed.
	ShapeMismatch Code = -2
	// Unsupported is a gradient that does not exist: zeros are passed on.
	Unsupported Code = -4
	// Pending is an output that is not ready yet.
	Pending Code = -5
)

// String names the code.
func (c Code) String() string {
	switch c {
	case Done:
		return "done"
	case InvalidArgument:
		return "invalid argument"
	case ShapeMismatch:
		return "shape mismatch"
	case Unsupported:
		return "unsupported"
	case Pending:
		return "pending"
	}
	return "code " + strconv.Itoa(int(c))
}

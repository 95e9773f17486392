package compare

import (
	"errors"
	"sync"

	"sawmill/kpn"
)

// errStopped ends a side whose blocks nobody waits for any more.
var errStopped = errors.New("the other side of the comparison has ended")

// meeting lets two engines hand blocks to one comparator, and holds the one
// that is ahead.
type meeting struct {
	mu         sync.Mutex
	moved      *sync.Cond
	comparator *Comparator
	left       [2]bool
	stopped    bool
}

func newMeeting(c *Comparator) *meeting {
	m := &meeting{comparator: c}
	m.moved = sync.NewCond(&m.mu)
	return m
}

// sink takes one side's blocks. A block waits until the side's previous
// block of that output has been compared. That cannot deadlock: a side that
// waits has given all outputs up to a frame that the other has not reached
// in one of them, and the same of the other side is a contradiction.
func (m *meeting) sink(side Side) kpn.Sink {
	return func(b *kpn.Block) error {
		m.mu.Lock()
		defer m.mu.Unlock()
		known := b.Output >= 0 && b.Output < len(m.comparator.outputs)
		for known && m.comparator.Pending(side, b.Output) > 0 {
			if m.stopped || m.left[side.other()] {
				return errStopped
			}
			m.moved.Wait()
		}
		if m.stopped {
			return errStopped
		}
		defer m.moved.Broadcast()
		return m.comparator.Feed(side, b)
	}
}

// leave says that a side will give nothing more.
func (m *meeting) leave(side Side) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.left[side] = true
	m.moved.Broadcast()
}

// stop releases both sides.
func (m *meeting) stop() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.stopped = true
	m.moved.Broadcast()
}

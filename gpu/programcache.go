package gpu

import (
	"container/list"

	"github.com/go-gl/gl/v4.3-core/gl"
)

// idlePrograms is how many programs nobody uses a device keeps.
const idlePrograms = 64

// programCache holds a device's programs by content, and drops the one idle
// for longest when there are too many. It belongs to the device's thread.
type programCache struct {
	programs map[sourceKey]*program
	// idle holds the programs without users, the last used in front.
	idle *list.List
	at   map[sourceKey]*list.Element
	drop func(*program)
}

func newProgramCache() *programCache {
	return &programCache{
		programs: map[sourceKey]*program{}, idle: list.New(), at: map[sourceKey]*list.Element{},
		drop: func(p *program) { gl.DeleteProgram(p.id) },
	}
}

// take returns a program with one more user, or nil.
func (c *programCache) take(key sourceKey) *program {
	p := c.programs[key]
	if p == nil {
		return nil
	}
	if e := c.at[key]; e != nil {
		c.idle.Remove(e)
		delete(c.at, key)
	}
	p.users++
	return p
}

// put adds a program that has one user.
func (c *programCache) put(p *program) { c.programs[p.key] = p }

// release takes a user away.
func (c *programCache) release(p *program) {
	if p.users--; p.users > 0 {
		return
	}
	if p.users < 0 {
		panic("gpu: the program of " + p.kernel + " was released more often than taken")
	}
	c.at[p.key] = c.idle.PushFront(p)
	for c.idle.Len() > idlePrograms {
		oldest, ok := c.idle.Remove(c.idle.Back()).(*program)
		if !ok {
			panic("gpu: the list of idle programs holds something else")
		}
		delete(c.at, oldest.key)
		delete(c.programs, oldest.key)
		c.drop(oldest)
	}
}

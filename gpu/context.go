package gpu

import "unsafe"

// glContext is an OpenGL context. All of its methods are called on the
// device's thread.
type glContext interface {
	// name says which one it is: "EGL device 0", "GLFW window".
	name() string
	// driver is what the layer that made it says about itself.
	driver() string
	makeCurrent() error
	procAddr(name string) unsafe.Pointer
	// destroy also takes the context off the thread.
	destroy()
}

// contextOptions are what a context is asked for.
type contextOptions struct{ debug bool }

// candidate is a place where a context may be had.
type candidate struct {
	backend Backend
	index   int
	name    string
	// class is AnyClass where only the context can tell.
	class Class
	// create runs on the device's thread.
	create func(contextOptions) (glContext, error)
}

// oldestMinor and newestMinor bound the 4.x versions asked for, newest first.
const (
	oldestMinor = 3
	newestMinor = 6
)

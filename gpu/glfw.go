//go:build !headless

package gpu

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync"
	"unsafe"

	"github.com/go-gl/glfw/v3.3/glfw"
)

// glfwThread runs GLFW's own calls, for the whole of the process: a window
// must be destroyed by the thread that made it, and GLFW ended by the one that
// started it. Contexts move to their devices' threads.
var glfwThread = sync.OnceValue(func() *thread { return startThread(func() {}) })

// glfwWindows counts the open windows. It belongs to glfwThread.
var glfwWindows int

// glfwDo runs a function on GLFW's thread. go-gl panics with errors that it
// does not expect, such as those of a display that does not answer; here they
// are errors.
func glfwDo(run func() error) error {
	return glfwThread().do(func() error { return glfwGuard(run) }, errEnded)
}

func glfwGuard(run func() error) (err error) {
	defer func() {
		p := recover()
		if p == nil {
			return
		}
		fault, ok := p.(*glfw.Error)
		if !ok {
			panic(p)
		}
		err = fault
	}()
	return run()
}

// glfwCandidates is GLFW's one device, where there is a display.
func glfwCandidates() ([]candidate, []Problem) {
	if runtime.GOOS == "linux" && os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
		return nil, []Problem{{
			Backend: GLFW, Reason: "there is no display (DISPLAY is not set): run it under xvfb-run -a, or use egl",
			Packages: []string{"xvfb"},
		}}
	}
	return []candidate{{backend: GLFW, name: "GLFW window", create: newGLFWContext}}, nil
}

// glfwContext is the context of a window that is never shown.
type glfwContext struct{ window *glfw.Window }

func newGLFWContext(options contextOptions) (glContext, error) {
	c := &glfwContext{}
	err := glfwDo(func() error {
		if glfwWindows == 0 {
			if err := glfw.Init(); err != nil {
				return err
			}
		}
		window, err := glfwHiddenWindow(options)
		if err != nil {
			if glfwWindows == 0 {
				glfw.Terminate()
			}
			return err
		}
		c.window = window
		glfwWindows++
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("no hidden window on the display %q: %w", os.Getenv("DISPLAY"), err)
	}
	return c, nil
}

// glfwHiddenWindow makes a window with the newest core context there is.
func glfwHiddenWindow(options contextOptions) (*glfw.Window, error) {
	// Init reports some failures only to the log: this fails then.
	if err := glfwGuard(func() error { glfw.DefaultWindowHints(); return nil }); err != nil {
		return nil, fmt.Errorf("the display does not answer: start it, run it under xvfb-run -a, or use egl: %w", err)
	}
	glfw.WindowHint(glfw.Visible, glfw.False)
	glfw.WindowHint(glfw.OpenGLProfile, glfw.OpenGLCoreProfile)
	glfw.WindowHint(glfw.ContextRobustness, glfw.LoseContextOnReset)
	if options.debug {
		glfw.WindowHint(glfw.OpenGLDebugContext, glfw.True)
	}
	failure := errors.New("the display's OpenGL gave no reason")
	for minor := newestMinor; minor >= oldestMinor; minor-- {
		glfw.WindowHint(glfw.ContextVersionMajor, 4)
		glfw.WindowHint(glfw.ContextVersionMinor, minor)
		window, err := glfw.CreateWindow(16, 16, "sawmill", nil, nil)
		if window != nil {
			return window, nil
		}
		if err != nil {
			failure = err
		}
	}
	return nil, &VersionError{Needed: neededVersion, Cause: failure}
}

func (c *glfwContext) name() string { return "GLFW window" }

func (c *glfwContext) driver() string { return "GLFW " + glfw.GetVersionString() }

func (c *glfwContext) makeCurrent() error {
	return glfwGuard(func() error { c.window.MakeContextCurrent(); return nil })
}

func (c *glfwContext) procAddr(name string) unsafe.Pointer { return glfw.GetProcAddress(name) }

func (c *glfwContext) destroy() {
	// What fails here has no one left to tell: the process goes on without
	// the window.
	_ = glfwGuard(func() error { glfw.DetachCurrentContext(); return nil })
	_ = glfwDo(func() error {
		if glfwWindows--; glfwWindows == 0 {
			defer glfw.Terminate()
		}
		c.window.Destroy()
		return nil
	})
}

package gpu

import (
	"fmt"
)

// Open opens the first device that the selector describes. It opens nothing
// else: without such a device it returns a [NoDeviceError].
func Open(selector Selector, options ...Option) (*Device, error) {
	var s settings
	for _, option := range options {
		option(&s)
	}
	classes := []Class{selector.Class}
	if selector.Class == AnyClass {
		classes = []Class{HardwareClass, SoftwareClass}
	}
	refusal := &NoDeviceError{Selector: selector}
	for _, class := range classes {
		refusal.Problems = nil
		device, problems := openFirst(selector, class, s)
		if device != nil {
			return device, nil
		}
		refusal.Problems = problems
	}
	return nil, refusal
}

// openFirst opens the first device of a class; the problems say why it has none.
func openFirst(selector Selector, class Class, s settings) (*Device, []Problem) {
	candidates, problems := candidates(selector.Backend)
	for _, c := range candidates {
		if selector.Index > 0 && c.index != selector.Index-1 {
			continue
		}
		if c.class != AnyClass && c.class != class {
			problems = append(problems, wrongClass(c, c.class))
			continue
		}
		d, err := openCandidate(c, s)
		if err != nil {
			problems = append(problems, c.problem(err))
			continue
		}
		if got := d.description.Class(); got != class {
			problems = append(problems, wrongClass(c, got))
			if err := d.Close(); err != nil {
				problems = append(problems, c.problem(err))
			}
			continue
		}
		return d, nil
	}
	return nil, problems
}

// candidates lists the devices of a backend, or of all.
func candidates(backend Backend) ([]candidate, []Problem) {
	var found []candidate
	var problems []Problem
	switch backend {
	case AnyBackend, EGL, GLFW:
	default:
		return nil, []Problem{{Backend: backend, Reason: fmt.Sprintf("there is no backend %q: the backends are egl and glfw", string(backend))}}
	}
	if backend != GLFW {
		found, problems = eglCandidates()
	}
	if backend != EGL {
		more, reasons := glfwCandidates()
		found, problems = append(found, more...), append(problems, reasons...)
	}
	return found, problems
}

// problem is the report of a candidate that could not be opened.
func (c candidate) problem(err error) Problem {
	return Problem{Backend: c.backend, Device: c.name, Reason: err.Error(), Cause: err}
}

// wrongClass is the report of a device of the class that was not asked for.
func wrongClass(c candidate, got Class) Problem {
	reason := "it is a software renderer; hardware needs the GPU's own driver"
	if got == HardwareClass {
		reason = "it is hardware; for software through it, start again with LIBGL_ALWAYS_SOFTWARE=1 in the environment, or use another backend"
	}
	return Problem{Backend: c.backend, Device: c.name, Reason: reason}
}

// List opens every device in turn and describes those that open; the problems
// say why others do not and what to install.
func List() ([]Description, []Problem) {
	candidates, problems := candidates(AnyBackend)
	var found []Description
	for _, c := range candidates {
		d, err := openCandidate(c, settings{noCache: true})
		if err != nil {
			problems = append(problems, c.problem(err))
			continue
		}
		found = append(found, d.Describe())
		if err := d.Close(); err != nil {
			problems = append(problems, c.problem(err))
		}
	}
	return found, problems
}

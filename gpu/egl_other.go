//go:build !linux

package gpu

// eglCandidates reports that EGL is for Linux; elsewhere GLFW makes contexts.
func eglCandidates() ([]candidate, []Problem) {
	return nil, []Problem{{Backend: EGL, Reason: "EGL contexts are made on Linux only; use glfw"}}
}

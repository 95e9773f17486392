//go:build headless

package gpu

// glfwCandidates reports that GLFW was left out of this build.
func glfwCandidates() ([]candidate, []Problem) {
	return nil, []Problem{{Backend: GLFW, Reason: "GLFW was left out of this build (tag headless): build without it, or use egl"}}
}

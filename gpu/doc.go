// Package gpu runs kernels on an OpenGL device without a display.
//
// A [Device] is one OpenGL context and the locked OS thread that it lives on.
// [Open] opens exactly what was asked for, or refuses and says what to do;
// [List] describes everything that could be opened. Every OpenGL call is made
// inside [Device.do], which hands a function to the device's thread, so the
// unexported types of this package (program, buffer, fence, transfer) are used
// inside such a function and nowhere else, except where a method says so.
//
// # Contexts
//
// There are two ways to a context. EGL (Linux) needs no display: its library
// is opened at run time, each EGL device is a device of its own, and Mesa's
// software renderer is one of them, so asking for software gives software on a
// machine with a GPU too. GLFW makes a hidden window where there is a desktop;
// the build tag headless leaves it out together with the X11 libraries that it
// links. Both fit in one process and in one binary.
//
// # Entry points
//
// go-gl keeps the addresses of OpenGL's functions in package variables, one
// set for the process. They are loaded once, by the first device, under a
// lock. A later device must hand out the same addresses, which libglvnd's
// dispatch stubs are (they follow the calling thread's context, whether EGL or
// GLX made it); where it does not, it is refused rather than called wrongly.
package gpu

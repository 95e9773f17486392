//go:build !linux

package gpu

// prepareSoftware does nothing: elsewhere Mesa reads its variables from a copy
// of the environment that this process cannot reach. Set
// LP_NATIVE_VECTOR_WIDTH=512 before starting it, where the CPU has AVX-512.
func prepareSoftware() error { return nil }

package gpu

import (
	"os"
	"sync"

	"golang.org/x/sys/cpu"
)

// vectorWidth is Mesa's variable for the width in bits of the vectors that
// llvmpipe computes with. It stays at 256 by default.
const vectorWidth = "LP_NATIVE_VECTOR_WIDTH"

// prepareSoftware lets Mesa's software renderer use the CPU's widest vectors.
// Mesa reads the variable with getenv when it makes the first context, and
// os.Setenv calls setenv in a program with cgo.
var prepareSoftware = sync.OnceValue(func() error {
	if _, set := os.LookupEnv(vectorWidth); set || !wideVectors() {
		return nil
	}
	return os.Setenv(vectorWidth, "512")
})

// wideVectors tells whether the CPU has what LLVM needs for 512 bits.
func wideVectors() bool {
	return cpu.X86.HasAVX512F && cpu.X86.HasAVX512BW && cpu.X86.HasAVX512DQ && cpu.X86.HasAVX512VL
}

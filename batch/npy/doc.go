// Package npy reads and writes NumPy's array files: a header that is a Python
// literal, then the values.
//
// [Open] reads what comes from outside: it bounds and checks everything before
// it allocates, and gives values run by run, never the whole file. It takes
// little-endian float32 and float64 in C order, which is what NumPy writes on
// every machine of today. [Header] makes the header of a file to write, padded
// so that the values start at a multiple of 64 bytes and can be mapped.
//
// Source: NEP 1, "A simple file format for NumPy arrays".
package npy

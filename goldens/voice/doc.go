// Package voice holds presets/voice.json to what an independent implementation
// of the same voice gave, in float64: eight sounds of a second, with their
// gradients. Its tests are all there is to it: the reference is held to −120 dB
// of full scale and 1e-4 of the gradients' norm, a device to −96 dB and 1e-2.
//
// That data is larger than what is kept here. With SAWMILL_VOICE_PARITY naming
// its folder, the tests compare whole sounds and all gradients; without, what
// testdata has of it: see testdata/README.md.
package voice

package alias

import "sawmill/kpn"

// Figure is one measured reference figure, in dB: alias relative to the
// wanted partials, the strongest alias relative to the fundamental, and the
// worst harmonic below 15 kHz.
type Figure struct {
	Alias, Worst, Harmonic float64
}

// Reference returns the reference figure for a setting, if there is one.
//
// Source: measured reference figures for saws at 44.1 kHz by an independent
// implementation, over the whole band, with a decimator of its own that
// starts to fall off at 19 kHz and holds aliases to about −95 to −125 dB.
func Reference(s Setting) (Figure, bool) {
	if s.Shape != kpn.OscSaw || s.Slave > 0 {
		return Figure{}, false
	}
	for _, r := range reference {
		if r.limit != s.Limit || r.ratio != s.Ratio {
			continue
		}
		for i, cycles := range Notes {
			if cycles == s.Cycles {
				return r.figures[i], true
			}
		}
	}
	return Figure{}, false
}

// reference holds the figures at 440.8, 2093.4 and 7040.7 Hz: the frequencies
// of [Notes].
var reference = []struct {
	limit, ratio int
	figures      [3]Figure
}{
	{kpn.BandLimitNone, 1, [3]Figure{{-19.1, -34.2, 0}, {-12.1, -20.8, 0}, {-6.8, -12.0, 0}}},
	{kpn.BandLimitNone, 2, [3]Figure{{-26.2, -44.0, 0}, {-19.2, -30.5, 0}, {-13.0, -20.0, 0}}},
	{kpn.BandLimitNone, 4, [3]Figure{{-32.3, -51.1, 0}, {-25.3, -37.6, 0}, {-19.5, -27.2, 0}}},
	{kpn.BandLimitNone, 8, [3]Figure{{-38.4, -57.6, 0}, {-31.4, -44.1, 0}, {-25.4, -33.6, 0}}},
	{kpn.BandLimitPolyBLEP2, 1, [3]Figure{{-35.4, -42.3, -3.43}, {-27.9, -29.4, -3.21}, {-25.5, -25.1, -2.28}}},
	{kpn.BandLimitPolyBLEP2, 2, [3]Figure{{-59.2, -67.7, -0.83}, {-52.2, -54.2, -0.78}, {-45.0, -44.9, -0.55}}},
	{kpn.BandLimitPolyBLEP2, 4, [3]Figure{{-78.6, -88.2, -0.21}, {-71.5, -74.6, -0.19}, {-68.2, -69.3, -0.14}}},
	{kpn.BandLimitPolyBLEP2, 8, [3]Figure{{-96.1, -101.3, -0.05}, {-89.9, -95.1, -0.05}, {-85.5, -88.0, -0.03}}},
	{kpn.BandLimitPolyBLEP4, 1, [3]Figure{{-45.5, -50.5, -6.86}, {-37.7, -38.0, -6.43}, {-38.5, -38.2, -4.57}}},
	{kpn.BandLimitPolyBLEP4, 2, [3]Figure{{-84.6, -91.1, -1.66}, {-77.6, -77.8, -1.56}, {-70.4, -69.8, -1.10}}},
	{kpn.BandLimitPolyBLEP4, 4, [3]Figure{{-104.6, -102.8, -0.41}, {-110.4, -111.3, -0.39}, {-110.2, -111.5, -0.27}}},
	{kpn.BandLimitPolyBLEP4, 8, [3]Figure{{-103.5, -101.4, -0.10}, {-122.9, -122.4, -0.10}, {-127.8, -128.9, -0.07}}},
	{kpn.BandLimitKaiser, 1, [3]Figure{{-143.2, -146.6, 0}, {-131.6, -130.7, 0}, {-139.9, -140.4, 0}}},
}

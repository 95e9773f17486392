package cpuref

import "math"

func hardAt(u float64) float64 { return min(max(u, -1), 1) }

func hardSlope(u float64) float64 {
	if math.Abs(u) > 1 {
		return 0
	}
	return 1
}

// hardParts are what parts of the way from low to high are below −1, between
// and above 1.
func hardParts(low, high float64) (below, between, above float64) {
	span := high - low
	return max(0, min(high, -1)-low) / span, (hardAt(high) - hardAt(low)) / span, max(0, high-max(low, 1)) / span
}

// hardMean weights what the three parts have as their means.
func hardMean(low, high float64) float64 {
	below, between, above := hardParts(low, high)
	return float64(between*(hardAt(low)+hardAt(high))/2) + above - below
}

// hardSlopes: the mean's derivative by its upper end is f' on average, each
// place weighted with how far up it is; by its lower end, with how far down.
func hardSlopes(low, high float64) (byLow, byHigh float64) {
	below, between, above := hardParts(low, high)
	return between * (above + between/2), between * (below + between/2)
}

// foldNear is the distance of two ends below which there is at most one corner
// between them.
const foldNear = 1

// foldPlace is the place of u in the period from −3 to 1, less its middle:
// −2 to 2, 0 where fold is 1.
func foldPlace(u float64) float64 { return u - 1 - 4*math.Floor((u+1)/4) }

func foldAt(u float64) float64 { return 1 - math.Abs(foldPlace(u)) }

func foldSlope(u float64) float64 {
	if foldPlace(u) > 0 {
		return -1
	}
	return 1
}

// foldIntegral is that of fold from −1 on, of the same period.
func foldIntegral(u float64) float64 {
	d := foldPlace(u)
	return d - float64(d*math.Abs(d))/2
}

// foldCorner is the first corner above u, and the slope before it, which is
// also fold's value there.
func foldCorner(u float64) (at, slope float64) {
	n := math.Floor((u + 1) / 2)
	return 2*n + 1, 1 - 2*math.Mod(math.Abs(n), 2)
}

// foldMean is the integral's difference over the distance, or, where the ends
// are near to each other, the mean of the two straight lines between them.
func foldMean(low, high float64) float64 {
	if high-low >= foldNear {
		return (foldIntegral(high) - foldIntegral(low)) / (high - low)
	}
	corner, slope := foldCorner(low)
	if high <= corner {
		return slope * ((low+high)/2 - (corner - 1))
	}
	before := (corner - low) / (high - low)
	return slope * (1 - float64(before*(corner-low)/2) - float64((1-before)*(high-corner)/2))
}

// foldSlopes: with p the part before the corner, the slopes on both sides
// weighted as in hardSlopes.
func foldSlopes(low, high float64) (byLow, byHigh float64) {
	if high-low >= foldNear {
		y := foldMean(low, high)
		return (y - foldAt(low)) / (high - low), (foldAt(high) - y) / (high - low)
	}
	corner, slope := foldCorner(low)
	p := min(1, (corner-low)/(high-low))
	return slope * (2*p - float64(p*p) - 0.5), slope * (float64(p*p) - 0.5)
}

package cpuref

// catmullRom is the spline between x1 and x2, at the part f of the way.
func catmullRom(x0, x1, x2, x3, f float64) float64 {
	a := x2 - x0
	b := 2*x0 - 5*x1 + 4*x2 - x3
	c := 3*(x1-x2) + x3 - x0
	return x1 + float64(f/2*(a+float64(f*(b+float64(f*c)))))
}

// catmullRomSlope is its derivative by f.
func catmullRomSlope(x0, x1, x2, x3, f float64) float64 {
	a := x2 - x0
	b := 2*x0 - 5*x1 + 4*x2 - x3
	c := 3*(x1-x2) + x3 - x0
	return (a + float64(f*(2*b+float64(3*f*c)))) / 2
}

package shaders_test

import (
	"math"
	"math/big"
)

// precision is that of the references of the double functions, in bits.
const precision = 140

func number(x float64) *big.Float { return new(big.Float).SetPrec(precision).SetFloat64(x) }

func times(a, b *big.Float) *big.Float { return number(0).Mul(a, b) }

func over(a, b *big.Float) *big.Float { return number(0).Quo(a, b) }

// series sums terms from the first on, each made from the one before it, until
// they no longer count.
func series(first *big.Float, next func(term *big.Float, k int) *big.Float) *big.Float {
	sum := number(0).Set(first)
	for term, k := first, 1; term.Sign() != 0 && term.MantExp(nil) > sum.MantExp(nil)-precision; k++ {
		term = next(term, k)
		sum.Add(sum, term)
	}
	return sum
}

// twiceArtanh is ln((1+s)/(1−s)).
func twiceArtanh(s *big.Float) *big.Float {
	square := times(s, s)
	power := times(s, number(2))
	return series(power, func(_ *big.Float, k int) *big.Float {
		power = times(power, square)
		return over(power, number(float64(2*k+1)))
	})
}

// bigLn2 is 2 artanh(1/3).
func bigLn2() *big.Float { return twiceArtanh(over(number(1), number(3))) }

// bigLog2 is the logarithm of a positive number to base 2.
func bigLog2(x float64) *big.Float {
	m, e := math.Frexp(x)
	if m < math.Sqrt2/2 {
		m, e = 2*m, e-1
	}
	f := number(0).Sub(number(m), number(1))
	s := over(f, number(0).Add(number(m), number(1)))
	r := over(twiceArtanh(s), bigLn2())
	return r.Add(r, number(float64(e)))
}

// bigExp2 is 2^x.
func bigExp2(x *big.Float) *big.Float {
	near, _ := x.Float64()
	n := math.RoundToEven(near)
	f := number(0).Sub(x, number(n))
	f = times(f, bigLn2())
	e := series(number(1), func(term *big.Float, k int) *big.Float {
		return over(times(term, f), number(float64(k)))
	})
	return e.SetMantExp(e, int(n))
}

// bigPi is by Machin: 16 arctan(1/5) − 4 arctan(1/239).
func bigPi() *big.Float {
	arctan := func(n float64) *big.Float {
		power := over(number(1), number(n))
		return series(power, func(_ *big.Float, k int) *big.Float {
			power = over(power, number(-n*n))
			return over(power, number(float64(2*k+1)))
		})
	}
	p := times(number(16), arctan(5))
	return p.Sub(p, times(number(4), arctan(239)))
}

// bigSine is the sine of a phase of 64 bits. It is folded to a quarter of a
// cycle in integers.
func bigSine(phase uint64) *big.Float {
	s := int64(phase)
	switch {
	case s > 1<<62:
		s = math.MinInt64 - s
	case s < -1<<62:
		s = math.MinInt64 - s
	}
	angle := number(0).SetInt64(s)
	angle.SetMantExp(angle, -63)
	angle = times(angle, bigPi())
	square := times(angle, angle)
	return series(angle, func(term *big.Float, k int) *big.Float {
		return over(times(term, square), number(float64(-2*k*(2*k+1))))
	})
}

// errorOf is the distance of got from want, and that in units in the last
// place of want.
func errorOf(got float64, want *big.Float) (absolute, ulps float64) {
	if math.IsNaN(got) || math.IsInf(got, 0) {
		return math.Inf(1), math.Inf(1)
	}
	difference := number(0).Sub(number(got), want)
	absolute, _ = difference.Abs(difference).Float64()
	if want.Sign() == 0 {
		return absolute, absolute / math.SmallestNonzeroFloat64
	}
	return absolute, absolute / math.Ldexp(1, want.MantExp(nil)-53)
}

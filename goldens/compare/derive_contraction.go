package compare

import "math"

// matrix has two rows.
type matrix [2][2]float64

func dot(a, b [2]float64) float64 { return a[0]*b[0] + a[1]*b[1] }

func (m *matrix) apply(v [2]float64) [2]float64 { return [2]float64{dot(m[0], v), dot(m[1], v)} }

func (m *matrix) times(o matrix) matrix {
	var p matrix
	for i := range p {
		for j := range p[i] {
			p[i][j] = m[i][0]*o[0][j] + m[i][1]*o[1][j]
		}
	}
	return p
}

// norm is the most that the matrix makes a vector longer by.
func (m *matrix) norm() float64 {
	a, b := dot(m[0], m[0])+dot(m[1], m[1]), m[0][0]*m[1][1]-m[0][1]*m[1][0]
	return math.Sqrt((a + math.Sqrt(max(0, a*a-4*b*b))) / 2)
}

// powers bounds the sum of the norms of a matrix's first n powers, from the 0th
// on, for one that makes nothing longer: twice as many are at most those before
// and as many again times the norm of the power between.
func (m matrix) powers(n int) float64 {
	sum := 1.0
	for some := 1; some < n; some *= 2 {
		sum *= 1 + min(1, m.norm())
		m = m.times(m)
	}
	return min(sum, float64(n))
}

// shrinking is what is known of the state of two poles whose coefficients
// change from frame to frame, anywhere within ranges.
type shrinking struct {
	// errors is what an error of 1 in each frame may add up to, squares the sum
	// of the squares of what is left of one, and state the largest state for an
	// input of at most 1.
	errors, squares, state float64
}

// shrink finds the norm of P = (1 e; e 1) in which the state of two poles
// shrinks fastest, for jobs of so many frames.
//
// With J = (−k −1; 1 0), n its norm and v = (band, low), the state s becomes s'
// = 2v − s with v = s + g·J·v + g·in·(1 0). If the symmetric part of J is at
// most −γ for all k, the square of s grows by 4g·⟨v, Jv + in·(1 0)⟩, at most
// 4g·(|v||in| − γv²).
//
// Without an input that is −4gγv², and |s| at most (1 + gn)·|v|: a part of the
// state remains, whose powers add up to errors. With one, the state grows only
// while |v| is below |in|/γ, by which time |s| is at most (1 + gn)·|in|/γ +
// g·|in|, and then its square by no more than g·in²/γ.
//
// As γ is a concave function of k, its least is at an end of k's range, as is
// the largest n; and g/(1 + gn)² has its least at an end of g's.
func shrink(least, most twoPoles, frames int) shrinking {
	length := float64(frames)
	s := shrinking{errors: length, squares: length, state: 2 * math.Sin(most.angle) * length}
	for e := 0.9; e > 1e-6; e /= 1.5 {
		decay, size := math.Inf(1), 0.0
		for _, k := range []float64{least.damping, most.damping} {
			c := (4*e*(k-e) - e*e*k*k) / (1 - e*e)
			decay = min(decay, (k-math.Sqrt(max(0, k*k-c)))/2)
			a := (k*k + 2 - 4*e*k + 2*e*e) / (1 - e*e)
			size = max(size, math.Sqrt((a+math.Sqrt(max(0, a*a-4)))/2))
		}
		if decay <= 0 {
			continue
		}
		lost := 1.0
		for _, angle := range []float64{least.angle, most.angle} {
			g := math.Tan(angle)
			lost = min(lost, 4*g*decay/((1+g*size)*(1+g*size)))
		}
		// From this norm to lengths.
		s.errors = min(s.errors, math.Sqrt((1+e)/(1-e))/max(1-math.Sqrt(max(0, 1-lost)), 0x1p-60))
		s.squares = min(s.squares, (1+e)/(1-e)/max(lost, 0x1p-60))
		g := math.Tan(most.angle)
		start := (1+g*size)/decay + g
		s.state = min(s.state, math.Sqrt((start*start+g/decay)/(1-e)))
	}
	return s
}

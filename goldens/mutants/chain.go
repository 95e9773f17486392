package main

// chain is a sum: terms that are added and subtracted.
type chain struct {
	from, to int
	terms    []term
}

type term struct {
	minus    bool
	from, to int
}

// The names of what rules do.
const (
	signFlipped   = "sign flipped"
	termDropped   = "term dropped"
	termFlipped   = "sign of a term flipped"
	turned        = "turned around"
	notAdded      = "not added"
	callDropped   = "call dropped"
	frameLate     = "a frame late"
	frameEarly    = "a frame early"
	notAtAll      = "left out"
	elsewhere     = "from the wrong place"
	beforeItsTime = "in the wrong order"
)

// edits are those that drop each of the terms.
func (c *chain) edits(src string) []edit {
	var list []edit
	for i := range c.terms {
		list = append(list, edit{from: c.from, to: c.to, text: c.without(src, i), what: termDropped})
	}
	return list
}

func (c *chain) without(src string, which int) string {
	text := ""
	for i, t := range c.terms {
		if i != which {
			text = join(text, src[t.from:t.to], t.minus)
		}
	}
	return text
}

// last is the sum with the sign of its last term flipped.
func (c *chain) last(src string) edit {
	end := len(c.terms) - 1
	t := c.terms[end]
	return edit{from: c.from, to: c.to, text: join(c.without(src, end), src[t.from:t.to], !t.minus), what: turned}
}

func join(sum, term string, minus bool) string {
	switch {
	case sum == "" && minus:
		return negative(term)
	case sum == "":
		return term
	case minus:
		return sum + " - " + term
	}
	return sum + " + " + term
}

// negative is an expression with the other sign.
func negative(text string) string { return "-(" + text + ")" }

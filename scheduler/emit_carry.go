package scheduler

import (
	"fmt"
	"strings"
)

// eights is the number of words of state that hold so many: what a decimator
// remembers goes to and fro in eights.
func eights(words int) int { return (words + 7) / 8 * 8 }

// placeState gives a step the words of its own that it carries, and those that
// its decimator remembers, after so many words that others have.
func placeState(words *int, own, remembered int) (slot, history int) {
	slot = *words
	*words += own
	if remembered > 0 {
		history = eights(*words)
		*words = history + eights(remembered)
	}
	return slot, history
}

// emitRecall writes the code that reads variables from the lane's state, the
// first from a slot, which is a multiple of eight, and the others from those
// that follow. Unless the condition holds they are zero.
//
// Software renderers make a loop over their vector's elements of each access to
// a buffer, and their compiler takes time with the square of the loops: eight
// words at once, a dvec4, are the most that one access moves. An array that a
// loop fills takes it longer still.
func emitRecall(b *strings.Builder, slot int, kept string, names []string) {
	for i, name := range names {
		word := fmt.Sprintf("words%d", i/4)
		if i%8 == 0 {
			next := fmt.Sprintf("words%d", i/4+1)
			fmt.Fprintf(b, "\tvec4 %s, %s;\n\tstate_recall(%du, %s, %s, %s);\n", word, next, (slot+i)/8, kept, word, next)
		}
		fmt.Fprintf(b, "\t%s = %s.%c;\n", name, word, "xyzw"[i%4])
	}
}

// emitKeep writes the code that keeps them there.
func emitKeep(b *strings.Builder, slot int, names []string) {
	for i := 0; i < len(names); i += 8 {
		var words [8]string
		for k := range words {
			words[k] = "0.0"
			if i+k < len(names) {
				words[k] = names[i+k]
			}
		}
		fmt.Fprintf(b, "\tstate_keep(%du, vec4(%s), vec4(%s));\n", (slot+i)/8, strings.Join(words[:4], ", "), strings.Join(words[4:], ", "))
	}
}

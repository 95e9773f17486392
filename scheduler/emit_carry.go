package scheduler

import (
	"fmt"
	"strings"
)

// emitLoad writes the code that reads variables from the lane's state, the
// first from a slot and the others from those that follow.
//
// It goes through an array, in a loop, though the variables are registers:
// software renderers make a loop over their vector's elements of each access to
// a buffer, and thousands of loops take their compiler a minute and more.
func emitLoad(b *strings.Builder, indent string, slot int, names []string) {
	if len(names) == 0 {
		return
	}
	fmt.Fprintf(b, "%sfloat words[%d];\n", indent, len(names))
	fmt.Fprintf(b, "%sfor (uint i = 0u; i < %du; i++) {\n%s\twords[i] = uintBitsToFloat(state_read(%du + i));\n%s}\n",
		indent, len(names), indent, slot, indent)
	for i, name := range names {
		fmt.Fprintf(b, "%s%s = words[%d];\n", indent, name, i)
	}
}

// emitSave writes the code that keeps them there.
func emitSave(b *strings.Builder, indent string, slot int, names []string) {
	if len(names) == 0 {
		return
	}
	fmt.Fprintf(b, "%sfloat words[%d];\n", indent, len(names))
	for i, name := range names {
		fmt.Fprintf(b, "%swords[%d] = %s;\n", indent, i, name)
	}
	fmt.Fprintf(b, "%sfor (uint i = 0u; i < %du; i++) {\n%s\tstate_write(%du + i, floatBitsToUint(words[i]));\n%s}\n",
		indent, len(names), indent, slot, indent)
}

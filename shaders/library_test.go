package shaders_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sawmill/shaders"
)

// libText is the text of one topic of the library.
func libText(t *testing.T, topic string) string {
	t.Helper()
	text, err := shaders.LibText(topic)
	require.NoError(t, err)
	return text
}

// needs are the topics that a topic's head comment says it needs.
func needs(t *testing.T, topic string) []string {
	t.Helper()
	head, _, found := strings.Cut(libText(t, topic), "\n\n")
	require.True(t, found, "lib/%s.glsl has a head comment and an empty line", topic)
	var topics []string
	for _, match := range regexp.MustCompile(`(\w+)\.glsl`).FindAllStringSubmatch(head, -1) {
		topics = append(topics, match[1])
	}
	assert.Equal(t, len(topics) == 0, strings.Contains(head, "Needs nothing else."), "the head of lib/%s.glsl says what it needs", topic)
	return topics
}

// code is a text without its comments.
func code(text string) string {
	return regexp.MustCompile(`(?m)//.*$`).ReplaceAllString(text, "")
}

// forbidden are the parts of GLSL whose rounding differs between devices, or
// which let a compiler contract a product and a sum.
var forbidden = []*regexp.Regexp{
	regexp.MustCompile(`\b(sin|cos|tan|asin|acos|atan|sinh|cosh|tanh|asinh|acosh|atanh|exp|exp2|log|log2|pow)\(`),
	regexp.MustCompile(`\b(sqrt|inversesqrt|fma|mix|fract|mod|round|dot|cross|length|distance|normalize|smoothstep|ldexp)\(`),
	regexp.MustCompile(`/`),
	regexp.MustCompile(`(?m)^\s*(float|double|vec[234]) \w+ =`),
	regexp.MustCompile(`#`),
}

// violations lists the forbidden pieces in GLSL code.
func violations(text string) []string {
	var found []string
	for _, pattern := range forbidden {
		found = append(found, pattern.FindAllString(code(text), -1)...)
	}
	return found
}

func TestLibraryUsesOnlyReproducibleArithmetic(t *testing.T) {
	for _, topic := range shaders.LibOrder() {
		assert.Empty(t, violations(libText(t, topic)), "lib/%s.glsl", topic)
	}
}

func TestForbiddenArithmeticIsSeen(t *testing.T) {
	for _, planted := range []string{
		"precise float y = sin(x);", "precise float y = a/b;", "\tfloat y = a * b;",
		"precise float y = fma(a, b, c);", "#define X", "\tvec4 g = a * b;",
	} {
		assert.NotEmpty(t, violations(planted), planted)
	}
	assert.Empty(t, violations("precise float y = sin_cycles(p); // sin(x) / 2"))
}

// TestTopicsNeedOnlyWhatTheySay compiles every file with nothing but the files
// that its head names, which come before it.
func TestTopicsNeedOnlyWhatTheySay(t *testing.T) {
	d := openDevice(t)
	before := map[string]bool{}
	for _, topic := range shaders.LibOrder() {
		var library string
		for _, need := range needs(t, topic) {
			assert.True(t, before[need], "lib/%s.glsl comes after %s", topic, need)
			library += libText(t, need)
		}
		before[topic] = true
		got := d.run(t, library+libText(t, topic), "O[i] = I[i];", []uint32{7}, 1, 1)
		assert.Equal(t, []uint32{7}, got, topic)
	}
}

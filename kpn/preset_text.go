package kpn

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/tailscale/hujson"
)

// presetText is the text of a preset file, without its byte order mark.
type presetText struct{ data []byte }

// position gives the line and column of an offset.
func (t *presetText) position(offset int) (line, column int) {
	before := t.data[:min(max(offset, 0), len(t.data))]
	line = 1 + bytes.Count(before, []byte("\n"))
	return line, 1 + utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:])
}

// offset is the inverse of position, for columns that count bytes.
func (t *presetText) offset(line, column int) int {
	start := 0
	for range line - 1 {
		start += bytes.IndexByte(t.data[start:], '\n') + 1
	}
	return min(start+column-1, len(t.data))
}

const byteOrderMark = "\uFEFF"

// parseText parses a file: JSON with comments and trailing commas.
func parseText(data []byte) (*presetText, *jsonValue, *presetFault) {
	text := &presetText{bytes.TrimPrefix(data, []byte(byteOrderMark))}
	if f := text.refuse(); f != nil {
		return text, nil, f
	}
	if f := text.scan(); f != nil {
		return text, nil, f
	}
	parsed, err := hujson.Parse(text.data)
	if err != nil {
		f := text.parseFault(err)
		return text, nil, &f
	}
	return text, newJSONValue(&parsed), nil
}

// refuse reports files that are no text at all.
func (t *presetText) refuse() *presetFault {
	whole := func(format string, args ...any) *presetFault {
		f := faultAt(nil, format, args...)
		return &f
	}
	if len(t.data) > MaxPresetBytes {
		return whole("the file is larger than %d bytes (1 MiB), the most a preset may have", MaxPresetBytes)
	}
	if len(bytes.TrimSpace(t.data)) == 0 {
		return whole("the file is empty; a preset is a JSON object with the members sawmill, nodes and output")
	}
	if i := bytes.IndexByte(t.data, 0); i >= 0 {
		return whole("the file is binary (byte %d is 0); a preset is JSON text in UTF-8", i)
	}
	for i := 0; i < len(t.data); {
		r, size := utf8.DecodeRune(t.data[i:])
		if r == utf8.RuneError && size == 1 {
			f := unparsed(i, "byte 0x%02x is not UTF-8; a preset is JSON text, save it as UTF-8", t.data[i])
			return &f
		}
		i += size
	}
	return nil
}

// unparsed is a fault of a text that is not parsed yet.
func unparsed(offset int, format string, args ...any) presetFault {
	f := faultAt(&place{index: -1, offset: offset}, format, args...)
	f.unparsed = true
	return f
}

// maxPresetDepth bounds the nesting of brackets; a preset needs seven. It is
// checked before anything that recurses reads the file.
const maxPresetDepth = 64

// maxPresetValues bounds the numbers, words, lists and objects of a file, of which
// each takes the parser a hundred times what the shortest is in the file. It
// leaves room for [MaxInputs] inputs of every node of the largest graph.
const maxPresetValues = 2 * MaxNodes * MaxInputs

// scan bounds the nesting and how many values there are, before the parser takes
// room for them, and reports brackets that are never closed, which the parser
// would only notice at the end of the file.
func (t *presetText) scan() *presetFault {
	var open []int
	d := t.data
	// One is the file's own; the others follow commas and brackets that open.
	values := 1
	for i := 0; i < len(d); i++ {
		switch d[i] {
		case ',', '[', '{':
			if next := skipComments(d, i+1); next == len(d) || d[next] != ']' && d[next] != '}' {
				values++
			}
			if values > maxPresetValues {
				f := unparsed(i, "the file holds more than %d values, which are all that is allowed", maxPresetValues)
				return &f
			}
		}
		switch d[i] {
		case '"':
			i = endOfString(d, i)
		case '/':
			i = endOfComment(d, i)
		case '[', '{':
			if len(open) == maxPresetDepth {
				f := unparsed(i, "brackets are nested deeper than %d", maxPresetDepth)
				return &f
			}
			open = append(open, i)
		case ']', '}':
			if len(open) == 0 {
				f := unparsed(i, "%q closes nothing", string(d[i]))
				return &f
			}
			last := open[len(open)-1]
			if d[last]+2 != d[i] { // '[' + 2 is ']' and '{' + 2 is '}'
				line, column := t.position(last)
				f := unparsed(i, "got %q, which cannot close the %q of line %d, column %d", string(d[i]), string(d[last]), line, column)
				return &f
			}
			open = open[:len(open)-1]
		}
	}
	return nil
}

// skipComments is the index of what follows white space and comments.
func skipComments(d []byte, i int) int {
	i = skipSpace(d, i)
	for i < len(d) {
		end := endOfComment(d, i)
		if end == i {
			break
		}
		i = skipSpace(d, min(end+1, len(d)))
	}
	return i
}

// endOfString is the index of a string's closing quote, or the last index.
func endOfString(d []byte, i int) int {
	for i++; i < len(d) && d[i] != '"'; i++ {
		if d[i] == '\\' {
			i++
		}
	}
	return i
}

// endOfComment is the index of a comment's last byte, or i itself where none
// starts.
func endOfComment(d []byte, i int) int {
	end := ""
	switch {
	case bytes.HasPrefix(d[i:], []byte("//")):
		end = "\n"
	case bytes.HasPrefix(d[i:], []byte("/*")):
		end = "*/"
	default:
		return i
	}
	n := bytes.Index(d[i+2:], []byte(end))
	if n < 0 {
		return len(d)
	}
	return i + 2 + n + len(end) - 1
}

// parseFault turns the parser's error into ours.
func (t *presetText) parseFault(err error) presetFault {
	var line, column int
	words := err.Error()
	if _, scan := fmt.Sscanf(words, "hujson: line %d, column %d:", &line, &column); scan != nil {
		return unparsed(0, "%s", words)
	}
	_, words, _ = strings.Cut(words, "column ")
	_, words, _ = strings.Cut(words, ": ")
	at := t.offset(line, column)
	literal, isLiteral := strings.CutPrefix(words, "invalid literal: ")
	switch {
	case isLiteral && strings.HasPrefix(literal, `"`):
		return unparsed(at, "the string %s is not valid JSON: escape control characters, and use only the escapes of JSON", quoted(strings.Trim(literal, `"`)))
	case isLiteral:
		return unparsed(at, "got %s, which is no JSON value; allowed are finite numbers (0.5, -3, 1e-4), strings in double quotes, true, false, null, objects and lists", shorten(literal, maxQuotedRunes))
	case strings.HasSuffix(words, "unexpected EOF"):
		return unparsed(at, "the file ends too early: %s is not finished; close it", strings.TrimPrefix(strings.TrimSuffix(words, ": unexpected EOF"), "parsing "))
	}
	words = strings.Replace(words, "invalid character", "unexpected character", 1)
	return unparsed(at, "%s", words)
}

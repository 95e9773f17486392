package kpn

import (
	"bytes"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// unescape is the text of a valid JSON string without its quotes. It is here
// because the JSON package allocates hundreds of bytes a call, however short
// the string is.
func unescape(s []byte) string {
	if bytes.IndexByte(s, '\\') < 0 {
		return string(s)
	}
	plain := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			plain = append(plain, s[i])
			continue
		}
		i++
		switch s[i] {
		case 'b':
			plain = append(plain, '\b')
		case 'f':
			plain = append(plain, '\f')
		case 'n':
			plain = append(plain, '\n')
		case 'r':
			plain = append(plain, '\r')
		case 't':
			plain = append(plain, '\t')
		case 'u':
			r := codeUnit(s[i+1:])
			i += 4
			if utf16.IsSurrogate(r) {
				// A half alone becomes U+FFFD, as in the JSON package.
				pair := rune(utf8.RuneError)
				if i+6 < len(s) && s[i+1] == '\\' && s[i+2] == 'u' {
					pair = utf16.DecodeRune(r, codeUnit(s[i+3:]))
				}
				if r = pair; r != utf8.RuneError {
					i += 6
				}
			}
			plain = utf8.AppendRune(plain, r)
		default:
			plain = append(plain, s[i])
		}
	}
	return string(plain)
}

// codeUnit reads the four digits of an escape.
func codeUnit(s []byte) rune {
	v, err := strconv.ParseUint(string(s[:4]), 16, 16)
	if err != nil {
		return utf8.RuneError
	}
	return rune(v)
}

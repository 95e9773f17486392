package data

import (
	"embed"
	"fmt"
)

//go:embed */*.txt
var files embed.FS

// Read returns the committed golden of a case. It fails with *[FileError].
func Read(caseName string) (*Golden, error) {
	name := FileName(caseName)
	text, err := files.ReadFile(name)
	if err != nil {
		return nil, &FileError{File: name, Reason: fmt.Sprintf("there is no such golden; look at what the case gives, then run: go run ./goldens/regenerate %s", caseName)}
	}
	return Decode(name, text)
}

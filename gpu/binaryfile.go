package gpu

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A file of the disk cache is a header (the magic, the driver's format, the
// SHA-256 of the binary) and the binary.
const (
	binaryMagic  = "sawmill program 1\n"
	binaryHeader = len(binaryMagic) + 4 + sha256.Size
	binarySuffix = ".program"
)

func encodeBinary(format uint32, program []byte) []byte {
	sum := sha256.Sum256(program)
	data := binary.LittleEndian.AppendUint32([]byte(binaryMagic), format)
	return append(append(data, sum[:]...), program...)
}

// decodeBinary returns false for a file that is not whole.
func decodeBinary(data []byte) (format uint32, program []byte, ok bool) {
	if len(data) <= binaryHeader || len(data) > binaryHeader+binaryLimit || !bytes.HasPrefix(data, []byte(binaryMagic)) {
		return 0, nil, false
	}
	program = data[binaryHeader:]
	sum := sha256.Sum256(program)
	if !bytes.Equal(sum[:], data[binaryHeader-sha256.Size:binaryHeader]) {
		return 0, nil, false
	}
	return binary.LittleEndian.Uint32(data[len(binaryMagic):]), program, true
}

// writeAtomically writes a file that is whole or not there. It is not synced:
// after a power cut its sum tells.
func writeAtomically(path string, data []byte) error {
	dir := filepath.Dir(path)
	// Only the user may write here: the driver trusts its binaries.
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	file, err := os.CreateTemp(dir, "new-*"+binarySuffix)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	err = errors.Join(err, file.Close())
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}
	return nil
}

// prune deletes the oldest programs of a directory until the rest fit a limit.
func prune(dir string, limit int64) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	var files []os.FileInfo
	var total int64
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil || !info.Mode().IsRegular() || !strings.HasSuffix(info.Name(), binarySuffix) {
			continue
		}
		files, total = append(files, info), total+info.Size()
	}
	slices.SortFunc(files, func(a, b os.FileInfo) int {
		return cmp.Or(a.ModTime().Compare(b.ModTime()), strings.Compare(a.Name(), b.Name()))
	})
	for _, file := range files {
		if total <= limit {
			return
		}
		// Another process may have deleted it already.
		if os.Remove(filepath.Join(dir, file.Name())) == nil {
			total -= file.Size()
		}
	}
}

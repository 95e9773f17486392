package gpu

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/go-gl/gl/v4.3-core/gl"
)

// noCacheVariable turns the disk cache off where it is "1".
const noCacheVariable = "SAWMILL_NO_PROGRAM_CACHE"

// Bounds of the disk cache in bytes: of a file, and of all of them.
const (
	binaryLimit = 16 << 20
	cacheLimit  = 256 << 20
)

// diskCache keeps linked programs on disk, in the driver's own format. Nothing
// depends on it: what is missing, damaged or refused by the driver is compiled
// again, and what cannot be written is not. A nil diskCache holds nothing.
type diskCache struct {
	dir    string
	driver string
	limit  int64
	// formats are those that the driver reads.
	formats []int32
}

// openDiskCache returns nil where there is no cache: turned off, no directory
// for it, or a driver that has no binaries.
func openDiskCache(device Description, s settings) *diskCache {
	if s.noCache || os.Getenv(noCacheVariable) == "1" {
		return nil
	}
	var count int32
	if gl.GetIntegerv(gl.NUM_PROGRAM_BINARY_FORMATS, &count); count < 1 {
		return nil
	}
	formats := make([]int32, count)
	gl.GetIntegerv(gl.PROGRAM_BINARY_FORMATS, &formats[0])
	dir := s.cacheDir
	if dir == "" {
		user, err := os.UserCacheDir()
		if err != nil {
			return nil
		}
		dir = filepath.Join(user, "sawmill", "programs")
	}
	driver := device.Vendor + "\x00" + device.Renderer + "\x00" + device.Version
	return &diskCache{dir: dir, driver: driver, limit: cacheLimit, formats: formats}
}

// path is the file of a program: the driver and the source name it.
func (c *diskCache) path(source string) string {
	sum := sha256.Sum256([]byte(c.driver + "\x00" + source))
	return filepath.Join(c.dir, hex.EncodeToString(sum[:])+binarySuffix)
}

// load makes a program from its file.
func (c *diskCache) load(source string) (uint32, bool) {
	if c == nil {
		return 0, false
	}
	path := c.path(source)
	data, err := readBounded(path)
	if err != nil {
		return 0, false
	}
	if format, binary, ok := decodeBinary(data); ok && slices.Contains(c.formats, int32(format)) {
		if id, ok := programOf(format, binary); ok {
			return id, true
		}
	}
	// Damaged, or of another build of the driver: the next store replaces it,
	// and a file that stays is read and refused again, nothing worse.
	_ = os.Remove(path)
	return 0, false
}

// readBounded reads a file that is not larger than a binary can be.
func readBounded(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close() //nolint:errcheck // nothing was written to it
	return io.ReadAll(io.LimitReader(file, int64(binaryLimit+binaryHeader+1)))
}

// programOf hands a binary to the driver, which may refuse it.
func programOf(format uint32, binary []byte) (uint32, bool) {
	id := gl.CreateProgram()
	gl.ProgramBinary(id, format, gl.Ptr(binary), int32(len(binary)))
	var ok int32
	gl.GetProgramiv(id, gl.LINK_STATUS, &ok)
	if ok != gl.TRUE {
		gl.DeleteProgram(id)
		return 0, false
	}
	return id, true
}

// store keeps a linked program, and deletes the oldest if there are too many.
func (c *diskCache) store(source string, id uint32) {
	if c == nil {
		return
	}
	var size int32
	gl.GetProgramiv(id, gl.PROGRAM_BINARY_LENGTH, &size)
	if size < 1 || size > binaryLimit {
		return
	}
	var format uint32
	var length int32
	binary := make([]byte, size)
	gl.GetProgramBinary(id, size, &length, &format, gl.Ptr(binary))
	if length < 1 || length > size {
		return
	}
	if writeAtomically(c.path(source), encodeBinary(format, binary[:length])) == nil {
		prune(c.dir, c.limit)
	}
}

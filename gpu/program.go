package gpu

import (
	"crypto/sha256"
	"strings"

	"github.com/go-gl/gl/v4.3-core/gl"
)

// sourceKey identifies a program on its device.
type sourceKey [sha256.Size]byte

// program is a compiled and linked compute kernel. It is used on the device's
// thread only.
type program struct {
	kernel    string
	id        uint32
	key       sourceKey
	locations map[string]int32
	// users counts those who hold it; the cache drops only idle ones.
	users int
	// alone is that of its kernel.
	alone bool
	// compiled is false for a program that came from the disk.
	compiled bool
}

// program returns the program of a kernel's source, from the device's cache,
// from the disk, or compiled. The caller releases it when done. Call it on the
// device's thread.
func (d *Device) program(kernel, source string) (*program, error) {
	key := sourceKey(sha256.Sum256([]byte(source)))
	if p := d.programs.take(key); p != nil {
		return p, nil
	}
	p := &program{kernel: kernel, key: key, locations: map[string]int32{}, users: 1}
	if id, ok := d.disk.load(source); ok {
		p.id = id
	} else {
		id, err := compile(kernel, source, d.disk != nil)
		if err != nil {
			return nil, err
		}
		p.id, p.compiled = id, true
		d.disk.store(source, id)
	}
	d.programs.put(p)
	return p, nil
}

// compile compiles and links a compute shader.
func compile(kernel, source string, retrievable bool) (uint32, error) {
	shader := gl.CreateShader(gl.COMPUTE_SHADER)
	defer gl.DeleteShader(shader)
	text, free := gl.Strs(source + "\x00")
	defer free()
	length := int32(len(source))
	gl.ShaderSource(shader, 1, text, &length)
	gl.CompileShader(shader)
	var ok int32
	if gl.GetShaderiv(shader, gl.COMPILE_STATUS, &ok); ok != gl.TRUE {
		var size int32
		gl.GetShaderiv(shader, gl.INFO_LOG_LENGTH, &size)
		return 0, newCompileError(kernel, source, infoLog(size, func(n int32, out *uint8) {
			gl.GetShaderInfoLog(shader, n, nil, out)
		}))
	}
	id := gl.CreateProgram()
	if retrievable {
		gl.ProgramParameteri(id, gl.PROGRAM_BINARY_RETRIEVABLE_HINT, gl.TRUE)
	}
	gl.AttachShader(id, shader)
	gl.LinkProgram(id)
	gl.DetachShader(id, shader)
	if gl.GetProgramiv(id, gl.LINK_STATUS, &ok); ok != gl.TRUE {
		var size int32
		gl.GetProgramiv(id, gl.INFO_LOG_LENGTH, &size)
		log := infoLog(size, func(n int32, out *uint8) { gl.GetProgramInfoLog(id, n, nil, out) })
		gl.DeleteProgram(id)
		return 0, &LinkError{Kernel: kernel, Log: log}
	}
	return id, nil
}

// infoLogLimit bounds the log that is taken from a driver.
const infoLogLimit = 1 << 20

func infoLog(size int32, read func(int32, *uint8)) string {
	if size <= 0 {
		return ""
	}
	text := make([]uint8, min(size, infoLogLimit)+1)
	read(int32(len(text)), &text[0])
	log, _, _ := strings.Cut(string(text), "\x00")
	return strings.TrimSpace(log)
}

// release gives the program back to the device's cache.
func (d *Device) release(p *program) { d.programs.release(p) }

// use makes the program the one that dispatches run.
func (p *program) use() { gl.UseProgram(p.id) }

// location finds a uniform; −1, which OpenGL ignores, where the compiler left
// it out because nothing uses it.
func (p *program) location(name string) int32 {
	at, known := p.locations[name]
	if !known {
		at = gl.GetUniformLocation(p.id, gl.Str(name+"\x00"))
		p.locations[name] = at
	}
	return at
}

func (p *program) setUint(name string, v uint32) { gl.ProgramUniform1ui(p.id, p.location(name), v) }

func (p *program) setUint2(name string, x, y uint32) {
	gl.ProgramUniform2ui(p.id, p.location(name), x, y)
}

// setUint64 sets a uvec2: the low word in x, the high word in y.
func (p *program) setUint64(name string, v uint64) {
	p.setUint2(name, uint32(v), uint32(v>>32))
}

func (p *program) setDouble(name string, v float64) {
	gl.ProgramUniform1d(p.id, p.location(name), v)
}

// setUint3s sets an array of uvec3.
func (p *program) setUint3s(name string, v [][3]uint32) {
	if len(v) > 0 {
		gl.ProgramUniform3uiv(p.id, p.location(name), int32(len(v)), &v[0][0])
	}
}

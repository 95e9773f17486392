package shaders_test

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestBitsAreTheSameOnEveryDevice hashes what every function makes of the same
// arguments. The hashes were made by Mesa's llvmpipe; the arithmetic that the
// library is limited to gives every conforming device the same ones. They
// change only when a function's arithmetic does.
func TestBitsAreTheSameOnEveryDevice(t *testing.T) {
	const lanes, most = 1 << 16, 6
	r := source(26)
	in := make([]uint32, lanes*most)
	for i := range in {
		in[i] = r.Uint32()
	}
	// BETWEEN is a float whose bits are in [LO, HI): all binades between are met. DOUBLE is a double
	// whose upper word is.
	// The packed double is 1/48000.
	const arguments = `uint k = 6u * i;
		uvec2 p = uvec2(I[k], I[k+1u]), q = uvec2(I[k+2u], I[k+3u]);
		uvec4 w = uvec4(I[k], I[k+1u], I[k+2u], I[k+3u]), r = uvec4(0u);
		#define BETWEEN(W, LO, HI) uintBitsToFloat(LO + (W) % (HI - LO))
		#define SIGNED(W, LO, HI) uintBitsToFloat((LO + ((W) >> 1) % (HI - LO)) | ((W) << 31))
		#define BITS(F) floatBitsToUint(F)
		#define DOUBLE(P, LO, HI) packDouble2x32(uvec2(P.x, LO + P.y % (HI - LO)))
		#define SIGNED_DOUBLE(P, LO, HI) packDouble2x32(uvec2(P.x, (LO + (P.y >> 1) % (HI - LO)) | (P.y << 31)))
		double hz = double(BETWEEN(w.x, 0x38000000u, 0x46bb8000u));
	`
	for _, tt := range []struct{ name, statement, want string }{
		{"phase arithmetic", "r.xy = phase_add(p, q); r.zw = phase_sub(phase_mul(p, q.x), q);", "23bcb467811a96bb175b751de29b379f"},
		{"phase_from_cycles", "r.xy = phase_from_cycles(hz * double(SIGNED(w.y, 0x20000000u, 0x3f800000u)));", "a312542f944fe950ca7ab439ace8572d"},
		{"increment_from_hz", "r.xy = increment_from_hz(hz, packDouble2x32(uvec2(0xc3ece2a5u, 0x3ef5d867u)));", "c5af9585dd8cff09427d08d665c64594"},
		{"phase as float", "r.xy = uvec2(BITS(phase_float(p)), BITS(phase_signed(p >> (q.x & 31u))));", "995cfb7281c7118d469cc9adc8ca15bd"},
		{"recip", "r.x = BITS(recip(BETWEEN(w.x, 0x00800000u, 0x72000000u)));", "982efbe0bde4701097f76c76a4d76492"},
		{"sqrt_pos", "r.x = BITS(sqrt_pos(BETWEEN(w.x, 0x00800000u, 0x7f800000u)));", "c58b16a9c26087b4eade2a7b14605bdf"},
		{"sine", "r.xy = uvec2(BITS(sin_cycles(p)), BITS(cos_cycles(p)));", "ea64639fcdbf8ca9c14990aab52cce75"},
		{"exp2_precise", "r.x = BITS(exp2_precise(SIGNED(w.x, 0x30000000u, 0x43000000u)));", "12513b8887f6be783faa177e51a7fb3f"},
		{"log2_precise", "r.x = BITS(log2_precise(BETWEEN(w.x, 0x00800000u, 0x7f800000u)));", "a92532a8e84ddc526d24c6086d76d111"},
		{"ln_uint", "r.xy = uvec2(BITS(ln_uint(w.x)), BITS(ln_uint(~(w.x >> (w.y & 31u)))));", "ac9736f2cd469fffc4840c3638ab1e86"},
		{"pow_unit", "r.x = BITS(pow_unit(BETWEEN(w.x, 0x33800000u, 0x3f800000u), BETWEEN(w.y, 0x3a000000u, 0x42c80000u)));", "4c19ee781f13fc561d6f2bd996af857b"},
		{"pow_precise", "r.x = BITS(pow_precise(BETWEEN(w.x, 0x3c000000u, 0x43000000u), SIGNED(w.y, 0x3a000000u, 0x41000000u)));", "5285abd511000ec0434aa015393def57"},
		{"tanh_precise", "r.x = BITS(tanh_precise(SIGNED(w.x, 0x01000000u, 0x42000000u)));", "5e3a891809e3e9732c114ee78135afec"},
		{"parts of ln cosh", `float x = SIGNED(w.x, 0x01000000u, 0x42000000u), square = BETWEEN(w.y, 0x20000000u, 0x3e5a0000u);
			r = uvec4(BITS(tanh_ratio(square)), BITS(artanh_ratio(square)), BITS(ln_cosh_rest(x)), BITS(tanh_slope(x)) ^ BITS(tanh_short(x)));`, "994ba669d27704af5dcd014b385e767d"},
		{"two poles", `#define NUMBER(W) SIGNED(W, 0x38000000u, 0x40000000u)
			two_pole f = two_pole(NUMBER(w.x), NUMBER(w.y), NUMBER(w.z));
			vec2 s = vec2(NUMBER(w.w), NUMBER(I[k+4u])), c = s.yx;
			float x = NUMBER(I[k+5u]), dx;
			vec3 by = two_pole_back(c, f, s, x, vec2(x, 0.5), dx);
			vec2 y = two_pole_step(s, f, x);
			r = uvec4(BITS(y.x) ^ BITS(y.y), BITS(s.x) ^ BITS(s.y), BITS(c.x) ^ BITS(c.y) ^ BITS(dx), BITS(two_pole_along(by, f)));`, "f4a35610f637e88aebf5ef79bcacae77"},
		{"philox4x32_10", "r = philox4x32_10(w, uvec2(I[k+4u], I[k+5u]));", "3f857d5a840896e92f54cb110b05af52"},
		{"uniform_signed", "r.x = BITS(uniform_signed(w.x));", "8c15060ada9a6595f9f0eaaefdcac005"},
		{"gaussian4", "vec4 g = gaussian4(w); r = uvec4(BITS(g.x), BITS(g.y), BITS(g.z), BITS(g.w));", "b799a3d8168f9d784dee6ae5d7f5db75"},
		{"residuals", `float d = SIGNED(w.x, 0x38000000u, 0x40100000u);
			r = uvec4(BITS(blep2(d)), BITS(blep4(d)), BITS(blamp2(d)), BITS(blamp4(d)));`, "f8ad13de7dd81b23dbc5b43edcc6b031"},
		{"recip, double", "r.xy = unpackDouble2x32(recip(DOUBLE(p, 0x00100000u, 0x7bf00000u)));", "139bbad7834f5a8fddb6f5b0664d39ee"},
		{"exp2_precise, double", "r.xy = unpackDouble2x32(exp2_precise(SIGNED_DOUBLE(p, 0x3e000000u, 0x40900000u)));", "2185aed227320410c970e6ef4977dec3"},
		{"log2_precise, double", "r.xy = unpackDouble2x32(log2_precise(DOUBLE(p, 0x00100000u, 0x7ff00000u)));", "f001ca7c53f5a6d3edbf4ccc3005ea61"},
		{"pow_unit, double", "r.xy = unpackDouble2x32(pow_unit(DOUBLE(p, 0x3e800000u, 0x3ff00000u), DOUBLE(q, 0x3f500000u, 0x40590000u)));", "52a5a9bf80ac1ce745396b9b09195756"},
		{"pow_precise, double", "r.xy = unpackDouble2x32(pow_precise(DOUBLE(p, 0x3f900000u, 0x40600000u), SIGNED_DOUBLE(q, 0x3f500000u, 0x40200000u)));", "14cbdae972684e5c602dee5b53fed389"},
		{"sine, double", "r.xy = unpackDouble2x32(sin_cycles_wide(p)); r.zw = unpackDouble2x32(cos_cycles_wide(p));", "a5898424a888511935bcc992130c8c91"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := openDevice(t)
			got := d.evaluate(t, arguments+tt.statement+"\nfor (uint j = 0u; j < 4u; j++) O[4u*i+j] = r[j];", in, most, 4)
			hash := sha256.New()
			assert.NoError(t, binary.Write(hash, binary.LittleEndian, got))
			assert.Equal(t, tt.want, hex.EncodeToString(hash.Sum(nil))[:32])
		})
	}
}

// Buffers and uniforms of the kernels that the adjoint adds. All frames are loop frames, from 0 to the job's frames
// and the graph's latency: samples holds the tape, the signals that adjoints read, over the window; the segment is
// the window less what chunks at its end warm up over.
layout(std430, binding = 6) buffer Cotangents { dvec2 cotangents[]; };
// Row by row: the totals of the sums, one for each granule, and the per-frame gradients of the segment.
layout(std430, binding = 7) buffer Gradients { double gradients[]; };

uniform uint granules;     // of a segment
uniform uint window_end;   // the frame after the window's last
uniform uint loop_frames;  // of the whole job

// A sum adds its frames granule by granule and then the granules one after another, from the last to the first, so
// that it does not depend on how the job is cut.
const uint GRANULE = 64u;

// The same buffers as textures: a software renderer fetches a texel five times as fast as it loads four words.
layout(binding = 0) uniform usamplerBuffer tape_texels;
layout(binding = 1) uniform usamplerBuffer cotangent_texels;

vec4 tape_load(uint at) {
	return uintBitsToFloat(texelFetch(tape_texels, int(at)));
}

vec4 cotangent_load(uint at) {
	return uintBitsToFloat(texelFetch(cotangent_texels, int(at)));
}

void cotangent_store(uint at, vec4 y) {
	cotangents[at] = dvec2(packDouble2x32(floatBitsToUint(y.xy)), packDouble2x32(floatBitsToUint(y.zw)));
}

// The offsets of a sum's total, of its granules, and of a per-frame gradient's four frames.
uint total_at(uint sum) {
	return sum * rows + lane_row;
}

uint granule_at(uint sum, uint granule) {
	return (SUMS + sum * granules + granule) * rows + lane_row;
}

uint frames_at(uint gradient, uint quad) {
	return SUMS * (1u + granules) * rows + 2u * ((gradient * rows + lane_row) * (granules * GRANULE / 4u) + quad);
}

void granule_store(uint sum, uint n, real x) {
	gradients[granule_at(sum, (n - segment_first) / GRANULE)] = double(x);
}

void frames_store(uint gradient, uint n, vec4 y) {
	uint at = frames_at(gradient, (n - segment_first) / 4u);
	gradients[at] = packDouble2x32(floatBitsToUint(y.xy));
	gradients[at + 1u] = packDouble2x32(floatBitsToUint(y.zw));
}

// fifo_back is what was written length frames later, since the adjoint goes from the last frame to the first; zero
// from the end on.
float fifo_back(uint offset, uint length, uint n) {
	float x = fifo[(offset + n % length) * lanes + lane_index];
	return n + length < lane_start ? x : 0.0;
}

// A ring of cotangents, zero before the walk: see ring_at.
void ring_add(uvec2 ring, uint t, float c) {
	uint at = ring_at(ring, t);
	precise float sum = fifo[at] + c;
	fifo[at] = sum;
}

float ring_take(uvec2 ring, uint t) {
	uint at = ring_at(ring, t);
	float c = fifo[at];
	fifo[at] = 0.0;
	return c;
}

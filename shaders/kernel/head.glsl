// Buffers and uniforms that every kernel shares. Signals are real: float, and double in kernels of control nodes.

// Four frames a piece, in pairs: a software renderer stores doubles twice as fast as floats.
layout(std430, binding = 0) buffer Samples { dvec2 samples[]; };
layout(std430, binding = 1) readonly buffer RowParams { double row_params[]; };
layout(std430, binding = 2) readonly buffer Tensors { float tensors[]; };
layout(std430, binding = 3) buffer State { uint state_words[]; };
layout(std430, binding = 3) buffer StateEights { dvec4 state_eights[]; };  // the same
layout(std430, binding = 4) buffer Peaks { uint peaks[]; };
layout(std430, binding = 5) buffer Fifo { float fifo[]; };

layout(location = 0) uniform uint rows;
layout(location = 1) uniform uint channels;
layout(location = 2) uniform uint frames;         // of the whole job
layout(location = 3) uniform uint segment_first;  // first output frame of this dispatch
layout(location = 4) uniform uint segment_frames;
layout(location = 5) uniform uint chunk_frames;   // a multiple of 4
layout(location = 6) uniform uint lanes;          // rows x chunks
layout(location = 7) uniform uint row_quads;      // vec4s from one row to the next
layout(location = 8) uniform uint tensor_first;   // first frame that the tensors hold
uniform uint store_quad;                            // where the dispatch's first frame is stored in a row
layout(location = 9) uniform uvec2 first_item;    // low and high word
layout(location = 10) uniform uvec2 seed;
layout(location = 11) uniform double rate;
layout(location = 12) uniform double inv_rate;
layout(location = 13) uniform uint control_first;   // where the control signals start among the row parameters
layout(location = 14) uniform uint control_frames;  // of a control signal
layout(location = 15) uniform double control_pace;  // control frames in a frame
uniform double control_span;                        // quads in a control frame
// For each tensor: its offset, and its stride from item to item and from channel to channel.
layout(location = 16) uniform uvec3 tensor_layout[MAX_TENSORS];

// What a node may know of its place.
struct node_info {
	double inv_rate;  // of the node's own rate
	uint ratio;
	uint stream;
	float row_peak;  // largest magnitude of a whole-row kind's input; 0 for others
};

uint lane_index = 0u, lane_row = 0u, lane_channel = 0u, lane_batch = 0u, lane_start = 0u;
uvec2 lane_item = uvec2(0u);

real row_real(uint param) {
	return real(row_params[param * rows + lane_row]);
}

double row_double(uint param) {
	return row_params[param * rows + lane_row];
}

int row_int(uint param) {
	return int(row_params[param * rows + lane_row]);
}

// tensor_read is a parameter's value for a node's frame t, late by what reaches the node late, so that it
// meets the content of its own frame. Before its first and after its last frame it keeps its value.
float tensor_read(uint tensor, uint t, uint late) {
	uvec3 at = tensor_layout[tensor];
	uint f = min(t - min(t, late), frames - 1u);
	return tensors[at.x + lane_batch * at.y + lane_channel * at.z + (f - tensor_first)];
}

// table_read is a number of a node's table.
float table_read(uint table, uint index) {
	return tensors[tensor_layout[table].x + index];
}

// signal_read is an input's sample at frame t. After its last frame an input is silent.
float signal_read(uint tensor, uint t) {
	float x = tensor_read(tensor, t, 0u);
	return t < frames ? x : 0.0;
}

// A row's words of state lie in eights. A node's own are moved one by one, its decimator's eight at once.
uint state_at(uint slot) {
	return (slot / 8u * rows + lane_row) * 8u + slot % 8u;
}

uint state_read(uint slot) {
	return state_words[state_at(slot)];
}

void state_write(uint slot, uint word) {
	state_words[state_at(slot)] = word;
}

// state_recall is what an earlier segment kept, or zeros where there was none.
void state_recall(uint eight, bool kept, out vec4 a, out vec4 b) {
	dvec4 words = state_eights[eight * rows + lane_row];
	a = uintBitsToFloat(uvec4(unpackDouble2x32(words.x), unpackDouble2x32(words.y)));
	b = uintBitsToFloat(uvec4(unpackDouble2x32(words.z), unpackDouble2x32(words.w)));
	a = kept ? a : vec4(0.0);
	b = kept ? b : vec4(0.0);
}

void state_keep(uint eight, vec4 a, vec4 b) {
	uvec4 c = floatBitsToUint(a), d = floatBitsToUint(b);
	state_eights[eight * rows + lane_row] = dvec4(packDouble2x32(c.xy), packDouble2x32(c.zw), packDouble2x32(d.xy), packDouble2x32(d.zw));
}

// fifo_read is what fifo_write stored length frames ago in this lane, zero before its first frame.
float fifo_read(uint offset, uint length, uint n) {
	float x = fifo[(offset + n % length) * lanes + lane_index];
	return n - lane_start < length ? 0.0 : x;
}

void fifo_write(uint offset, uint length, uint n, float x) {
	fifo[(offset + n % length) * lanes + lane_index] = x;
}

// A ring keeps the last frames of a step's input, the slot that it starts at and its length given. Lanes with rings
// start at frame 0; what lies before that is zero.
uint ring_at(uvec2 ring, uint t) {
	return (ring.x + t % ring.y) * lanes + lane_index;
}

void ring_write(uvec2 ring, uint t, float x) {
	fifo[ring_at(ring, t)] = x;
}

// ring_read is the frame so many before t.
float ring_read(uvec2 ring, uint t, uint back) {
	float x = fifo[ring_at(ring, t - min(back, t))];
	return back <= t ? x : 0.0;
}

// lane_at gives the lane its row.
void lane_at(uint row) {
	lane_row = row;
	lane_batch = lane_row / channels;
	lane_channel = lane_row - lane_batch * channels;
	uint low = first_item.x + lane_batch;
	lane_item = uvec2(low, first_item.y + uint(low < lane_batch));
}

// lane_begin finds the lane's place. It is false for the invocations that pad the last workgroup.
bool lane_begin() {
	lane_index = gl_GlobalInvocationID.x + gl_GlobalInvocationID.y * (gl_NumWorkGroups.x * gl_WorkGroupSize.x);
	lane_at(lane_index % rows);
	return lane_index < lanes;
}

// sample_store and sample_load move four frames. Packing moves bits and computes nothing.
void sample_store(uint at, vec4 y) {
	samples[at] = dvec2(packDouble2x32(floatBitsToUint(y.xy)), packDouble2x32(floatBitsToUint(y.zw)));
}

vec4 sample_load(uint at) {
	dvec2 pairs = samples[at];
	return vec4(uintBitsToFloat(unpackDouble2x32(pairs.x)), uintBitsToFloat(unpackDouble2x32(pairs.y)));
}

// frame_put sets frame k of four.
void frame_put(inout vec4 v, uint k, float x) {
	v = vec4(k == 0u ? x : v.x, k == 1u ? x : v.y, k == 2u ? x : v.z, k == 3u ? x : v.w);
}

void frame_put(inout dvec4 v, uint k, double x) {
	v = dvec4(k == 0u ? x : v.x, k == 1u ? x : v.y, k == 2u ? x : v.z, k == 3u ? x : v.w);
}

// frame_of is frame k of four.
float frame_of(vec4 v, uint k) {
	return k == 0u ? v.x : k == 1u ? v.y : k == 2u ? v.z : v.w;
}

double frame_of(dvec4 v, uint k) {
	return k == 0u ? v.x : k == 1u ? v.y : k == 2u ? v.z : v.w;
}

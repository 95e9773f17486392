package kpn_test

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sawmill/kpn"
)

// allocationSlack is for what does not grow with the blob: the reader, the
// error and its text, and whatever else the process allocates meanwhile (the
// fuzzing engine does).
const allocationSlack = 1 << 14

// presetValue is for each value of a preset, which has its place in the file, in
// the parser's tree and in ours, is checked by the schema, and may be at fault;
// presetNode for each of the values that may be nodes, which the schema checks
// against every kind.
const (
	presetValue = 1 << 13
	presetNode  = 1 << 15
)

const (
	document = "graph document"
	preset   = "preset"
)

// decodeOnly decodes one kind of blob.
func decodeOnly(kind string, data []byte) error {
	var err error
	switch kind {
	case "descriptor":
		_, err = kpn.DecodeDescriptor(data)
	case "plan":
		_, err = kpn.DecodePlan(data)
	case document:
		_, err = kpn.ReadGraph(data)
	case preset:
		_, err = kpn.ParsePreset("p.json", data)
	default:
		_, err = kpn.DecodeHistory(data)
	}
	return err
}

// allocated is what decoding allocates, garbage included.
func allocated(kind string, data []byte) (n uint64, err error) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	err = decodeOnly(kind, data)
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc, err
}

// mostAllocated is 16 times the blob, and what a preset's values take besides.
func mostAllocated(kind string, data []byte) uint64 {
	most := 16*uint64(len(data)) + allocationSlack
	if kind == preset {
		values := 1
		for _, b := range data {
			if strings.ContainsRune("{[,", rune(b)) {
				values++
			}
		}
		most += uint64(presetValue*values + presetNode*min(values, kpn.MaxNodes))
	}
	return most
}

// checkAllocations holds that decoding allocates no more than it may.
func checkAllocations(t *testing.T, kind string, data []byte) {
	t.Helper()
	limit := mostAllocated(kind, data)
	// Blobs that are refused count like those that are not.
	least := uint64(1 << 62)
	// Others may allocate meanwhile, but hardly three times.
	for range 3 {
		n, _ := allocated(kind, data)
		if least = min(least, n); least <= limit {
			return
		}
	}
	require.LessOrEqual(t, least, limit, "%s of %d bytes", kind, len(data))
}

// repeated is n copies of what part gives for 0, 1, ….
func repeated(n int, part func(i int) string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(part(i))
	}
	return b.String()
}

// The blobs with the smallest members of every sort, complete, and with a
// count that promises as much as passes and does not keep it.
func TestDecodersAllocateLittle(t *testing.T) {
	const n = 1 << 14
	// Three letters are what n names of their own take, but for a few.
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	name := func(i int) string {
		return string([]byte{letters[i%26], letters[i/26%26], letters[i/676]})
	}
	u32 := func(v ...uint32) string { return string(blobBytes(t, v)) }
	node := func(inputs, modulations, params, buffers, document int, rest string) string {
		return u32(1, 0, 1, 1, uint32(inputs), uint32(modulations), uint32(params), uint32(buffers), uint32(document)) + "aA" + rest
	}
	members := "{" + repeated(n, func(i int) string { return `"` + name(i) + `":0,` }) + `"a":0}`
	escaped := "{" + repeated(n, func(i int) string { return fmt.Sprintf(`"\n%d":0,`, i) }) + `"a":0}`
	zeros := strings.Repeat("\x00", n)
	for _, c := range []struct {
		kind, name, blob string
		refused          bool
	}{
		{"descriptor", "nodes", u32(n) + repeated(n, func(i int) string {
			s := name(i)
			return u32(0, uint32(len(s)), 1, 0, 0, 0, 0, 0) + s + "A"
		}), false},
		{"descriptor", "nodes with documents", u32(n) + repeated(n, func(i int) string {
			s := name(i)
			return u32(0, uint32(len(s)), 1, 0, 0, 0, 0, 7) + s + "A" + `{"a":0}`
		}), false},
		{"descriptor", "inputs", node(n, 0, 0, 0, 0, strings.Repeat(u32(1)+"a", n)), false},
		{"descriptor", "inputs of two bytes", node(n, 0, 0, 0, 0, strings.Repeat(u32(2)+"ab", n)), false},
		{"descriptor", "modulations", node(0, n, 0, 0, 0, strings.Repeat(u32(2, 2, 0, 0, 0)+"abcd", n)), false},
		{"descriptor", "parameters", node(0, 0, n, 0, 0, repeated(n, func(i int) string {
			s := name(i)
			return u32(uint32(len(s)), 0, 0, 0, 0, 0) + s
		})), false},
		{"descriptor", "buffers", node(0, 0, 0, n, 0, strings.Repeat(u32(1, 1, 1), n)), false},
		{"descriptor", "document", node(0, 0, 0, 0, len(members), members), false},
		{"descriptor", "escaped names", node(0, 0, 0, 0, len(escaped), escaped), false},
		{"descriptor", "nesting", node(0, 0, 0, 0, n, strings.Repeat("[", n)), true},
		{"descriptor", "promised nodes", u32(n/34) + zeros, true},
		{"descriptor", "promised inputs", node(n/5, 0, 0, 0, 0, zeros), true},
		{"descriptor", "promised modulations", node(0, n/22, 0, 0, 0, zeros), true},
		{"descriptor", "promised parameters", node(0, 0, n/25, 0, 0, zeros), true},
		{"plan", "nodes", "AMPL" + u32(1, n) + repeated(n, func(i int) string {
			s := name(i)
			return u32(uint32(i), uint32(len(s)), 0, 0, 0) + s
		}), false},
		{"plan", "parameters", "AMPL" + u32(1, 1, 0, 1, 0, 0, n) + "a" + repeated(n, func(i int) string {
			s := name(i)
			return u32(uint32(len(s)), 0, 0) + s
		}), false},
		{"plan", "promised nodes", "AMPL" + u32(1, n/21) + zeros, true},
		{"control history", "keys", u32(0, n) + repeated(n, func(i int) string { return u32(uint32(len(name(i)))) }) + repeated(n, name), false},
		{"control history", "events", u32(n, 0) + strings.Repeat("\x00\x00\x00\x00\x00\x00\xf0\x3f", n), false},
		{"control history", "empty lists", u32(n, 1, 1) + "a" + strings.Repeat(zeros[:12], n), false},
		{"control history", "lists of one", u32(n, 1, 1) + "a" + strings.Repeat(zeros[:8]+u32(1)+zeros[:8], n), false},
		{"control history", "wide events", u32(n/64, 64) + strings.Repeat(u32(1), 64) +
			repeated(64, func(i int) string { return string(rune(i)) }) + strings.Repeat(zeros[:8+4*64], n/64), false},
		{"control history", "promised keys", u32(0, n/5) + zeros, true},
	} {
		t.Run(c.kind+" "+c.name, func(t *testing.T) {
			n, err := allocated(c.kind, []byte(c.blob))
			if c.refused {
				require.Equal(t, c.kind, blobError(t, err).Blob)
			} else {
				require.NoError(t, err)
				checkSame(t, c.kind, []byte(c.blob))
			}
			t.Logf("%d bytes, %.1f times", len(c.blob), float64(n)/float64(len(c.blob)))
			assert.LessOrEqual(t, n, 16*uint64(len(c.blob))+allocationSlack)
		})
	}
}

// checkSame holds that a blob encodes again to itself.
func checkSame(t *testing.T, kind string, blob []byte) {
	t.Helper()
	again, err := blobDecoders[kind](blob)
	require.NoError(t, err)
	require.True(t, bytes.Equal(blob, again))
}

// A small blob whose counts promise gigabytes costs no more than its error.
func TestPromisesCostNothing(t *testing.T) {
	for kind, blob := range map[string][]byte{
		"descriptor":      blobBytes(t, u32s(1<<31)),
		"plan":            blobBytes(t, "AMPL", u32s(2, 1<<31)),
		"control history": blobBytes(t, u32s(1<<31, 1<<31)),
	} {
		require.Equal(t, kind, blobError(t, decodeOnly(kind, blob)).Blob)
		checkAllocations(t, kind, blob)
	}
}

// Documents of a megabyte with the smallest members of every sort, complete, and
// of nothing.
func TestDocumentsAllocateLittle(t *testing.T) {
	const n = 1 << 18
	list := func(n int, element string) string { return "[" + strings.Repeat(element+",", n-1) + element + "]" }
	node := func(fields string) string { return `{"nodes":[{"name":"a","type":"ConstantNode",` + fields + `}]}` }
	// In every node as many as there may be.
	nodes := func(field, element string) string {
		return `{"nodes":[` + repeated(64, func(i int) string {
			return fmt.Sprintf(`{"name":"%x","type":"A",%q:%s},`, i, field, list(kpn.MaxNodes, element))
		}) + `{"name":"z","type":"A"}]}`
	}
	tensor := func(data string) string {
		return node(`"tensors":[{"name":"value","shape":[1,1,` + fmt.Sprint(n) + `],"data":` + data + `}]`)
	}
	edges := func(n int, element string) string { return `{"nodes":[],"edges":` + list(n, element) + `}` }
	// Edges that are all different, with a field that is not known.
	mesh := `{"nodes":[` + repeated(64, func(i int) string {
		return fmt.Sprintf(`{"name":"%02x","type":"A","inputs":[%s"00"]},`, i, repeated(64, func(k int) string { return fmt.Sprintf(`"%02x",`, k) }))
	}) + `{"name":"z","type":"A"}],"edges":[` + repeated(64*64, func(i int) string {
		return fmt.Sprintf(`{"from":"%02x","to":"%02x","":0},`, i/64, i%64)
	}) + `{"from":"","to":""}]}`
	most := kpn.MaxNodes * kpn.MaxInputs
	// Names that the one that there is not might be a slip of.
	long := strings.Repeat("n", 200)
	named := func(names string) string { return `{"nodes":[` + names + `{"name":"z","type":"A"}],"edges":[` }
	many := func(format, name string) string {
		return repeated(1000, func(i int) string { return fmt.Sprintf(format, fmt.Sprintf("%s%04d", name, i)) })
	}
	for name, text := range map[string]string{
		"numbers for nodes":       `{"nodes":` + list(n, "0") + `}`,
		"nodes of nothing":        `{"nodes":` + list(n, "{}") + `}`,
		"as many as allowed":      `{"nodes":` + list(kpn.MaxNodes, "{}") + `}`,
		"nodes with a field":      `{"nodes":[` + strings.Repeat(`{"":0},`, kpn.MaxNodes-1) + `{"":0}]}`,
		"numbers":                 tensor(list(n, "0")),
		"nulls":                   tensor(list(n, "null")),
		"one key for all":         `{` + strings.Repeat(`"":0,`, n) + `"":0}`,
		"one known key":           node(strings.Repeat(`"type_id":0,`, n) + `"":0`),
		"lists of one key":        node(strings.Repeat(`"inputs":[""],`, n) + `"":0`),
		"keys":                    `{` + repeated(n, func(i int) string { return fmt.Sprintf(`"%x":0,`, i) }) + `"z":0}`,
		"edges of nothing":        edges(most, "{}"),
		"edges with a field":      edges(most, `{"":0}`),
		"edges":                   edges(most, `{"from":"","to":""}`),
		"edges and a field":       edges(most, `{"from":"","to":"","":0}`),
		"one edge too many":       edges(most+1, "{}"),
		"a mesh":                  mesh,
		"no such long name":       named(many(`{"name":"%s","type":"A"},`, long)) + `{"from":"z","to":"` + long + `xxxx"}]}`,
		"no such short name":      named(many(`{"name":"%s","type":"A"},`, "N")) + `{"from":"z","to":"Nxxxx"}]}`,
		"no such input":           named(`{"name":"g","type":"A","inputs":[`+many(`"%s",`, long)+`"z"]},`) + `{"from":"` + long + `xxxx","to":"g"}]}`,
		"numbers for inputs":      node(`"inputs":` + list(n, "0")),
		"inputs":                  nodes("inputs", `""`),
		"inputs of a letter":      nodes("inputs", `"a"`),
		"inputs of two":           nodes("inputs", `"ab"`),
		"escaped inputs":          nodes("inputs", `"\n"`),
		"numbers for gates":       `{"edges":[{"from":"","to":"","synchrony_gates":` + list(n, "0") + `}]}`,
		"gates":                   edges(64, `{"from":"","to":"","synchrony_gates":`+list(kpn.MaxNodes, `""`)+`}`),
		"buffers":                 nodes("buffers", "[0,0,0]"),
		"tensors of nothing":      nodes("tensors", "{}"),
		"tensors with a field":    nodes("tensors", `{"":0}`),
		"tensors":                 nodes("tensors", `{"name":"","shape":[0,0,0],"data":[]}`),
		"tensors and a field":     nodes("tensors", `{"name":"","shape":[0,0,0],"data":[],"":0}`),
		"modulations of nothing":  nodes("modulations", "{}"),
		"modulations":             nodes("modulations", `{"source":"","param":""}`),
		"valid modulations":       nodes("modulations", `{"source":"0","param":"a","":0}`),
		"modulations and a field": nodes("modulations", `{"source":"","param":"","":0}`),
	} {
		t.Run(name, func(t *testing.T) {
			n, err := allocated(document, []byte(text))
			t.Logf("%d bytes, %.1f times: %.80s", len(text), float64(n)/float64(len(text)), fmt.Sprint(err))
			checkAllocations(t, document, []byte(text))
		})
	}
}

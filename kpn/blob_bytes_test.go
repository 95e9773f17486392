package kpn_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sawmill/kpn"
)

// blobBytes lays out numbers little-endian and strings as they are: the
// tests' own hand-made blobs, which no encoder of the package wrote.
func blobBytes(tb testing.TB, parts ...any) []byte {
	tb.Helper()
	var b bytes.Buffer
	for _, part := range parts {
		if s, ok := part.(string); ok {
			b.WriteString(s)
			continue
		}
		require.NoError(tb, binary.Write(&b, binary.LittleEndian, part))
	}
	return b.Bytes()
}

// u32s is a run of u32 fields.
func u32s(values ...uint32) []uint32 { return values }

// blobDecoders decode and encode again, one for each kind of blob.
var blobDecoders = map[string]func([]byte) ([]byte, error){
	"descriptor": func(data []byte) ([]byte, error) {
		d, err := kpn.DecodeDescriptor(data)
		if err != nil {
			return nil, err
		}
		return d.Encode()
	},
	"plan": func(data []byte) ([]byte, error) {
		p, err := kpn.DecodePlan(data)
		if err != nil {
			return nil, err
		}
		return p.Encode()
	},
	"control history": func(data []byte) ([]byte, error) {
		h, err := kpn.DecodeHistory(data)
		if err != nil {
			return nil, err
		}
		return h.Encode()
	},
}

// blobError holds that an error is a BlobError and looks at its form.
func blobError(tb testing.TB, err error) *kpn.BlobError {
	tb.Helper()
	require.Error(tb, err)
	var e *kpn.BlobError
	require.True(tb, errors.As(err, &e), "%T", err)
	require.Contains(tb, blobDecoders, e.Blob)
	require.NotEmpty(tb, e.Reason)
	require.NotEmpty(tb, e.Field)
	return e
}

// checkCut holds that a blob is refused when it is cut anywhere and when
// anything follows it, and that it round-trips as it is.
func checkCut(t *testing.T, kind string, blob []byte) {
	t.Helper()
	again, err := blobDecoders[kind](blob)
	require.NoError(t, err)
	require.Equal(t, blob, again)
	for n := range blob {
		_, err = blobDecoders[kind](blob[:n])
		e := blobError(t, err)
		assert.Equal(t, kind, e.Blob)
		assert.LessOrEqual(t, e.Offset, n)
	}
	_, err = blobDecoders[kind](append(bytes.Clone(blob), 0))
	e := blobError(t, err)
	assert.Equal(t, len(blob), e.Offset)
	assert.Equal(t, "end", e.Field)
}

// blobFault is a hand-made blob or a value that is refused, and where.
type blobFault struct {
	name   string
	offset int
	node   string
	field  string
	reason string
}

func (f *blobFault) check(t *testing.T, err error) {
	t.Helper()
	e := blobError(t, err)
	assert.Equal(t, f.offset, e.Offset, e)
	assert.Equal(t, f.node, e.Node, e)
	assert.Equal(t, f.field, e.Field, e)
	assert.Contains(t, e.Reason, f.reason)
}

package kpn_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sawmill/kpn"
)

// planParts is a plan of two nodes by hand.
func planParts(version uint32) []any {
	if version == kpn.PlanV1 {
		return []any{
			"AMPL", u32s(1, 2),
			u32s(1, 3, 5, 6, 1), "osc", u32s(4, 7, 8), "freq", // 12
			u32s(0, 1, 0, 0, 0), "a",
		}
	}
	return []any{
		"AMPL", u32s(2, 2),
		u32s(1, 3, 5, 6, 1, 128, 4), "osc", u32s(4, 7, 8), "freq", // 12, name 40, parameter 43
		u32s(0, 1, 0, 0, 0, 0, 0), "a", // 59
	}
}

func plan(version uint32) *kpn.Plan {
	p := &kpn.Plan{Version: version, Nodes: []kpn.PlanNode{
		{
			FunctionID: 1, Name: "osc", AudioOffset: 5, AudioSpan: 6,
			Params: []kpn.PlanParam{{Name: "freq", Offset: 7, Span: 8}},
		},
		{FunctionID: 0, Name: "a"},
	}}
	if version == kpn.PlanV2 {
		p.Nodes[0].DeclaredDelay, p.Nodes[0].OversampleRatio = 128, 4
	}
	return p
}

func TestPlanLayout(t *testing.T) {
	for _, version := range []uint32{kpn.PlanV1, kpn.PlanV2} {
		byHand := blobBytes(t, planParts(version)...)
		encoded, err := plan(version).Encode()
		require.NoError(t, err)
		require.Equal(t, byHand, encoded)
		decoded, err := kpn.DecodePlan(byHand)
		require.NoError(t, err)
		assert.Equal(t, plan(version), decoded)
		checkCut(t, "plan", byHand)
	}
}

// Each row overwrites one field of the plan of version 2.
func TestPlanFaults(t *testing.T) {
	for _, c := range []struct {
		at    int
		value any
		blobFault
	}{
		{0, "RIFF", blobFault{"magic", 0, "", "magic", `"RIFF", want "AMPL"`}},
		{4, uint32(3), blobFault{"version", 4, "", "version", "version 3 is not known"}},
		{4, uint32(0), blobFault{"no version", 4, "", "version", "version 0 is not known"}},
		{8, uint32(3), blobFault{"nodes", 8, "", "node count", "takes 87 bytes but 76 remain"}},
		{16, uint32(0), blobFault{"no name", 40, "#0", "name length", "empty"}},
		{28, uint32(4), blobFault{"parameters", 28, "osc", "parameter count", "takes 52 bytes but 45 remain"}},
		{36, uint32(6), blobFault{"ratio", 36, "osc", "oversample ratio", "6 is no power of two"}},
		{43, uint32(99), blobFault{"parameter", 43, "osc", "parameter 0: name length", "remain"}},
		{59, uint32(1), blobFault{"place", -1, "a", "function id", "place 1 is taken twice"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			blob := blobBytes(t, planParts(kpn.PlanV2)...)
			copy(blob[c.at:], blobBytes(t, c.value))
			_, err := kpn.DecodePlan(blob)
			c.check(t, err)
		})
	}
}

// Each row spoils one thing of a plan of version 1.
func TestPlanEncodeRefuses(t *testing.T) {
	for _, c := range []struct {
		spoil func(p *kpn.Plan)
		blobFault
	}{
		{func(p *kpn.Plan) { p.Version = 3 }, blobFault{"version", -1, "", "version", "version 3"}},
		{func(p *kpn.Plan) { p.Nodes[0].DeclaredDelay = 1 }, blobFault{"delay", -1, "osc", "declared delay", "version 2"}},
		{func(p *kpn.Plan) { p.Nodes[0].OversampleRatio = 2 }, blobFault{"ratio", -1, "osc", "oversample ratio", "version 2"}},
		{
			func(p *kpn.Plan) { p.Version, p.Nodes[0].OversampleRatio = 2, 3 },
			blobFault{"ratio of 3", -1, "osc", "oversample ratio", "power of two"},
		},
		{func(p *kpn.Plan) { p.Nodes[1].FunctionID = 1 }, blobFault{"place", -1, "a", "function id", "place 1"}},
		{func(p *kpn.Plan) { p.Nodes[1].Name = "osc" }, blobFault{"name", -1, "", "node name", `"osc"`}},
		{func(p *kpn.Plan) { p.Nodes[0].Params[0].Name = "" }, blobFault{"parameter", -1, "osc", "parameter 0: name", "empty"}},
		{
			func(p *kpn.Plan) { p.Nodes[0].Params = append(p.Nodes[0].Params, p.Nodes[0].Params[0]) },
			blobFault{"parameters", -1, "osc", "parameter name", `"freq"`},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := plan(kpn.PlanV1)
			c.spoil(p)
			_, err := p.Encode()
			c.check(t, err)
		})
	}
}

func TestOrder(t *testing.T) {
	d := &kpn.Descriptor{Nodes: []kpn.DescriptorNode{{Name: "a"}, {Name: "b"}, {Name: "c"}}}
	order, err := d.Order(nil)
	require.NoError(t, err)
	assert.Equal(t, []int{0, 1, 2}, order)

	p := &kpn.Plan{Nodes: []kpn.PlanNode{{FunctionID: 2, Name: "a"}, {FunctionID: 9, Name: "c"}, {FunctionID: 0, Name: "b"}}}
	order, err = d.Order(p)
	require.NoError(t, err)
	assert.Equal(t, []int{1, 0, 2}, order)
	assert.Equal(t, "a", p.Nodes[0].Name, "the plan was sorted in place")

	for _, c := range []struct {
		names []string
		blobFault
	}{
		{[]string{"a", "b"}, blobFault{"missing", -1, "c", "name", "not planned"}},
		{[]string{"a", "b", "c", "d"}, blobFault{"unknown", -1, "d", "name", "not described"}},
		{[]string{"a", "b", "b", "c"}, blobFault{"twice", -1, "b", "name", "twice"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := &kpn.Plan{}
			for i, name := range c.names {
				p.Nodes = append(p.Nodes, kpn.PlanNode{FunctionID: uint32(i), Name: name})
			}
			_, err := d.Order(p)
			c.check(t, err)
		})
	}
}

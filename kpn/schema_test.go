package kpn_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"sawmill/kpn"
)

func TestPublishedSchemaIsCurrent(t *testing.T) {
	t.Parallel()
	published, err := os.ReadFile("../presets/schema.json")
	require.NoError(t, err, "write it with: make schema")
	if !bytes.Equal(published, kpn.Schema()) {
		t.Error("presets/schema.json is not what the catalogue gives; write it anew with: make schema")
	}
}

func TestSchemaIsTheCallersToChange(t *testing.T) {
	t.Parallel()
	kpn.Schema()[0] = 'x'
	require.True(t, json.Valid(kpn.Schema()))
}

// compileSchema compiles the schema by itself, as an editor would.
func compileSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(kpn.Schema()))
	require.NoError(t, err)
	c := jsonschema.NewCompiler()
	require.NoError(t, c.AddResource("mem:///schema.json", document))
	schema, err := c.Compile("mem:///schema.json")
	require.NoError(t, err)
	return schema
}

// The schema by itself, without the checks that follow it, takes every kind
// with every parameter at its default, and refuses a kind, a parameter and a
// value beyond each bound.
func TestSchemaKnowsTheCatalogue(t *testing.T) {
	t.Parallel()
	schema := compileSchema(t)
	for _, spec := range kpn.Catalogue() {
		t.Run(string(spec.Kind), func(t *testing.T) {
			t.Parallel()
			node, params := defaults(spec)
			require.NoError(t, schema.Validate(presetOf(node)))
			params["no_such_parameter"] = 1.0
			require.Error(t, schema.Validate(presetOf(node)))
			delete(params, "no_such_parameter")
			node["oversample_ratio"] = 2.0 * float64(spec.MaxOversample)
			require.Error(t, schema.Validate(presetOf(node)))
			delete(node, "oversample_ratio")
			for name, ok := range params {
				p, _, found := spec.Param(name)
				require.True(t, found)
				bad := []any{p.Min - 1, p.Upper(kpn.MaxSampleRate) + 1, true, nil, map[string]any{}}
				if p.Choices != nil {
					bad = []any{"no such name", 0.0, true}
				}
				for _, v := range bad {
					params[name] = v
					require.Error(t, schema.Validate(presetOf(node)), "%s = %v", name, v)
				}
				params[name] = ok
			}
		})
	}
}

// defaults is a node of a kind with all its parameters, and these.
func defaults(spec *kpn.Spec) (node, params map[string]any) {
	params = map[string]any{}
	for _, p := range spec.Params {
		var v any = p.Default
		if p.Choices != nil {
			v = p.Choices[int(p.Default)]
		}
		if p.PerInput {
			params[p.Name+"_0"] = v
			continue
		}
		params[p.Name] = v
	}
	var inputs []any
	for _, p := range spec.Inputs {
		for range max(p.Least, 1) {
			inputs = append(inputs, "source")
		}
	}
	node = map[string]any{"kind": string(spec.Kind), "params": params}
	if t := tableOf(spec); t != nil {
		row := make([]any, t.Columns)
		for i := range row {
			row[i] = 0.0
		}
		node["table"] = []any{row}
	}
	if inputs != nil {
		node["inputs"] = inputs
	}
	return node, params
}

func presetOf(node map[string]any) any {
	return map[string]any{
		"sawmill": 1.0,
		"nodes":   map[string]any{"node": node, "source": map[string]any{"kind": "noise"}},
		"output":  "node",
	}
}

func TestParsePresetTakesEveryKind(t *testing.T) {
	t.Parallel()
	for _, spec := range kpn.Catalogue() {
		node, params := defaults(spec)
		data, err := json.Marshal(presetOf(node))
		require.NoError(t, err)
		p, err := kpn.ParsePreset("preset.json", data)
		require.NoError(t, err)
		n, ok := p.Graph.Node("node")
		require.True(t, ok)
		require.Equal(t, spec.Kind, n.Kind)
		require.Len(t, n.Params, len(params))
		for name, param := range n.Params {
			s, _, found := spec.Param(name)
			require.True(t, found, name)
			require.Equal(t, kpn.Const(s.Default), param, fmt.Sprint(spec.Kind, ".", name))
		}
	}
}

package kpn_test

// value puts the value of an osc's parameter into a preset, at column 1 of
// line 3.
func value(name, v string) string {
	return wrap("\"out\": {\"kind\": \"osc\", \"params\": {\"" + name + "\":\n" + v + "\n}}")
}

// shared puts a shared parameter x into a preset, at column 1 of line 2, and
// refers to it from the parameters given.
func shared(v, params string) string {
	return "{\"sawmill\": 1, \"output\": \"out\", \"parameters\": {\"x\":\n" + v + "}, \"nodes\": {\n\"out\": {\"kind\": \"osc\", \"params\": {" + params + "}}, \"noise\": {\"kind\": \"noise\", \"params\": {\"distribution\": \"uniform\"}}}}"
}

var badDistributions = []struct {
	name string
	text string
	want []string
}{
	{"empty distribution", value("width", `{}`), []string{
		`p.json:3:1: $.nodes.out.params.width: got an empty object; allowed is one of: choice, constant, log_uniform, midi, normal, ref, uniform, unit`,
	}},
	{"two distributions", value("width", `{"normal": [0, 1], "uniform": [0, 1]}`), []string{
		`p.json:3:2: $.nodes.out.params.width.normal: no such member: got "normal"; allowed: uniform`,
	}},
	{"uniform reversed", value("width", `{"uniform": [1, 0]}`), []string{
		`p.json:3:13: $.nodes.out.params.width.uniform: got [1, 0]; allowed is the lowest value first`,
	}},
	{"uniform of one", value("width", `{"uniform": [1]}`), []string{
		`p.json:3:13: $.nodes.out.params.width.uniform: got a list of 1; allowed is a list of 2`,
	}},
	{"uniform of words", value("width", `{"uniform": ["a", 1]}`), []string{
		`p.json:3:14: $.nodes.out.params.width.uniform[0]: got the string "a"; allowed is a number`,
	}},
	{"log of zero", value("freq", `{"log_uniform": [0, 100]}`), []string{
		`p.json:3:18: $.nodes.out.params.freq.log_uniform[0]: got 0; allowed is 1e-30 to 1e+09`,
	}},
	{"negative deviation", value("width", `{"normal": [0.5, -0.1]}`), []string{
		`p.json:3:18: $.nodes.out.params.width.normal[1]: got -0.1; allowed is 0 to 1e+09`,
	}},
	{"mean outside", value("width", `{"normal": [1.5, 1]}`), []string{
		`p.json:3:13: $.nodes.out.params.width.normal[0]: got the mean 1.5; allowed is 0 to 1`,
	}},
	{"bounds reversed", value("width", `{"normal": [0.5, 1], "min": 0.8, "max": 0.2}`), []string{
		`p.json:3:1: $.nodes.out.params.width: min 0.8 is above max 0.2`,
	}},
	{"bounds too wide", value("width", `{"normal": [0.5, 1], "min": -1}`), []string{
		`p.json:3:1: $.nodes.out.params.width: normal(0.5, 1) in [-1, 1] reaches -1 cycles; allowed is 0 to 1 cycles`,
	}},
	{"no choices", value("width", `{"choice": []}`), []string{
		`p.json:3:12: $.nodes.out.params.width.choice: got an empty list; allowed is a list of 1 to 256`,
	}},
	{"misspelt choices", value("shape", `{"choice": ["saw", "plse"]}`), []string{
		`p.json:3:20: $.nodes.out.params.shape.choice[1]: got "plse"; did you mean "pulse"?; allowed: ` + oscShapes(),
	}},
	{"uniform shape", value("shape", `{"uniform": [0, 3]}`), []string{
		`p.json:3:2: $.nodes.out.params.shape.uniform: no such member: got "uniform"; allowed: choice, constant, ref`,
	}},
	{"half a note", value("freq", `{"midi": [60.5, 72]}`), []string{
		`p.json:3:11: $.nodes.out.params.freq.midi[0]: got the number 60.5; allowed is a whole number`,
	}},
	{"note out of range", value("freq", `{"midi": [0, 128]}`), []string{
		`p.json:3:14: $.nodes.out.params.freq.midi[1]: got 128; allowed is 0 to 127`,
	}},
	{"unit without bounds", value("width", `{"unit": {"min": 0, "curv": 2}}`), []string{
		`p.json:3:10: $.nodes.out.params.width.unit.max: the member "max" is missing; add it`,
		`p.json:3:21: $.nodes.out.params.width.unit.curv: no such member: got "curv"; did you mean "curve"?; allowed: curve, max, min, symmetric`,
	}},
	{"unit reversed", value("width", `{"unit": {"min": 1, "max": 0}}`), []string{
		`p.json:3:10: $.nodes.out.params.width.unit: min 1 is above max 0`,
	}},
	{"unit without curve", value("width", `{"unit": {"min": 0, "max": 1, "curve": 0, "symmetric": 1}}`), []string{
		`p.json:3:40: $.nodes.out.params.width.unit.curve: got 0; allowed is 0.01 to 100`,
		`p.json:3:56: $.nodes.out.params.width.unit.symmetric: got the number 1; allowed is true or false`,
	}},
	{"misspelt reference", shared(`{"midi": [60, 72]}, "note": {"constant": 1}`, `"freq": {"ref": "x"}, "phase": {"ref": "note"}, "width": {"ref": "not"}`), []string{
		`p.json:3:100: $.nodes.out.params.width.ref: the preset has no such parameter: got "not"; did you mean "note"?; allowed: x, note`,
	}},
	{"reference without parameters", value("freq", `{"ref": "note", "multiply": "2"}`), []string{
		`p.json:3:9: $.nodes.out.params.freq.ref: the preset has no such parameter: got "note"; none is allowed here`,
		`p.json:3:29: $.nodes.out.params.freq.multiply: got the string "2"; allowed is a number`,
	}},
	{"unused parameter", shared(`{"midi": [60, 72]}`, ``), []string{
		`p.json:1:48: $.parameters.x: no node refers to this parameter; refer to it with {"ref": "x"} or remove it`,
	}},
	{"names for a number", shared(`{"choice": ["sine", "saw"]}`, `"freq": {"ref": "x"}`), []string{
		`p.json:3:43: $.nodes.out.params.freq: "x" gives names, but out.freq takes numbers`,
	}},
	{"numbers for names", shared(`{"uniform": [0, 3]}`, `"shape": {"ref": "x"}`), []string{
		`p.json:3:44: $.nodes.out.params.shape: "x" gives numbers, but out.shape is one of ` + oscShapes() + `; use a choice of these names`,
	}},
	{"numbers and names", shared(`{"choice": ["sine", 1]}`, `"shape": {"ref": "x"}`), []string{
		`p.json:2:12: $.parameters.x.choice: got numbers and names; allowed are only numbers or only names`,
	}},
	{"names of two enumerations", shared(`{"choice": ["sine"]}`, `"shape": {"ref": "x"}, "band_limit": {"ref": "x"}`), []string{
		`p.json:3:72: $.nodes.out.params.band_limit: "x" already feeds an enumeration of ` + oscShapes() + `; out.band_limit is one of none, polyblep2, polyblep4, kaiser32 and needs a value of its own`,
	}},
	{"misspelt shared choices", shared(`{"choice": ["sine", "swa"]}`, `"shape": {"ref": "x"}`), []string{
		`p.json:2:21: $.parameters.x.choice[1]: got "swa"; did you mean "saw"?; allowed: ` + oscShapes(),
	}},
	{"reference to a reference", shared(`{"ref": "x"}`, `"freq": {"ref": "x"}`), []string{
		`p.json:2:2: $.parameters.x.ref: no such member: got "ref"; allowed: choice, constant, log_uniform, midi, normal, uniform, unit`,
	}},
	// These two names have the same hash: found by trying 500,000.
	{"one random stream twice", "{\"sawmill\": 1, \"output\": \"out\", \"parameters\": {\n\"dprzwo\": {\"uniform\": [0, 1]}, \"eqhtku\": {\"uniform\": [0, 1]}}, \"nodes\": {\"out\": {\"kind\": \"osc\", \"params\": {\"width\": {\"ref\": \"dprzwo\"}, \"phase\": {\"ref\": \"eqhtku\"}}}}}", []string{
		`p.json:2:32: $.parameters.eqhtku: the random stream of "eqhtku" is also that of "dprzwo"; rename one`,
	}},
	{"one name twice", "{\"sawmill\": 1, \"output\": \"out\", \"parameters\": {\"out.width\": {\"uniform\": [0, 1]}}, \"nodes\": {\n\"out\": {\"kind\": \"osc\", \"params\": {\"width\": {\"uniform\": [0, 1]}, \"phase\": {\"ref\": \"out.width\"}}}}}", []string{
		`p.json:1:48: $.parameters["out.width"]: the name is also that of the random value at $.nodes.out.params.width; rename it`,
	}},
}

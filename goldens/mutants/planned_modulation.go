package main

const emitModulation = "scheduler/emit_modulation.go"

// plannedModulation are mutants of the way back through modulated parameters.
var plannedModulation = []plan{
	{emitBack, "emitDerivative", notAtAll, "s.emitModulatedBack(b, indent, p)", "_ = b"},
	{emitModulation, "emitModulatedBack", frameEarly, "inner, p.scalar(), name, s.read(p))", `inner, p.scalar(), name, strings.Replace(s.read(p), ", t, ", ", t + 1u, ", 1))`},
	{emitModulation, "emitModulatedBack", notAtAll, `%s > %s ? 0.0 : %s;\n"`, `%s > %s ? %[7]s : %[7]s;\n"`},
	{emitModulation, "emitModulatedBack", beforeItsTime, "for k := len(p.Mods) - 1; k >= 0; k-- {", "for k := range p.Mods {"},
	{emitModulation, "emitModulatedBack", signFlipped, "%s_by%d_back = %s * real(%s);", "%s_by%d_back = -%s * real(%s);"},
	{emitModulation, "emitModulatedBack", notAtAll, "%s_by%d_back = %s * real(%s);", "%s_by%d_back = %s + 0.0 * real(%s);"},
	{emitModulation, "emitModulatedBack", notAtAll, `"%s_by%d_back * real(%s_at%d)"`, `"%s_by%d_back + 0.0 * real(%s_at%d)"`},
	{emitModulation, "emitModulatedBack", "the value after", `real(%s_at%d)", name, k, name, k)`, `real(%s)", name, k, name)`},
	{emitModulation, "emitModulatedBack", elsewhere, `m.acting(fmt.Sprintf("%s_by%d_back * real(%s_at%d)", name, k, name, k), "0.0")`, `fmt.Sprintf("%s_by%d_back * real(%s_at%d)", name, k, name, k)`},
	{emitModulation, "emitModulatedBack", signFlipped, `"%s * real(%s_by%d)", d`, `"-%s * real(%s_by%d)", d`},
	{emitModulation, "emitModulatedBack", notAtAll, `"%s * real(%s_by%d)", d`, `"%s + 0.0 * real(%s_by%d)", d`},
	{emitModulation, "emitModulatedBack", elsewhere, `m.acting(fmt.Sprintf("%s * real(%s_by%d)", d, name, k), d)`, `fmt.Sprintf("%s * real(%s_by%d)", d, name, k)`},
	{emitModulation, "emitModulatedBack", signFlipped, `m.acting(fmt.Sprintf("%s_by%d_back", name, k), "0.0")`, `m.acting(fmt.Sprintf("-%s_by%d_back", name, k), "0.0")`},
	{emitModulation, "emitModulatedBack", notAtAll, `m.acting(fmt.Sprintf("%s_by%d_back", name, k), "0.0")`, `m.acting(fmt.Sprintf("0.0 * %s_by%d_back", name, k), "0.0")`},
	{emitModulation, "emitModulatedBack", elsewhere, `m.acting(fmt.Sprintf("%s_by%d_back", name, k), "0.0")`, `fmt.Sprintf("%s_by%d_back", name, k)`},
	{emitModulation, "emitModulatedBack", elsewhere, `to := fmt.Sprintf("d%d", m.Input)`, `to := fmt.Sprintf("d%d", p.Mods[0].Input)`},
}

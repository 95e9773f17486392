package cases

import (
	"errors"
	"fmt"

	"sawmill/kpn"
)

// edge is an edge as a file has it: into a port,
//
//	{"from": "osc", "to": "mix", "port": "in_1", "delay": 2}
//
// or into a parameter,
//
//	{"from": "lfo", "to": "osc", "param": "freq", "mode": "add", "scale": 20}
//
// where mode is add if it is left out, scale 1, and channel −1: all.
type edge struct {
	From    string   `json:"from"`
	To      string   `json:"to"`
	Port    string   `json:"port"`
	Param   string   `json:"param"`
	Mode    string   `json:"mode"`
	Scale   *float64 `json:"scale"`
	Channel *int     `json:"channel"`
	Delay   int      `json:"delay"`
}

// build turns an edge of a file into one of a graph.
func (e *edge) build() (kpn.Edge, error) {
	built := kpn.Edge{From: e.From, To: e.To, Port: e.Port, DelayFrames: e.Delay}
	if e.Param == "" {
		if e.Mode != "" || e.Scale != nil || e.Channel != nil {
			return built, errors.New("mode, scale and channel are those of an edge to a param")
		}
		return built, nil
	}
	if e.Port != "" {
		return built, errors.New("it leads to a port or to a param, not to both")
	}
	m := &kpn.Modulation{Scale: 1, Channel: kpn.AllChannels}
	var ok bool
	if m.Mode, ok = parseMode(e.Mode); !ok {
		return built, fmt.Errorf("no such mode: %q", e.Mode)
	}
	if e.Scale != nil {
		m.Scale = *e.Scale
	}
	if e.Channel != nil {
		m.Channel = *e.Channel
	}
	built.Port, built.Modulation = e.Param, m
	return built, nil
}

// parseMode reads the name of a mode.
func parseMode(name string) (kpn.ModulationMode, bool) {
	for _, m := range []kpn.ModulationMode{kpn.ModulationAdd, kpn.ModulationMultiply} {
		if name == m.String() {
			return m, true
		}
	}
	return kpn.ModulationAdd, name == ""
}

// encodeEdge writes an edge of a draft.
func encodeEdge(e *kpn.Edge) string {
	s := fmt.Sprintf(`{"from": %s, "to": %s`, text(e.From), text(e.To))
	if m := e.Modulation; m == nil {
		s += fmt.Sprintf(`, "port": %s`, text(e.Port))
	} else {
		s += fmt.Sprintf(`, "param": %s, "mode": %s, "scale": %s`, text(e.Port), text(m.Mode.String()), text(m.Scale))
		if m.Channel != kpn.AllChannels {
			s += fmt.Sprintf(`, "channel": %d`, m.Channel)
		}
	}
	if e.DelayFrames != 0 {
		s += fmt.Sprintf(`, "delay": %d`, e.DelayFrames)
	}
	return s + "}"
}

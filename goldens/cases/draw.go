package cases

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"

	"sawmill/goldens/compare"
	"sawmill/kpn"
)

// draw is where a parameter's values come from: in a file, a number, the name
// of a choice, or one of
//
//	{"list": [x, y, …]}          per item, the list over and over
//	{"per_item": [low, high]}    drawn for each item
//	{"per_row": [low, high]}     drawn for each item and channel
//	{"per_frame": [low, high]}   drawn for each frame of each row; with
//	                             "one_item" or "one_channel", of one that
//	                             serves all
//
// Drawn values are uniform and held by float32. Those of a parameter with
// choices are whole, both ends included.
type draw struct {
	rate   kpn.ParamRate
	value  float64
	choice string
	list   []float64
	span   [2]float64
	// perRow, oneItem and oneChannel choose the extent; whole the rounding.
	perRow, oneItem, oneChannel, whole bool
}

// UnmarshalJSON implements [json.Unmarshaler].
func (d *draw) UnmarshalJSON(data []byte) error {
	switch data[0] {
	case '"':
		return json.Unmarshal(data, &d.choice)
	case '{':
	default:
		return json.Unmarshal(data, &d.value)
	}
	var form struct {
		List       []float64   `json:"list"`
		PerItem    *[2]float64 `json:"per_item"`
		PerRow     *[2]float64 `json:"per_row"`
		PerFrame   *[2]float64 `json:"per_frame"`
		OneItem    bool        `json:"one_item"`
		OneChannel bool        `json:"one_channel"`
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&form); err != nil {
		return err
	}
	d.oneItem, d.oneChannel = form.OneItem, form.OneChannel
	d.rate = kpn.PerItem
	switch {
	case form.List != nil:
		d.list = form.List
	case form.PerItem != nil:
		d.span = *form.PerItem
	case form.PerRow != nil:
		d.span, d.perRow = *form.PerRow, true
	case form.PerFrame != nil:
		d.span, d.rate = *form.PerFrame, kpn.PerFrame
	default:
		return errors.New("want list, per_item, per_row or per_frame")
	}
	return nil
}

// resolve looks a choice up and notes whether values are whole.
func (d *draw) resolve(p *kpn.Parameter) error {
	d.whole = p.Choices != nil
	if d.choice == "" {
		return nil
	}
	k, ok := p.Choice(d.choice)
	if !ok {
		return fmt.Errorf("no such choice: %q", d.choice)
	}
	d.value = float64(k)
	return nil
}

// at is the value for a word of 32 random bits.
func (d *draw) at(word uint32) float64 {
	u := float64(word) / (1 << 32)
	low, high := d.span[0], d.span[1]
	if d.whole {
		return low + math.Floor(u*(high-low+1))
	}
	return float64(float32(low + float64(u*(high-low))))
}

// Job binds the case to a job of any shape.
func (c *Case) Job(s kpn.Shape, seed, firstItem uint64) *kpn.Job {
	j := &kpn.Job{
		Shape: s, Rate: c.Rate, Seed: seed, FirstItem: firstItem,
		Items:  map[kpn.ParamRef][]float64{},
		Frames: map[kpn.ParamRef]*kpn.Tensor{},
		Inputs: map[string]*kpn.Tensor{},
	}
	for ref, d := range c.draws {
		stream := kpn.Stream("case:" + ref.String())
		if d.rate == kpn.PerFrame {
			j.Frames[ref] = d.tensor(j, stream)
		} else {
			j.Items[ref] = d.items(j, stream)
		}
	}
	for id, d := range c.inputs {
		j.Inputs[id] = d.tensor(j, kpn.Stream("case:"+id))
	}
	if c.preset != nil {
		c.preset.Bind(j)
	}
	return j
}

// GoldenJob is the job of the case's golden.
func (c *Case) GoldenJob() *kpn.Job { return c.Job(c.Shape, c.Seed, c.FirstItem) }

// CotangentSeed draws the cotangents of every golden's gradients.
const CotangentSeed = 1

// GoldenAdjointJob is the job of the gradients in the case's golden: dense
// cotangents that depend on the case's shape and outputs alone.
func (c *Case) GoldenAdjointJob() *kpn.AdjointJob {
	return &kpn.AdjointJob{
		Job:        c.GoldenJob(),
		Cotangents: compare.RandomCotangents(CotangentSeed, len(c.Graph.Outputs), c.Shape),
	}
}

// items draws per-item values.
func (d *draw) items(j *kpn.Job, stream uint32) []float64 {
	var values []float64
	for b := range j.Shape.B {
		item := j.FirstItem + uint64(b)
		if d.list != nil {
			values = append(values, d.list[item%uint64(len(d.list))])
			continue
		}
		for channel := range j.Shape.C {
			words := kpn.Philox4x32(kpn.NoiseCounter(0, item, channel, stream), kpn.SeedKey(j.Seed))
			values = append(values, d.at(words[0]))
			if !d.perRow {
				break
			}
		}
	}
	return values
}

// tensor draws per-frame values.
func (d *draw) tensor(j *kpn.Job, stream uint32) *kpn.Tensor {
	s, first := j.Shape, j.FirstItem
	if d.oneItem {
		s.B, first = 1, 0
	}
	if d.oneChannel {
		s.C = 1
	}
	t := kpn.NewTensor(s)
	var words [4]uint32
	for b := range s.B {
		for channel := range s.C {
			row := t.Row(b, channel)
			for f := range row {
				if f%4 == 0 {
					words = kpn.Philox4x32(kpn.NoiseCounter(uint32(f/4), first+uint64(b), channel, stream), kpn.SeedKey(j.Seed))
				}
				row[f] = float32(d.at(words[f%4]))
			}
		}
	}
	return t
}

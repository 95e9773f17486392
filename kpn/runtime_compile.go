package kpn

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// compiled is a network's graph, compiled with the parameters that were bound
// at that time, and its session.
type compiled struct {
	graph      *Graph
	executable Executable
	session    Session
	// with is what was bound, and items the values of what became per item.
	with  map[ParamRef]*ring
	items map[ParamRef][]float64
	// perFrame are the parameters that every block must give.
	perFrame map[ParamRef]bool
	// probes are the nodes that heat models look at, and custom those of custom
	// kinds, which may report.
	probes []*probe
	custom []string
}

// open compiles the graph and starts its session, if that is yet to be done.
func (r *Runtime) open(ctx context.Context) error {
	if r.compiled != nil {
		return nil
	}
	// Before there is anything to be closed if it fails.
	if err := r.measureDelays(ctx); err != nil {
		return err
	}
	c, err := r.prepare()
	if err != nil {
		return err
	}
	if c.executable, err = r.engine.Compile(c.graph); err != nil {
		return err
	}
	streamer, ok := c.executable.(Streamer)
	if !ok {
		return closeAfter(c.executable, &UnsupportedError{What: "streaming", Reason: "the engine " + r.engine.Device().Name + " renders whole jobs only; use another"})
	}
	c.session, err = streamer.Stream(&StreamJob{
		Items: r.setup.shape.B, Channels: r.setup.shape.C, Rate: r.setup.rate,
		Seed: r.options.Seed, FirstItem: r.options.FirstItem, Values: c.items,
	})
	if err != nil {
		return closeAfter(c.executable, err)
	}
	if r.queues, err = r.newQueues(c); err != nil {
		return errors.Join(err, c.session.Close(), c.executable.Close())
	}
	r.compiled = c
	return nil
}

// closeAfter closes an executable that is of no use after an error.
func closeAfter(x Executable, err error) error {
	if failed := x.Close(); failed != nil {
		return fmt.Errorf("%w; and then: %w", err, failed)
	}
	return err
}

// findLive lists the parameters that are given frame by frame whatever they are
// bound to.
func (r *Runtime) findLive() error {
	r.live = map[ParamRef]bool{}
	for ref := range r.network.Params {
		if r.network.Facts[ref.Node].Type != "" && r.network.Graph.Accepts(ref) == nil {
			r.live[ref] = true
		}
	}
	for _, asked := range r.options.Live {
		ref := r.network.refOf(asked.Node, asked.Param)
		if err := r.network.Graph.Accepts(ref); err != nil {
			return fmt.Errorf("live parameter %v: %w", asked, err)
		}
		r.live[ref] = true
	}
	return nil
}

// prepare makes the graph that is compiled: the network's, with the rates of
// what is bound, and with the nodes that heat models look at as outputs.
func (r *Runtime) prepare() (*compiled, error) {
	own := *r.network.Graph
	own.Nodes, own.Outputs, own.Edges = slices.Clone(own.Nodes), slices.Clone(own.Outputs), r.network.waited()
	c := &compiled{
		graph: &own, with: maps.Clone(r.bound),
		items: map[ParamRef][]float64{}, perFrame: map[ParamRef]bool{},
	}
	for i := range own.Nodes {
		n := &own.Nodes[i]
		if own.Custom[n.Kind] != nil {
			c.custom = append(c.custom, n.ID)
		}
		n.Params = maps.Clone(n.Params)
		if n.Params == nil {
			n.Params = map[string]Param{}
		}
		for _, p := range r.network.Graph.Parameters(n) {
			ref := ParamRef{n.ID, p.Name}
			b := r.bound[ref]
			if r.live[ref] && p.Rate == Constant {
				n.Params[p.Name] = Param{Rate: PerFrame}
				c.perFrame[ref] = true
				continue
			}
			if b == nil {
				if p.Rate != Constant {
					return nil, &JobError{"params", fmt.Sprintf("parameter %v is given %s and has no tensor; bind one", ref, p.Rate)}
				}
				continue
			}
			switch v := b.values; {
			case v.F > 1:
				n.Params[p.Name] = Param{Rate: PerFrame}
				c.perFrame[ref] = true
			case v.Len() == 1:
				n.Params[p.Name] = Const(v.Data[0])
			default:
				n.Params[p.Name] = Param{Rate: PerItem}
				c.items[ref] = v.rows(r.setup.shape)
			}
		}
	}
	return c, r.addTaps(c)
}

// rows is a value for each row of a job, item by item.
func (v *Values) rows(s Shape) []float64 {
	list := make([]float64, 0, s.Rows())
	for b := range s.B {
		for c := range s.C {
			list = append(list, v.At(b, c%v.C, 0))
		}
	}
	return list
}

// given lists the parameters whose values a block must give: those per frame,
// and those that are not bound to what was compiled.
func (c *compiled) given(bound map[ParamRef]*ring) []ParamRef {
	var list []ParamRef
	for ref := range c.perFrame {
		list = append(list, ref)
	}
	for _, m := range []map[ParamRef]*ring{bound, c.with} {
		for ref := range m {
			if bound[ref] != c.with[ref] && !c.perFrame[ref] && !slices.Contains(list, ref) && c.known(ref) {
				list = append(list, ref)
			}
		}
	}
	return list
}

// known says whether a reference is a parameter of the graph, which heat is not.
func (c *compiled) known(ref ParamRef) bool { return c.graph.Accepts(ref) == nil }

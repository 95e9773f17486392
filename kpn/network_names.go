package kpn

import (
	"cmp"
	"fmt"
	"strings"
)

// idOf is the node that a host calls by a name: none, if the name is only the ID
// of one that is called otherwise, or that no host knows.
func (n *Network) idOf(name string) string {
	for id, called := range n.Names {
		if called == name {
			return id
		}
	}
	if _, otherwise := n.Names[name]; otherwise || n.inner[name] {
		return ""
	}
	return name
}

// nameOf is what a host calls a node.
func (n *Network) nameOf(id string) string {
	if name, ok := n.Names[id]; ok {
		return name
	}
	return id
}

// names are those that a host calls the nodes by.
func (n *Network) names() []string {
	var names []string
	for _, id := range n.Graph.nodeIDs() {
		if !n.inner[id] {
			names = append(names, n.nameOf(id))
		}
	}
	return names
}

// refOf is the parameter that a host calls by a name, which may be that of the
// node's type.
func (n *Network) refOf(node, param string) ParamRef {
	ref := ParamRef{n.idOf(node), param}
	if _, _, ok := n.find(ref); ok {
		return ref
	}
	if a := n.aliasOf(ref.Node); a != nil {
		ref.Param = a.param(param)
	}
	return ref
}

// hostRef is what a host calls a parameter: the node by the host's name, the
// parameter by the kind's.
func (n *Network) hostRef(ref ParamRef) ParamRef { return ParamRef{n.nameOf(ref.Node), ref.Param} }

// called is an error of the graph's with the host's name of its node.
func (n *Network) called(err error) error {
	if u, ok := err.(*UnsupportedError); ok { //nolint:errorlint // what wraps one has words of its own
		named := *u
		named.Node = n.nameOf(u.Node)
		return &named
	}
	return err
}

// aliasOf is the type that a node of a descriptor is of, nil for other nodes
// and types of the caller's.
func (n *Network) aliasOf(id string) *typeAlias {
	v, ok := n.Graph.Node(id)
	if !ok {
		return nil
	}
	for i := range typeAliases {
		if a := &typeAliases[i]; a.name == n.Facts[id].Type && (a.kind == v.Kind || a.follows && v.Kind == KindInput) {
			return a
		}
	}
	return nil
}

// fixed says why a parameter is no affair of who calls the node by its type, or
// nothing.
func (n *Network) fixed(ref ParamRef) string {
	a := n.aliasOf(ref.Node)
	switch {
	case a == nil || ref == n.heatRef(ref.Node):
		return ""
	case a.resamples:
		return fmt.Sprintf("a %s has no parameters to set", a.name)
	}
	if _, fixed := a.fixed[ref.Param]; fixed {
		return fmt.Sprintf("a %s has no other: take another type", a.name)
	}
	return ""
}

// checkNames refuses names of nodes that there are not, and names twice.
func (n *Network) checkNames() error {
	seen := map[string]string{}
	for _, id := range sortedKeys(n.Names) {
		name := n.Names[id]
		if _, ok := n.Graph.Node(id); !ok {
			return &GraphError{Node: id, Reason: "it has a name besides, and the graph has no such node"}
		}
		_, is := n.Graph.Node(name)
		if other, twice := seen[name]; twice || is && n.nameOf(name) == name {
			return &GraphError{Node: id, Reason: fmt.Sprintf("it is called %s as %s is; call one otherwise", quoted(name), quoted(cmp.Or(other, name)))}
		}
		seen[name] = id
	}
	return nil
}

// id makes an ID of a name: the name itself where a graph allows it, else one
// like it.
func (b *networkBuilder) id(name string) string {
	if id, ok := b.ids[name]; ok {
		return id
	}
	id := name
	if !ValidID(name) {
		id = b.name(plain(name))
		b.network.Names[id] = name
	}
	b.ids[name] = id
	return id
}

// plain is a valid ID that is like a name.
func plain(name string) string {
	var id strings.Builder
	for i, r := range name {
		switch {
		case r == '_', r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', i > 0 && r >= '0' && r <= '9':
			id.WriteRune(r)
		case r >= '0' && r <= '9':
			id.WriteString("_" + string(r))
		default:
			id.WriteByte('_')
		}
		if id.Len() >= MaxIDLength-len("_1024") {
			break
		}
	}
	return cmp.Or(id.String(), "_")
}

package cases

import (
	"fmt"
	"strings"

	"sawmill/kpn"
)

// table is the node's table; nil if it has none.
func (n *node) table() *kpn.Table {
	if len(n.Table) == 0 {
		return nil
	}
	t := &kpn.Table{Rows: len(n.Table), Columns: len(n.Table[0]), Rate: n.TableRate}
	for _, row := range n.Table {
		t.Data = append(t.Data, row...)
	}
	return t
}

// encodeTable writes the table of a draft's node; nothing if it has none.
func encodeTable(t *kpn.Table) string {
	if t == nil {
		return ""
	}
	rows := make([]string, t.Rows)
	for i := range rows {
		rows[i] = text(t.Row(i))
	}
	s := fmt.Sprintf(`, "table": [%s]`, strings.Join(rows, ", "))
	if t.Rate != 0 {
		s += fmt.Sprintf(`, "table_rate": %s`, text(t.Rate))
	}
	return s
}

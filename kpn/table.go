package kpn

import (
	"fmt"
	"math"
)

// Table is the constant numbers that a node plays: a curve, a recording, waves.
// Whoever hands one to a graph must not change it afterwards; graphs share it.
type Table struct {
	// Rows and Columns are its extent: what a row is, the kind's
	// [TableSpec] says.
	Rows, Columns int
	// Data holds the rows one after the other.
	Data []float64
	// Rate is the sample rate of a recording in Hz; 0 is that of the job.
	Rate float64
	// Source is the file that it was read from, if it was.
	Source string
}

// Row is a row of the table.
func (t *Table) Row(i int) []float64 { return t.Data[i*t.Columns : (i+1)*t.Columns] }

// MaxTableValues bounds the numbers of all tables of a graph together.
const MaxTableValues = 1 << 22

// TableSpec says what a kind's table holds.
type TableSpec struct {
	Doc string
	// The rows and columns that it may have.
	MinRows, MaxRows, MinColumns, MaxColumns int
	// check says what else is wrong with a table, nothing if all is well.
	check func(t *Table) string
}

// validateTables checks that the nodes that need tables have them, and what is
// in them.
func (g *Graph) validateTables() []error {
	var errs []error
	total := 0
	for i := range g.Nodes {
		n := &g.Nodes[i]
		spec, ok := g.Spec(n.Kind)
		if !ok {
			continue
		}
		reason := ""
		switch {
		case spec.Table == nil && n.Table != nil:
			reason = fmt.Sprintf("kind %s takes no table; leave it out", n.Kind)
		case spec.Table != nil && n.Table == nil:
			reason = fmt.Sprintf("kind %s needs a table: %s", n.Kind, spec.Table.Doc)
		case spec.Table != nil:
			reason = spec.Table.fault(n.Table)
			total += len(n.Table.Data)
		}
		if reason != "" {
			errs = append(errs, &GraphError{Node: n.ID, Field: "table", Reason: reason})
		}
	}
	if total > MaxTableValues {
		errs = append(errs, &GraphError{Field: "table", Reason: fmt.Sprintf("the tables hold %d values in all, allowed are %d", total, MaxTableValues)})
	}
	return errs
}

// fault is what is wrong with a table; nothing if all is well.
func (s *TableSpec) fault(t *Table) string {
	switch {
	case t.Rows < s.MinRows || t.Rows > s.MaxRows:
		return fmt.Sprintf("it has %d rows, allowed are %d to %d: %s", t.Rows, s.MinRows, s.MaxRows, s.Doc)
	case t.Columns < s.MinColumns || t.Columns > s.MaxColumns:
		return fmt.Sprintf("it has %d columns, allowed are %d to %d: %s", t.Columns, s.MinColumns, s.MaxColumns, s.Doc)
	case len(t.Data) != t.Rows*t.Columns:
		return fmt.Sprintf("it holds %d values, its %d rows and %d columns want %d", len(t.Data), t.Rows, t.Columns, t.Rows*t.Columns)
	case !(t.Rate >= 0 && t.Rate <= MaxSampleRate):
		return fmt.Sprintf("its sample rate is %g Hz, allowed is 0 (the job's) to %d", t.Rate, MaxSampleRate)
	}
	for i, x := range t.Data {
		if !(math.Abs(x) <= unbounded) {
			return fmt.Sprintf("row %d, column %d is %g, allowed is %g to %g", i/t.Columns, i%t.Columns, x, -float64(unbounded), float64(unbounded))
		}
	}
	if s.check == nil {
		return ""
	}
	return s.check(t)
}

// Package given reads what a dataset is made from besides its preset: tables of
// parameter values, and signals for inputs.
//
// Files come from outside. Everything in them is checked when they are opened,
// before a run writes anything; sizes are bounded before memory is taken.
// NumPy arrays and waves stay on the disk and are read as items are rendered;
// texts (CSV and JSON lines) are kept in memory.
package given

// Package batch renders datasets: it draws each item's parameters, hands the
// items to an engine in batches, and writes one WAV file a sound, with labels
// and a manifest, into a directory that a second run can continue.
//
// # The directory
//
//	000000.wav …           one file a sound, its index in at least six digits
//	labels.jsonl           one line a sound, in order
//	manifest.json          what was asked, on what device, and every file's SHA-256
//
// While a run is under way, or was stopped, there are also
//
//	.sawmill-job.json      what was asked
//	.sawmill-journal.jsonl what is finished: for each sound, in order, its
//	                       size, SHA-256 and label
//	.sawmill.lock          held by the process that writes
//	.000123.wav.tmp        a sound being written
//
// A sound is written under its temporary name, synced, and renamed; the
// directory is synced; then the journal gets the batch's lines. The labels and
// the manifest are made from the journal when all sounds are there. So a
// process killed at any moment leaves a directory that the same arguments
// continue: what the journal lists is kept, everything else is rendered again,
// to the same bytes.
//
// # Reproducibility
//
// Item i depends on the preset, the seed and i; where parameters or signals are
// given in files (package given), on row i of these, whose SHA-256 the manifest
// has. No byte of a finished directory depends on the batch size, on the number
// of runs it took, on the time or on the host.
package batch

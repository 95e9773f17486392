// Package kpn is Sawmill's contract: what a graph is, which node kinds exist,
// what a tensor's axes mean, what a job asks of an engine, and how each of
// them may be wrong. Every other room depends on it; it depends on none.
//
// A [Graph] is a set of nodes joined by edges. Each node has a [Kind], whose
// [Spec] in the [Catalogue] lists its ports, its parameters and its rates.
// An [Engine] compiles a graph once and renders any number of [Job] values
// with it. Signals are [B, C, F] tensors: batch-major, frame fastest. A row
// is one (batch, channel) pair.
//
// A [Network] is a graph as a process network: a [Runtime] runs it block by
// block, frames first, with delays, gates, heat and version-2 nodes. It is made
// of a [Descriptor] blob or a [GraphDocument]. docs/kpn_contract.md is its
// contract, docs/abi_extension_proposal.md the entry of its nodes, and
// docs/kpn_audit_findings.md what an audit of both found.
//
// Signals are sampled at Job.Rate. Phase is a 64-bit fixed-point number of
// cycles. Random numbers come from [Philox4x32], keyed by seed, so that an
// item's samples depend on the seed and the item's index and on nothing else.
package kpn

// Package goldens is the room of the checks that compare: compare decides,
// cases says what is rendered, data holds what the reference gave, and
// conformance runs every case on every engine.
package goldens

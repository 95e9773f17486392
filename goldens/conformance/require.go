// Package conformance is one suite of checks that every engine passes.
package conformance

import (
	"cmp"
	"os"
	"testing"
)

// RequireGPU skips the test when err says that there is no device, and fails it when SAWMILL_REQUIRE_GPU=1.
func RequireGPU(tb testing.TB, err error) {
	tb.Helper()
	if err == nil {
		return
	}
	if os.Getenv("SAWMILL_REQUIRE_GPU") == "1" {
		tb.Fatalf("SAWMILL_REQUIRE_GPU=1, and no device can be opened: %v", err)
	}
	tb.Skipf("no device: %v", err) //nolint:forbidigo // the one place that may skip, so that the variable above governs every test of a device
}

// DeviceClass is the class of device that tests run on: "software", or what
// SAWMILL_TEST_CLASS says, "hardware".
func DeviceClass() string { return cmp.Or(os.Getenv("SAWMILL_TEST_CLASS"), "software") }

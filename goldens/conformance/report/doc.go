// Package report writes what came of a conformance run: as JUnit XML for
// continuous integration, as JSON with everything, and as one HTML file with
// plots of the worst cases.
package report

# Sawmill. `make demo` and `make test` install what a fresh Debian or Ubuntu
# machine lacks; everything else assumes that one of them, or `make deps`, ran.

GO        ?= go
BIN       := $(CURDIR)/bin
DEMO      := $(CURDIR)/demo
LINT      := $(BIN)/golangci-lint
LINT_VERSION := v2.15.0
ACTIONLINT := $(BIN)/actionlint
ACTIONLINT_VERSION := v1.7.12
FUZZTIME  ?= 60s

# What cgo needs to build GLFW and go-gl, what renders without a GPU, and a
# display for the tests of the GLFW backend.
PACKAGES := gcc libc6-dev pkg-config \
	libgl-dev libegl-dev libx11-dev libxcursor-dev libxrandr-dev libxinerama-dev libxi-dev libxxf86vm-dev \
	libegl1 libgl1-mesa-dri xvfb xauth

# What cross-compiles for Windows and runs the result.
WINDOWS_PACKAGES := gcc-mingw-w64-x86-64 wine64 xvfb xauth

# Tests must not pass because there was nothing to test on.
export SAWMILL_REQUIRE_GPU ?= 1

.PHONY: all build demo test race lint actionlint windows bench fuzz mutants schema deps deps-windows clean

all: build

## build: bin/sawmill
build: deps
	$(GO) build -o $(BIN)/sawmill ./cmd/sawmill

## demo: 256 sounds of presets/demo.json in ./demo
demo: deps build
	$(BIN)/sawmill render presets/demo.json --out $(DEMO) --count 256
	@echo "The sounds are $(DEMO)/000000.wav to 000255.wav."
	@head -n 1 $(DEMO)/labels.jsonl

## test: every test, on the software renderer and on a GPU if there is one
# Xvfb starts anew when its last client leaves, and drops who comes meanwhile.
test: deps
	xvfb-run -a -s "-screen 0 1280x1024x24 -noreset" $(GO) test ./...

## race: the concurrent rooms under the race detector
race: deps
	$(GO) test -race ./batch ./goldens/compare
	$(GO) test -race ./cpuref -run 'Bit|Simultaneous|Order|Example'

## lint: golangci-lint with the rules of .golangci.yml, module files tidy
lint: deps $(LINT)
	$(LINT) run ./...
	$(GO) mod tidy -diff

$(LINT):
	GOBIN=$(BIN) $(GO) install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(LINT_VERSION)

## actionlint: the workflows of .github
actionlint: $(ACTIONLINT)
	$(ACTIONLINT)

$(ACTIONLINT):
	GOBIN=$(BIN) $(GO) install github.com/rhysd/actionlint/cmd/actionlint@$(ACTIONLINT_VERSION)

## windows: cross-compile, and run the tests under Wine if it is there
windows:
	.ci/windows

## bench: samples per second on every device
bench: deps build
	$(BIN)/sawmill bench

## fuzz: hostile presets, blobs and arrays, and random graphs on two engines, FUZZTIME each
fuzz:
	$(GO) test ./kpn -run '^$$' -fuzz FuzzParsePreset -fuzztime $(FUZZTIME) -fuzzminimizetime 10x
	for f in FuzzDecodeDescriptor FuzzDecodePlan FuzzDecodeHistory FuzzReadGraph; do \
		$(GO) test ./kpn -run '^$$' -fuzz "^$$f\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x || exit 1; done
	$(GO) test ./batch/npy -run '^$$' -fuzz Fuzz -fuzztime $(FUZZTIME) -fuzzminimizetime 10x
	$(GO) test ./goldens/fuzz -run '^$$' -fuzz FuzzEngines -fuzztime $(FUZZTIME) -fuzzminimizetime 1x -parallel 1

## mutants: docs/mutants.md, every adjoint with a sign flipped, a term dropped or a frame late
mutants:
	$(GO) run ./goldens/mutants

## schema: presets/schema.json from the catalogue
schema: build
	$(BIN)/sawmill schema > presets/schema.json

## deps: the Debian packages that are missing
deps:
	@$(MAKE) -s --no-print-directory install PACKAGES="$(PACKAGES)"

## deps-windows: the same for .ci/windows
deps-windows:
	@$(MAKE) -s --no-print-directory install PACKAGES="$(WINDOWS_PACKAGES)"

.PHONY: install
install:
	@if ! command -v $(GO) >/dev/null; then echo "Go is missing: install Go 1.26 or later from https://go.dev/dl/" >&2; exit 1; fi
	@if ! command -v dpkg-query >/dev/null; then \
		echo "This is no Debian or Ubuntu: what these packages bring must be there already: $(PACKAGES)"; exit 0; fi; \
	missing=""; \
	for p in $(PACKAGES); do \
		dpkg-query -W -f '$${db:Status-Status}' "$$p" 2>/dev/null | grep -qx installed || missing="$$missing $$p"; \
	done; \
	[ -z "$$missing" ] && exit 0; \
	sudo=""; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	echo "installing:$$missing"; \
	$$sudo apt-get update -qq && $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing

clean:
	rm -rf $(BIN) $(DEMO)

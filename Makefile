# Touchstone. `make` alone says what there is.

GO      ?= go
BIN     := bin/touchstone
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
LDFLAGS := -s -w -X main.version=$(VERSION)
WITH_PG := $(GO) run ./internal/pgtest/cmd --
REPORT  := $(GO) run ./scripts/testreport

# Packages whose tests run a second time under the race detector. Suites of the
# store run there on PostgreSQL only: SQLite in pure Go is some 36 times slower.
RACE := $(foreach p,internal/store internal/authn internal/tlog internal/edge internal/job internal/outbound,$(if $(wildcard $(p)),./$(p)/...))

# Packages with golden files are those whose tests know the flag -update.
GOLDEN = $(shell grep -rlE 'flag\.Bool\("update"' --include='*_test.go' . 2>/dev/null | grep -v node_modules | xargs -r -n1 dirname | sort -u)

.DEFAULT_GOAL := help
.PHONY: help build assets run demo test check lint e2e bench golden corpus same-bytes tools fmt-check

help: ## what there is
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: assets ## the program, as bin/touchstone
	CGO_ENABLED=0 $(GO) build -trimpath -buildvcs=false -ldflags '$(LDFLAGS)' -o $(BIN) ./cmd/touchstone

# The stamp lies in the folder that it speaks for: whoever removes the folder has
# it installed again.
node_modules/.touchstone-stamp: package.json package-lock.json
	npm ci --ignore-scripts --no-audit --no-fund
	@touch $@

assets: node_modules/.touchstone-stamp ## style sheets, scripts and images that the program embeds
	$(GO) run ./internal/web/assets/build

run: build ## start on an empty folder (data/) and print the address to open
	$(BIN) serve --data data

demo: build ## start with a year of sample data
	$(BIN) demo --data data-demo

tools: ## install what the tests need beyond Go, Node and make
	@scripts/test-tools.sh

fmt-check:
	@bad=$$(gofmt -l $(wildcard cmd e2e frameworks internal scripts)); \
	if [ -n "$$bad" ]; then echo "gofmt has to be run on:"; echo "$$bad"; exit 1; fi

test: tools assets fmt-check build ## every test, on SQLite and PostgreSQL, then in Chromium
	@scripts/size.sh $(BIN)
	@echo "go vet"; $(GO) vet ./...
	@$(WITH_PG) scripts/test.sh

check: assets fmt-check build lint ## what to run before a commit: format, vet, lint, size, and the tests without the browser
	@scripts/size.sh $(BIN)
	@echo "go vet"; $(GO) vet ./...
	@$(WITH_PG) scripts/test.sh quick

lint: assets ## staticcheck, pinned in scripts/lint.sh
	@echo "staticcheck"; scripts/lint.sh

same-bytes: assets ## build the last commit twice, in different folders, and compare
	@scripts/same-bytes.sh

e2e: tools build ## the journeys in Chromium, on both databases
	@$(WITH_PG) scripts/test.sh e2e

bench: build ## the figures of docs/benchmarks.md
	@$(WITH_PG) $(GO) test -run '^$$' -bench . -benchmem ./...

golden: assets ## write the golden files anew; the difference is the review
	@if [ -z "$(GOLDEN)" ]; then echo "there are no golden files"; else $(WITH_PG) $(GO) test $(GOLDEN) -update; fi
	@git status --short

corpus: assets ## tests against a folder of real documents: make corpus TOUCHSTONE_CORPUS=DIR
	@scripts/corpus.sh

export RACE GO

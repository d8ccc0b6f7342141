#!/usr/bin/env bash
# bench-scan.sh [FLAG…] [DOCUMENT…]: measures `touchstone scan` beside osv-scanner, on
# the same generated files, offline, in one run. The peer is built into a temporary
# folder, at the version that docs/benchmarks.md names. Flags are those of
# internal/scan/scantest/measure: --runs N, --dir DIR (kept for another run),
# --advisories DIR with documents, for real ones.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=$(mktemp -d)
trap 'rm -rf "$bin"' EXIT
CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o "$bin/touchstone" ./cmd/touchstone
go build -o "$bin/measure" ./internal/scan/scantest/measure
peer=${OSV_SCANNER:-}
if [ -z "$peer" ]; then
	GOBIN="$bin" GOFLAGS=-mod=mod GOTOOLCHAIN=local nice go install github.com/google/osv-scanner/v2/cmd/osv-scanner@v2.4.0
	peer="$bin/osv-scanner"
fi
"$bin/measure" --touchstone "$bin/touchstone" --osv-scanner "$peer" "$@"

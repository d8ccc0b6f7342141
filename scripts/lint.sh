#!/usr/bin/env bash
# lint.sh: staticcheck in the version below, a part of the code at a time so that it
# stays within the memory of a small machine.
set -euo pipefail
cd "$(dirname "$0")/.."
go=${GO:-go}
tool=honnef.co/go/tools/cmd/staticcheck@v0.8.2
bin=$(mktemp -d)
trap 'rm -rf "$bin"' EXIT
GOBIN=$bin GOFLAGS=-mod=mod "$go" install "$tool"
others=$("$go" list ./... | grep -vE '/internal/(domain|app|store|web|api|boot|cli|sample)(/|$)')
failed=0
for part in "./internal/domain/..." "./internal/store/... ./internal/app/..." "./internal/web/..." \
	"./internal/api ./internal/boot ./internal/cli ./internal/sample/..." "$others"; do
	# shellcheck disable=SC2086 # a list of packages
	GOGC=50 "$bin/staticcheck" $part || failed=1
done
exit $failed

#!/usr/bin/env bash
# Runs the tests that read a folder of real documents (their names begin with
# TestCorpus). A test that skips itself is a failure here.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ -z "${TOUCHSTONE_CORPUS:-}" ]; then
	echo "Say which folder: make corpus TOUCHSTONE_CORPUS=DIR" >&2
	exit 2
fi
if ! TOUCHSTONE_CORPUS=$(cd "$TOUCHSTONE_CORPUS" 2>/dev/null && pwd); then
	echo "TOUCHSTONE_CORPUS is not a folder." >&2
	exit 2
fi
export TOUCHSTONE_CORPUS
go=${GO:-go}
mapfile -t packages < <(grep -rl --include='*_test.go' '^func TestCorpus' . | grep -v '^./node_modules/\|^./e2e/' | xargs -r -n1 dirname | sort -u)
if [ ${#packages[@]} -eq 0 ]; then
	echo "No test reads the corpus yet."
	exit 0
fi
CGO_ENABLED=0 "$go" test -json -timeout 20m -run '^TestCorpus' "${packages[@]}" 2>&1 | TESTREPORT_STRICT=all "$go" run ./scripts/testreport "corpus"

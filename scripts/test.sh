#!/usr/bin/env bash
# Runs the tests beside a PostgreSQL that its caller has started.
#   test.sh          everything
#   test.sh quick    without the race detector and the browser
#   test.sh e2e      the browser alone
set -euo pipefail
cd "$(dirname "$0")/.."
what=${1:-all}
go=${GO:-go}
report=$(mktemp -d)/testreport
trap 'rm -rf "$(dirname "$report")"' EXIT
"$go" build -o "$report" ./scripts/testreport

failed=0
part() { # name, command…
	local name=$1
	shift
	echo "== $name"
	set +e
	"$@" -json ${TEST_FLAGS:-} 2>&1 | "$report" "$name"
	local rc=$?
	set -e
	[ $rc -eq 0 ] || failed=1
}

if [ "$what" != e2e ]; then
	CGO_ENABLED=0 part "tests" "$go" test -timeout 15m ./...
fi
if [ "$what" = all ] && [ -n "${RACE:-}" ]; then
	# shellcheck disable=SC2086 # a list of packages
	CGO_ENABLED=1 TOUCHSTONE_TEST_ENGINE=postgres part "race detector" "$go" test -race -timeout 15m $RACE
fi
if [ "$what" != quick ] && [ -f e2e/go.mod ]; then
	CGO_ENABLED=0 part "browser" "$go" -C e2e test -timeout 45m -p 1 ./...
fi
if [ $failed -ne 0 ]; then
	echo "Tests failed; the lines above say which."
	exit 1
fi

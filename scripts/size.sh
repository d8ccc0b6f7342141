#!/usr/bin/env bash
# size.sh FILE: fails when the binary has 60 MB or more, which is what it may have.
set -euo pipefail
most=60000000
have=$(wc -c <"$1")
if [ "$have" -ge "$most" ]; then
	echo "$1 has $have bytes; it must stay below $most. See what came in: go tool nm -size -sort size, and go list -deps." >&2
	exit 1
fi
echo "$1 has $have bytes, below $most."

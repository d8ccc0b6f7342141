#!/usr/bin/env bash
# same-bytes.sh: builds the last commit twice, in different folders and each with an
# empty cache, and fails when the two binaries differ. It needs what `make assets`
# made: those files are compared, too, because they are built once for both.
set -euo pipefail
cd "$(dirname "$0")/.."
go=${GO:-go}
version=$(git describe --tags --always)
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
sum=
for folder in one another/deeper; do
	mkdir -p "$work/$folder/cache"
	git archive HEAD | tar -x -C "$work/$folder"
	cp -R internal/web/assets/dist/. "$work/$folder/internal/web/assets/dist/"
	(cd "$work/$folder" && GOCACHE=$work/$folder/cache CGO_ENABLED=0 "$go" build -trimpath -buildvcs=false \
		-ldflags "-s -w -X main.version=$version" -o touchstone ./cmd/touchstone)
	now=$(sha256sum <"$work/$folder/touchstone")
	if [ -n "$sum" ] && [ "$sum" != "$now" ]; then
		echo "The two builds differ: $sum and $now" >&2
		exit 1
	fi
	sum=$now
done
echo "Both builds have the SHA-256 ${sum%% *}."

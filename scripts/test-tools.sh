#!/usr/bin/env bash
# Makes sure that what the tests need beyond Go, Node and make is there: a
# PostgreSQL server, Chromium, a C compiler for the race detector, and the tools
# that read certificate stores and PDF files. Installs
# Debian packages when it may (as root, or with sudo that asks for no password);
# otherwise names what is missing and ends with 1.
set -euo pipefail

have_postgres() {
	command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null ||
		compgen -G '/usr/pgsql-*/bin/initdb' >/dev/null || compgen -G '/opt/homebrew/opt/postgresql*/bin/initdb' >/dev/null
}
have_chromium() {
	command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null
}
have_compiler() { command -v gcc >/dev/null && echo '#include <stdlib.h>' | gcc -E - >/dev/null 2>&1; }

missing() {
	packages=()
	have_postgres || packages+=(postgresql)
	have_chromium || packages+=(chromium fonts-liberation)
	have_compiler || packages+=(gcc libc6-dev)
	command -v certutil >/dev/null || packages+=(libnss3-tools)
	command -v pdfinfo >/dev/null || packages+=(poppler-utils)
}

missing
[ ${#packages[@]} -eq 0 ] && exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
	if sudo -n true 2>/dev/null; then as_root=(sudo -n); else as_root=(refused); fi
fi
if command -v apt-get >/dev/null && [ "${as_root[0]:-}" != refused ]; then
	echo "installing for the tests: ${packages[*]}"
	# No cluster of the package's own is wanted: the tests make and remove theirs.
	"${as_root[@]}" mkdir -p /etc/postgresql-common
	[ -e /etc/postgresql-common/createcluster.conf ] ||
		echo 'create_main_cluster = false' | "${as_root[@]}" tee /etc/postgresql-common/createcluster.conf >/dev/null
	log=$(mktemp)
	if ! { "${as_root[@]}" apt-get update && "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${packages[@]}"; } >"$log" 2>&1; then
		tail -n 20 "$log" >&2
		rm -f "$log"
		echo "The packages could not be installed: ${packages[*]}" >&2
		exit 1
	fi
	rm -f "$log"
	missing
fi
if [ ${#packages[@]} -gt 0 ]; then
	echo "The tests need these Debian packages, which are missing: ${packages[*]}" >&2
	echo "Install them and try again:  sudo apt-get install ${packages[*]}" >&2
	echo "On other systems install the PostgreSQL server, Chromium, gcc, certutil and pdfinfo in your system's way." >&2
	exit 1
fi

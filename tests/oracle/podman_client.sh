#!/bin/sh
# SPDX-License-Identifier: ISC
#
# podman_client.sh CACHE COMMAND [ARGUMENT...]: runs the command with "--client PATH" added, where PATH
# is Debian's podman: unpacked into CACHE with the libraries that it needs, not installed. Its help
# and its complaints about options need nothing else. TAP: fails loudly if it cannot be had.

set -eu

cache=$1
shift
packages="podman libgpgme11 libsubid4 libdevmapper1.02.1 libassuan0"
mkdir -p "$cache"
cache=$(cd "$cache" && pwd)
exec 9>"$cache/lock"
flock 9
if ! [ -x "$cache/podman/podman" ]; then
	work=$(mktemp -d "$cache/fetch.XXXXXX")
	mkdir -p "$work/lists/partial" "$work/tree"
	# shellcheck disable=SC2086 # a list of names
	if ! (cd "$work" && apt-get download $packages || {
		apt-get -o Dir::State::Lists="$work/lists" -o Dir::Cache::pkgcache= \
			-o Dir::Cache::srcpkgcache= update &&
			apt-get -o Dir::State::Lists="$work/lists" -o Dir::Cache::pkgcache= \
				-o Dir::Cache::srcpkgcache= download $packages
	}) >"$work/log" 2>&1; then
		sed 's/^/# apt-get: /' "$work/log"
		echo "Bail out! Debian's podman could not be fetched"
		exit 1
	fi
	for package in "$work"/*.deb; do
		dpkg-deb -x "$package" "$work/tree"
	done
	libraries=$(find "$cache/podman-tree" "$work/tree" -name '*.so*' -printf '%h\n' 2>/dev/null |
		sort -u | sed "s|^$work/tree|$cache/podman-tree|" | tr '\n' ':')
	rm -rf "$cache/podman-tree" "$cache/podman"
	mv "$work/tree" "$cache/podman-tree"
	rm -rf "$work"
	mkdir "$cache/podman.new"
	printf '#!/bin/sh\nLD_LIBRARY_PATH=%s exec %s/podman-tree/usr/bin/podman "$@"\n' \
		"${libraries%:}" "$cache" >"$cache/podman.new/podman"
	chmod 755 "$cache/podman.new/podman"
	mv "$cache/podman.new" "$cache/podman"
fi
exec 9>&-
exec "$@" --client "$cache/podman/podman"

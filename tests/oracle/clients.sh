#!/bin/sh
# SPDX-License-Identifier: ISC
#
# clients.sh CACHE: makes real docker clients available; prints one a line: path, blank, version.
#
# Two kinds: Debian's docker.io package, unpacked into CACHE and not installed (no daemon, no user,
# no service, nothing of the machine changed), and whatever docker is on the PATH. CACHE is filled
# once and used again. Exit status 1, with a reason on standard error, if there is none at all.

set -eu

say() {
	echo "clients.sh: $*" >&2
}

fail() {
	say "$*"
	exit 1
}

# The version of a docker client, by its own word; nothing if it is none (podman can be called
# docker).
client_version() {
	env -i HOME=/nonexistent DOCKER_CONFIG=/nonexistent PATH=/usr/bin:/bin \
		"$1" --version 2>/dev/null |
		sed -n 's/^Docker version \([^ ,]*\),.*/\1/p'
}

# Prints a client and its version; 1 if it is none.
show_client() {
	version=$(client_version "$1")
	[ -n "$version" ] || return 1
	printf '%s %s\n' "$1" "$version"
}

# apt-get with package lists of its own in $1/lists: a fresh machine has none.
private_apt() {
	work=$1
	shift
	mkdir -p "$work/lists/partial"
	apt-get -o Dir::State::Lists="$work/lists" -o Dir::Cache::pkgcache= \
		-o Dir::Cache::srcpkgcache= "$@"
}

# Downloads Debian's package into $1/package.
download() {
	mkdir "$1/package"
	(cd "$1/package" && apt-get download docker.io >"$1/log" 2>&1) ||
		(private_apt "$1" update && cd "$1/package" && private_apt "$1" download docker.io) \
			>"$1/log" 2>&1
}

# Fetches and unpacks; what is in the cache is complete, since the rename comes last.
fetch_debian_client() {
	command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || return 1
	work=$(mktemp -d "$1/fetch.XXXXXX") || return 1
	status=1
	if ! download "$work"; then
		sed 's/^/clients.sh: apt-get: /' "$work/log" >&2
	elif dpkg-deb -x "$work"/package/docker.io_*.deb "$work/tree" &&
		mv "$work/tree/usr/bin/docker" "$1/docker"; then
		status=0
	fi
	rm -rf "$work"
	return "$status"
}

[ $# -eq 1 ] || fail "usage: clients.sh CACHE"
mkdir -p "$1"
cache=$(cd "$1" && pwd)
found=0

if [ -x "$cache/docker" ] || fetch_debian_client "$cache"; then
	show_client "$cache/docker" || fail "$cache/docker does not run as a docker client"
	found=1
else
	say "Debian's docker.io could not be fetched"
fi

on_path=$(command -v docker || true)
if [ -n "$on_path" ] && show_client "$on_path"; then
	found=1
fi

[ "$found" -eq 1 ] || fail "no docker client can be had: the oracle tests cannot run"

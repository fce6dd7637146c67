#!/bin/sh
# SPDX-License-Identifier: ISC
#
# clients.sh CACHE: makes real docker clients available; prints one a line: path, blank, version.
#
# Two kinds: Debian's docker.io package, unpacked into CACHE and not installed (no daemon, no user, no
# service), and whatever docker is on the PATH. CACHE is filled once and used again.
# Exit status 1, with a reason on standard error, if there is none at all or one does not run.

set -eu

fail() {
	echo "clients.sh: $*" >&2
	exit 1
}

# The version that the client itself reports; asking it needs no engine.
client_version() {
	env -i HOME=/nonexistent DOCKER_CONFIG=/nonexistent PATH=/usr/bin:/bin \
		DOCKER_HOST=unix:///nonexistent.sock "$1" version --format '{{.Client.Version}}' 2>/dev/null |
		head -n 1
}

show_client() {
	version=$(client_version "$1") || version=
	[ -n "$version" ] || fail "$1 does not run as a docker client"
	printf '%s %s\n' "$1" "$version"
}

# Fetches Debian's package and unpacks its client; complete only once the last rename is done.
fetch_debian_client() {
	cache=$1
	command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || return 1
	work=$(mktemp -d "$cache/fetch.XXXXXX") || return 1
	if ! (cd "$work" && apt-get download docker.io >log 2>&1); then
		# A fresh machine has no package lists yet.
		if ! apt-get update >"$work/log" 2>&1 ||
			! (cd "$work" && apt-get download docker.io >log 2>&1); then
			sed 's/^/clients.sh: apt-get: /' "$work/log" >&2
			rm -rf "$work"
			return 1
		fi
	fi
	mkdir "$work/tree"
	if ! dpkg-deb -x "$work"/docker.io_*.deb "$work/tree" ||
		! [ -x "$work/tree/usr/bin/docker" ]; then
		rm -rf "$work"
		return 1
	fi
	mv "$work/tree/usr/bin/docker" "$cache/docker.new"
	mv "$cache/docker.new" "$cache/docker"
	rm -rf "$work"
}

[ $# -eq 1 ] || fail "usage: clients.sh CACHE"
mkdir -p "$1"
cache=$(cd "$1" && pwd)

found=0
if [ -x "$cache/docker" ] || fetch_debian_client "$cache"; then
	show_client "$cache/docker"
	found=1
else
	echo "clients.sh: Debian's docker.io could not be fetched" >&2
fi

on_path=$(command -v docker || true)
if [ -n "$on_path" ]; then
	show_client "$on_path"
	found=1
fi

[ "$found" -eq 1 ] || fail "no docker client can be had: the oracle tests cannot run"

#!/bin/bash
# SPDX-License-Identifier: ISC
#
# pam.sh PROGRAM ARGUMENT...: runs a test of sessions where /run, the event log and the accounts are its
# own. As root that is a throwaway host; as anybody else a user namespace in which the user is root, so
# that no test here needs root.

set -u
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/host.sh"

# The user's own root: no other uid exists in it.
enter_own_namespace() {
	if [ "${PAM_INSIDE-}" != 1 ]; then
		unshare --user --map-root-user true 2>/dev/null ||
			skip_all 'neither root nor user namespaces: no private /run and /var/log'
		PAM_INSIDE=1 exec unshare --user --map-root-user --mount --pid --fork --mount-proc bash "$0" "$@"
	fi
	local files
	mount -t tmpfs -o mode=755 none /run && mount -t tmpfs -o mode=755 none /var/log || exit 1
	files=$(mktemp -d -p /run)
	printf '%s\n' root:x:0:0::/root:/bin/sh ai-worker:x:59001:59001::/home/ai-worker:/bin/sh \
		carol:x:59002:59002::/home/carol:/bin/sh >"$files/passwd"
	printf '%s\n' root:x:0: ai-worker:x:59001: carol:x:59002: >"$files/group"
	mount --bind "$files/passwd" /etc/passwd && mount --bind "$files/group" /etc/group || exit 1
}

if [ "$(id -u)" -ne 0 ] || [ "${PAM_INSIDE-}" = 1 ]; then
	enter_own_namespace "$@"
	"$@"
	exit
fi
HOST_ENCLOSE=--with-parent
[ -n "${HOST_INSIDE-}" ] || { obstacle=$(host_obstacle) && [ -z "$obstacle" ]; } || skip_all "$obstacle"
host_enter "$@"
"$@"
status=$?
[ "$status" -eq 0 ] || host_syslog | tail -n 20 | sed 's/^/# syslog: /'
exit "$status"

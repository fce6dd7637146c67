#!/bin/bash
# SPDX-License-Identifier: ISC
#
# pam.sh PROGRAM ARGUMENT...: runs a test of sessions where /run, the event log and the accounts are its
# own. As root that is a throwaway host; as anybody else a user namespace in which the user is root, so
# that no test here needs root.

set -u
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/host.sh"

# Where pam_wrapper looks for services; of these, libpam wants one to be there whatever is asked.
make_services() {
	mkdir "$1" && printf '%s required pam_deny.so\n' auth account password session >"$1/other"
}

# A root folder of the user's own: what is above /run must be root's, and in this namespace the user is
# root and the machine's root is nobody.
own_root() {
	local new=/mnt d
	mount -t tmpfs -o mode=755 none "$new" || exit 1
	for d in /*; do
		case $d in
		/proc | /run | "$new" | /lost+found) mkdir "$new$d" ;;
		*)	if [ -L "$d" ]; then
				ln -s "$(readlink "$d")" "$new$d"
			elif [ -d "$d" ]; then
				mkdir "$new$d" && mount --rbind "$d" "$new$d" || exit 1
			fi ;;
		esac
	done
	mount -t proc none "$new/proc" && mount -t tmpfs -o mode=755 none "$new/run" &&
		mount -t tmpfs -o mode=755 none "$new/var/log" || exit 1
	make_services "$new/run/pam-services"
	printf '%s\n' root:x:0:0::/root:/bin/sh ai-worker:x:59001:59001::/home/ai-worker:/bin/sh \
		carol:x:59002:59002::/home/carol:/bin/sh >"$new/run/passwd"
	printf '%s\n' root:x:0: ai-worker:x:59001: carol:x:59002: >"$new/run/group"
	mount --bind "$new/run/passwd" "$new/etc/passwd" && mount --bind "$new/run/group" "$new/etc/group" || exit 1
	# Not exec: orphans must become children of another process than the test.
	chroot "$new" "$@"
	exit $?
}

[ "${PAM_INSIDE-}" != 1 ] || own_root "$@"
if [ "$(id -u)" -ne 0 ]; then
	unshare --user --map-root-user true 2>/dev/null ||
		skip_all 'neither root nor user namespaces: no /run and /var/log of the test'"'"'s own'
	PAM_INSIDE=1 exec unshare --user --map-root-user --mount --pid --fork bash "$0" "$@"
fi
# shellcheck disable=SC2034  # read by host.sh
HOST_ENCLOSE=--with-parent
[ -n "${HOST_INSIDE-}" ] || { obstacle=$(host_obstacle) && [ -z "$obstacle" ]; } || skip_all "$obstacle"
host_enter "$@"
make_services /run/pam-services
"$@"
status=$?
wrong=$(host_events_wrong) || status=1
[ -z "$wrong" ] || note "$wrong"
[ "$status" -eq 0 ] || host_syslog | tail -n 20 | sed 's/^/# syslog: /'
exit "$status"

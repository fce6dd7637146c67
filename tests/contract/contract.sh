#!/bin/bash
# SPDX-License-Identifier: ISC
#
# contract.sh PROGRAM ARGUMENT...: runs a contract test in a throwaway host, where the event log, /run,
# syslog and accounts are its own.

set -u
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/host.sh"

if [ -z "${HOST_INSIDE-}" ]; then
	obstacle=$(host_obstacle)
	[ -z "$obstacle" ] || skip_all "$obstacle"
	# shellcheck disable=SC2034  # read by host.sh
	HOST_ENCLOSE=--with-parent
fi
host_enter "$@"
echo contract:x:4999:carol >>/etc/group
for facility in auth account password session; do
	echo "$facility required pam_permit.so"
done | host_install_file 644 /etc/pam.d/writ

# What sudo loads must be root's alone; the build folder may be anybody's.
program=("$1")
shift
for argument; do
	case $argument in
	*.so)
		host_install_file 644 "/usr/libexec/contract/${argument##*/}" <"$argument"
		program+=("/usr/libexec/contract/${argument##*/}") ;;
	*) program+=("$argument") ;;
	esac
done
"${program[@]}"
status=$?
wrong=$(host_events_wrong) || status=1
[ -z "$wrong" ] || note "$wrong"
[ "$status" -eq 0 ] || host_syslog | tail -n 20 | sed 's/^/# syslog: /'
exit "$status"

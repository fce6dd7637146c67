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
	HOST_ENCLOSE=--with-parent
fi
host_enter "$@"
echo contract:x:4999:carol >>/etc/group
"$@"
status=$?
[ "$status" -eq 0 ] || host_syslog | tail -n 20 | sed 's/^/# syslog: /'
exit "$status"

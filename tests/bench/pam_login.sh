#!/bin/bash
# SPDX-License-Identifier: ISC
#
# pam_login.sh BUILD: what pam_writ adds to a login, in a throwaway host (pam_login.c).

set -u
# shellcheck source=tests/lib/host.sh
. "$(dirname "$0")/../lib/host.sh"
build=$1
[ -n "${HOST_INSIDE-}" ] || { obstacle=$(host_obstacle) && [ -z "$obstacle" ]; } || host_die "$obstacle"
host_enter "$@"
host_install_build "$build"
cc -O2 -o /usr/bin/pam_login "$HOST_ROOT/tests/bench/pam_login.c" -lpam || exit 1
# libpam loads the modules of "other" at each login as well: they cost the same for both.
for service in permit sshd other; do
	printf '%s required pam_permit.so\n' auth account password session >"/etc/pam.d/$service"
done
# Named sshd: so the module looks at the key too.
echo 'session required pam_writ.so subjects=%nobody,ai-worker' >>/etc/pam.d/sshd
pam_login permit sshd ai-worker

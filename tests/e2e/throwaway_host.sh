#!/bin/bash
# SPDX-License-Identifier: ISC
#
# The throwaway host itself: what is done inside reaches nothing of the machine.

# shellcheck source=tests/lib/e2e.sh
. "$(dirname "$0")/../lib/e2e.sh"

check 'this is the first process' [ $$ -eq 1 ]
is 'a network of its own' "$(tail -n +3 /proc/net/dev | cut -d: -f1 | tr -d ' ')" lo
is 'the real sudo, set-user-ID' "$(stat -c '%U %a' /usr/bin/sudo)" 'root 4755'
is 'no service of the machine' "$(find /run -type s)" ''
is 'no disk' "$(find /dev -type b)" ''
like 'the root is an overlay' "$(stat -f -c %T /)" overlay
cat >"$E2E/audit" <<'EOF'
import errno, socket, sys
try:
    socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 9)
except OSError as error:
    sys.exit(error.errno != errno.EPROTONOSUPPORT)
sys.exit(1)
EOF
check 'the kernel audit log cannot be reached' python3 "$E2E/audit"
like 'set-user-ID programs inherit that' "$(as carol 'grep Seccomp: /proc/self/status'; echo "$out")" 2$
logger -p authpriv.info 'a line for the test'
like 'syslog is recorded' "$(host_syslog)" '(^|
)authpriv\.info .*a line for the test'
host_install_file 644 /etc/sudo.conf </dev/null
echo 'carol ALL=(root) /usr/bin/id' | host_install_file 440 /etc/sudoers.d/carol
runs 'passwords are asked for and checked' carol 'echo "correct horse" | sudo -S id -un 2>/dev/null' root
as carol 'sudo -K; echo wrong | sudo -S id -un'
is 'a wrong one does not do' "$status $out" '1 '
like 'and sudo says so' "$err" '1 incorrect password attempt'
as bob 'echo x | sudo -S id'
is 'who is not in sudoers may do nothing' "$status $out" '1 '
like 'and is asked for a password before' "$err" 'password for bob'
done_testing

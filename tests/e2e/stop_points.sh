#!/bin/bash
# SPDX-License-Identifier: ISC
#
# Set-user-ID programs have their caller as real user, and so are his to stop and kill (kill(2)). They must not be
# while they write: with the lock of the event log in its hand, a stopped su or sudo would let everybody wait.
# At each of their system calls it is looked whether they are (stop_points.py).

# shellcheck source=tests/lib/e2e.sh
. "$(dirname "$0")/../lib/e2e.sh"
# shellcheck source=tests/lib/sshd.sh
. "$(dirname "$0")/../lib/sshd.sh"
pam_stacks
sed -i '1i auth sufficient pam_permit.so' /etc/pam.d/su /etc/pam.d/su-l
printf '%s\n' 'Defaults !lecture' 'carol ALL=(ALL:ALL) NOPASSWD: ALL' | host_install_file 440 /etc/sudoers.d/carol

# points NAME USER WANT COMMAND...: WANT are the kinds of events that it leaves.
points() {
	local name=$1 user=$2 want=$3 output
	shift 3
	rm -f /var/log/writ/events.jsonl /run/writ/sessions/*.json
	output=$(PYTHONPATH=$HOST_LIB PYTHONDONTWRITEBYTECODE=1 python3 "$HOST_ROOT/tests/e2e/stop_points.py" \
		"$user" "$name" "$@" 2>&1)
	check "$name" eval '! grep -qv "^ok\|^#\|^1\.\." <<<"$output" && grep -q "^1\.\.3" <<<"$output"'
	note "$output"
	is "$name: what it wrote" "$(events '[x["event"] for x in e]')" "$want"
}
points 'su to oneself' ai-worker "['session-open', 'session-close']" /usr/bin/su ai-worker -c true
points 'su by another' bob "['session-open', 'session-close']" /usr/bin/su ai-worker -c true
points 'sudo -u ai-worker by an administrator' carol "['session-open', 'session-close']" \
	/usr/bin/sudo -n -u ai-worker /usr/bin/true
points 'sudo by a subject' ai-worker "['decision', 'exit']" /usr/bin/sudo -n docker restart ollama
points 'a refusal' ai-worker "['decision']" /bin/sh -c '/usr/bin/sudo -n docker restart db; :'
done_testing

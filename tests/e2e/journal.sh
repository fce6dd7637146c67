#!/bin/bash
# SPDX-License-Identifier: ISC
#
# The system log, as the real systemd-journald keeps it: an entry for each decision, found by its identifier, which
# no argument and no folder can split, forge or make unreadable.

# shellcheck disable=SC2016,SC2154
# shellcheck source=tests/lib/e2e.sh
. "$(dirname "$0")/../lib/e2e.sh"
# shellcheck source=tests/lib/sshd.sh
. "$(dirname "$0")/../lib/sshd.sh"

# journald in the place of the recorder, for this host alone
rm /dev/log && ln -s /run/systemd/journal/dev-log /dev/log
mkdir -p /run/log/journal
systemd-machine-id-setup >/dev/null 2>&1
/lib/systemd/systemd-journald 2>"$E2E/journald" &
until_true test -S /run/systemd/journal/dev-log -a -S /run/systemd/journal/io.systemd.journal ||
	host_die "journald did not start: $(cat "$E2E/journald")"
pam_stacks
ssh_key one -t ed25519
ssh_authorize ai-worker one
sshd_start

# entries EXPRESSION [MATCH...]: evaluates Python over writ's entries: e is their list
entries() {
	local expression=$1
	shift
	journalctl --sync
	journalctl -q -o json --no-pager SYSLOG_IDENTIFIER=writ _UID=0 "$@" | json "$expression"
}

ssh_as one ai-worker 'cd /tmp && sudo docker restart ollama && sudo docker restart db'
is 'an allowed command and a refused one' "$status $out" '1 ollama'
is 'an entry for each, with its priority' \
	"$(entries '[(x["MESSAGE"].split()[0], x["SYSLOG_FACILITY"], x["PRIORITY"]) for x in e]')" \
	"[('allowed', '10', '6'), ('refused', '10', '5')]"
# Whose _EXE and _COMM it was journald looks up later: the process may have ended by then.
is 'by the process that decided' "$(entries '{x["_PID"] == x["SYSLOG_PID"] for x in e}')" '{True}'
fields='[dict(w.split("=", 1) for w in x["MESSAGE"].split(" : ")[0].split(" ")[1:]) for x in e]'
is 'its fields' "$(entries "[[f[k] for k in ('user', 'code', 'rule', 'tty', 'runas', 'cwd')] for f in $fields]")" \
	"[['ai-worker', 'rule', 'restart-service', '-', 'root', '/tmp'], ['ai-worker', 'no-rule', '-', '-', 'root', '/tmp']]"
is 'session and event are those of the event log' \
	"$(entries "[[f['session'], f['event']] for f in $fields]")" \
	"$(events '[[x["session"], x["id"]] for x in e if x["event"] == "decision"]')"
is 'the session, opened and closed, is in the journal too' \
	"$(journalctl -q -o cat --no-pager | grep -c "session $(events 'e[0]["session"]') \(opened\|closed\)")" 2
as ai-worker 'logger -p authpriv.info -t writ "allowed user=ai-worker code=rule rule=forged session=- event=forged"'
journalctl --sync
is 'what a user says under that name is not taken for it' \
	"$(journalctl -q --no-pager -t writ | grep -c forged) $(entries '[x for x in e if "forged" in x["MESSAGE"]]')" '1 []'

# What a caller would like to be read
forged='session=20261121T224009Z-ffffffff event=20261121T224009Z-ffffffffffffffff'
before=$(entries 'len(e)')
decisions=$(events 'sum(x["event"] == "decision" for x in e)')
as ai-worker "mkdir -p '/tmp/ $forged :' && cd '/tmp/ $forged :' && sudo docker restart x"
as ai-worker "mkdir -p '/tmp/x : y' && cd '/tmp/x : y' && sudo docker restart x"
as ai-worker "cd /tmp && sudo docker restart \$'x\\n<38>writ[1]: allowed user=ai-worker $forged'"
as ai-worker "cd /tmp && sudo show-arguments \$'\\033[2J\\xff\\xc2\\x85\\u202e\\r' \$'\\xf0\\x9f' '$forged'"
as ai-worker 'cd /tmp && sudo show-arguments "$(printf "\\342\\202\\254%.0s" $(seq 2000))"'
as ai-worker 'cd /tmp && sudo -u "x $(printf "%0300d" 0)" id'
as ai-worker 'cd /tmp && WRIT_SESSION=forged WRIT_EVENT=forged SUDO_USER=root USER=root LOGNAME=root sudo docker restart x'
added=$(events 'sum(x["event"] == "decision" for x in e)')
check 'hostile requests are decided' [ $((added - decisions)) -ge 6 ]
is 'each has one entry' "$(entries "len([x for x in e if x['MESSAGE'].startswith(('allowed ', 'refused '))])")" \
	"$((before + added - decisions))"
is 'all of them text, without control characters' \
	"$(entries '[x for x in e if not isinstance(x["MESSAGE"], str) or not x["MESSAGE"].isprintable()]')" '[]'
is 'the first session and event on a line are the real ones' \
	"$(entries '[[x["MESSAGE"].split(k)[1].split()[0] for k in (" session=", " event=")] for x in e]')" \
	"$(events '[[x["session"] or "-", x["id"]] for x in e if x["event"] == "decision"]')"
is 'and the user' "$(entries '{x["MESSAGE"].split(" user=")[1].split()[0] for x in e}')" "{'ai-worker'}"
# The other two plugins
before=$(entries 'len(e)')
echo 'Plugin writ_approval writ.so subjects=ai-worker' | host_install_file 644 /etc/sudo.conf
echo 'Defaults:ai-worker use_pty, log_input, log_output
ai-worker ALL=(root) NOPASSWD: /usr/bin/docker, /usr/bin/show-arguments' | host_install_file 440 /etc/sudoers.d/e2e
as ai-worker 'sudo -n docker restart ollama; sudo -n docker restart db'
is 'by the approval plugin likewise' "$(entries "[x['MESSAGE'].split()[0] for x in e[$before:]]")" "['allowed', 'refused']"
echo 'Plugin writ_audit writ.so subjects=ai-worker' | host_install_file 644 /etc/sudo.conf
mv /var/log/writ/events.jsonl /var/log/writ/kept && mkdir /var/log/writ/events.jsonl
# not by a login, which would be refused for the same reason
setpriv --reuid ai-worker --regid ai-worker --clear-groups sudo -n docker restart ollama >/dev/null 2>&1
like 'and what the audit plugin cannot record' "$(entries '[(x["PRIORITY"], x["MESSAGE"]) for x in e][-1]')" \
	"'3', 'an event of sudo \(accept\) cannot be recorded: "
rmdir /var/log/writ/events.jsonl && mv /var/log/writ/kept /var/log/writ/events.jsonl
host_load_writ ''
is 'a broken policy is an error' "$(echo '{' >/etc/writ/policy.json; as ai-worker 'sudo docker restart ollama'
	entries '[x["PRIORITY"] for x in e if "code=policy-error" in x["MESSAGE"]]')" "['3']"
done_testing

#!/bin/bash
# SPDX-License-Identifier: ISC
#
# The event log: one decision a request, written before anything runs, and one exit a command.

# shellcheck source=tests/lib/e2e.sh
. "$(dirname "$0")/../lib/e2e.sh"
for n in 3 signal look; do
	case $n in
	3) text='exit 3' ;;
	signal) text='kill -TERM $$' ;;
	look) text='tail -n 1 /var/log/writ/events.jsonl' ;;
	esac
	printf '#!/bin/sh\n%s\n' "$text" | e2e_program "end-$n"
done
e2e_policy '{ "id": "ends", "effect": "allow",
	"program": ["/usr/bin/end-3", "/usr/bin/end-signal", "/usr/bin/end-look"], "argv": [[]] },'

runs 'the decision is in the log before the command runs' ai-worker 'umask 0; cd /tmp; sudo end-look'
is 'it is this one' "$(json '[(x["event"], x["decision"], x["program"]) for x in e]' <<<"$out")" \
	"[('decision', 'allow', '/usr/bin/end-look')]"
log=/var/log/writ/events.jsonl
is 'the log'"'"'s owner and mode, whatever the caller'"'"'s umask' "$(stat -c '%U %G %a' $log)" 'root adm 640'
is 'its folder is no one else'"'"'s to write' "$(find /var/log/writ -maxdepth 0 -perm /022)" ''

as ai-worker 'sudo end-3'
is 'the command'"'"'s exit status is sudo'"'"'s' "$status" 3
as ai-worker 'sudo end-signal'
check 'a signal shows in the status' [ "$status" -ge 128 ]
refused 'a refusal' ai-worker 'sudo docker restart db' no-rule
refused 'one of an option of sudo' ai-worker 'sudo -u bob show-arguments' option-of-sudo

is 'events in order' "$(events '" ".join(x["decision"] if x["event"] == "decision" else x["event"] for x in e)')" \
	'allow exit allow exit allow exit deny deny deny deny'
is 'every event has these' \
	"$(events '[k for x in e for k in "time host event id session user uid".split() if k not in x]')" '[]'
is 'every decision these too' \
	"$(events '[k for x in e if x["event"] == "decision" for k in
		"decision code rule command program argv runas cwd tty reason nearest policy".split() if k not in x]')" '[]'
is 'ids are unique' "$(events 'len({x["id"] for x in e}) == len(e)')" True
is 'UTC with microseconds' "$(events '{"".join("9" if c.isdigit() else c for c in x["time"]) for x in e}')" \
	"{'9999-99-99T99:99:99.999999Z'}"
is 'who and where' "$(events '[e[0][k] for k in ("user", "uid", "host", "cwd")]')" \
	"['ai-worker', $(id -u ai-worker), 'writ-host', '/tmp']"
is 'which policy' "$(events '[e[0]["policy"]["path"], len(e[0]["policy"]["sha256"])]')" "['/etc/writ/policy.json', 64]"
is 'an exit with its status' "$(events '[x.get("status") for x in e if x["event"] == "exit"][:2]')" '[0, 3]'
is 'one with its signal' "$(events '[bool(x.get("signal")) for x in e if x["event"] == "exit"]')" '[False, False, True]'
is 'an exit says how long it took' "$(events 'all(0 <= x["seconds"] < 600 for x in e if x["event"] == "exit")')" True
is 'an exit names its decision' \
	"$(events '[d["id"] for d in e if d["event"] == "decision" and d["decision"] == "allow"] ==
		[x["decision_id"] for x in e if x["event"] == "exit"]')" True
is 'of a refusal: code and rule' \
	"$(events '[(x["code"], x["rule"]) for x in e if x.get("decision") == "deny"][-1]')" "('option-of-sudo', None)"

lines=$(host_syslog | grep -c 'writ.*decision\|writ.*refused\|writ.*denied\|writ.*allowed')
check 'syslog has the essentials of each' [ "$lines" -ge 7 ]
unlike 'in authpriv' "$(host_syslog | grep ' writ')" '(^|
)(auth|user|daemon)\.'

printf '{"torn' >>$log
runs 'after a torn line' ai-worker 'sudo docker restart ollama' ollama
is 'the next event has a line of its own' \
	"$(tail -n 2 $log | json '[x["event"] for x in e]')" "['decision', 'exit']"

before=$(wc -l <"$E2E/started" 2>/dev/null || echo 0)
mount -t tmpfs -o ro none /var/log/writ
as ai-worker 'sudo show-arguments unlogged'
check 'a decision that cannot be written is a refusal' is_refusal
is 'and nothing ran' "$(wc -l <"$E2E/started" 2>/dev/null || echo 0)" "$before"
as carol 'sudo -n id'
like 'others still get sudoers'"'"' answer' "$err" 'password is required'
umount /var/log/writ
runs 'afterwards it runs again' ai-worker 'sudo docker restart ollama' ollama

python3 -c 'import socket; socket.sethostname(b"x\"\n\xff\x1b")'
as ai-worker 'sudo docker restart ollama'
is 'a host name of any bytes stays within its field' "$status $(tail -n 2 $log | json '[(x["event"], x["host"]) for x in e]')" \
	"0 $(python3 -c 'print([(x, "x\"\n\ufffd\x1b") for x in ("decision", "exit")])')"
hostname writ-host

# What a crash of the machine may leave at the end of a file
truncate -s +100 $log
runs 'after zeros at the end' ai-worker 'sudo docker restart ollama' ollama
is 'the next event has a line of its own again' "$(tail -n 2 $log | json '[x["event"] for x in e]')" "['decision', 'exit']"
done_testing

#!/bin/bash
# SPDX-License-Identifier: ISC
#
# The kernel's audit log, as the real auditd writes it and ausearch reads it: a record for each decision,
# found by the session, with nothing in it that the caller could have forged or cut away.

# shellcheck disable=SC2016,SC2154
lib=$(cd "$(dirname "$0")/../lib" && pwd)
if [ -z "${AUDIT_FD-}" ]; then
	# shellcheck source=tests/lib/tap.sh
	. "$lib/tap.sh"
	obstacle=$(python3 "$lib/auditd.py" --obstacle 2>&1)
	[ -z "$obstacle" ] || skip_all "$obstacle"
	exec python3 "$lib/auditd.py" bash "$0" "$@"
fi
# shellcheck disable=SC2034
HOST_ENCLOSE=--audit
# shellcheck source=tests/lib/e2e.sh
. "$lib/e2e.sh"
# shellcheck source=tests/lib/sshd.sh
. "$lib/sshd.sh"
pam_stacks
ssh_key one -t ed25519
ssh_authorize ai-worker one
ssh_authorize carol one
sshd_start
echo 'carol ALL=(root) NOPASSWD: /usr/bin/docker' | host_install_file 440 /etc/sudoers.d/carol
marks=0
# auditd itself knows the machine's accounts only
who="(ai-worker|unknown\($(id -u ai-worker)\))"

# marked: whether the last mark has reached the log; takes a copy of it
marked() {
	cat "/proc/self/fd/$AUDIT_FD" >"$E2E/audit.log"
	grep -q "mark-$$-$marks" "$E2E/audit.log"
}

# search ARGUMENT...: ausearch over all that was written until now
search() {
	marks=$((marks + 1))
	auditctl -m "mark-$$-$marks" && until_true marked || return
	# it has no colour and no pager where it is not a terminal
	ausearch -if "$E2E/audit.log" -m USER_CMD "$@" </dev/null 2>/dev/null | grep ^type=
}

# fields: the names of a record's fields, in order
fields() {
	grep -oE "(^| |')[a-z_-]+=" | tr -d " '=" | tr '\n' ' '
}

# sessions: the audit session of each login
sessions() {
	events '" ".join(str(x["audit_session"]) for x in e if x["event"] == "session-open")'
}

# decided N: the id of the Nth decision
decided() {
	events "[x['id'] for x in e if x['event'] == 'decision'][$1]"
}

ssh_as one ai-worker 'cd /tmp && sudo docker restart ollama && sudo docker restart db'
is 'an allowed command and a refused one, in a session' "$status $out" '1 ollama'
session=$(sessions)
like 'it has an audit session' "$session" '^[0-9]+$'
search -i --session "$session" >"$E2E/found"
own() { grep writ_event; }
is 'the session finds both' "$(own <"$E2E/found" | wc -l)" 2
like 'the allowed one, as people read it' "$(own <"$E2E/found" | head -n 1)" \
	"^type=USER_CMD msg=audit\([^)]*\) : pid=[0-9]+ uid=root auid=$who ses=$session msg='cwd=/tmp cmd=docker restart ollama writ_event=$(decided 0) exe=/usr/bin/sudo hostname=\? addr=\? terminal=\? res=success' ?$"
like 'the refused one' "$(own <"$E2E/found" | tail -n 1)" \
	" auid=$who ses=$session msg='cwd=/tmp cmd=docker restart db writ_event=$(decided 1) .* res=failed' ?$"
is 'both, by their result' \
	"$(search --session "$session" --success yes | own | wc -l) $(search --session "$session" --success no | own | wc -l)" '1 1'
is 'another session has none of them' "$(search --session $((session + 1000)))" ''
is 'and by the account that logged in' "$(search -i -ul "$(id -u ai-worker)" | own | wc -l)" 2

ssh_as one carol 'cd /tmp && sudo -n docker ps'
is 'sudoers'"'"' own record has the same fields, and no more' \
	"$(search -ul "$(id -u carol)" | tail -n 1 | sed "s/ writ_event=[^ ]*//; s/ hostname=? addr=?//" | sed 's/\x1d.*//' | fields)" \
	"$(search --session "$session" | own | head -n 1 | sed "s/ writ_event=[^ ]*//; s/ hostname=? addr=?//" | sed 's/\x1d.*//' | fields)"

# With a terminal
python3 - <<'EOF2'
import os, pty, subprocess
leader, terminal = pty.openpty()
subprocess.run(['setsid', '-c', 'sudo', '-n', 'docker', 'restart', 'on-a-tty'], stdin=terminal, stdout=terminal,
               stderr=terminal, user='ai-worker', group='ai-worker', extra_groups=[], cwd='/')
EOF2
like 'the terminal' "$(search -i | own | tail -n 1)" " cmd=docker restart on-a-tty .* terminal=pts/[0-9]+ res=failed' ?$"

# What a caller would like to be read
records_before=$(search | wc -l)
ssh_as one ai-worker "sudo docker restart \$'x res=success\\''$'\\ntype=USER_CMD msg=audit(1.0:1): pid=1 uid=0 auid=0 ses=1 msg=\\'cwd=\"/\" cmd=\"forged\" res=success\\''"
search -i >"$E2E/found"
is 'arguments make no record but the one that says what was asked' \
	"$(($(wc -l <"$E2E/found") - records_before)) $(tail -n 1 "$E2E/found" | grep -c "res=failed' *$")" '1 1'
is 'and put nothing into a field' "$(search --session 1; search --success yes | tail -n 1 | grep -c forged)" 0
line='d=/tmp; for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do d="$d/$(printf "%%200s" " ")"; mkdir -p "$d"; done
	cd "$d" && sudo docker restart hidden; sudo show-arguments '
# shellcheck disable=SC2059
ssh_as one ai-worker "$(printf "$line")"
search -i >"$E2E/found"
like 'a folder of 3000 blanks does not push out the command' "$(own <"$E2E/found" | tail -n 2 | head -n 1)" \
	" cmd=docker restart hidden writ_event=$(decided -2) .* res=failed' ?$"
ssh_as one ai-worker 'cd /tmp; sudo show-arguments "$(printf "%5000s" " ")"'
like 'a long command does not push out the result' "$(search -i | own | tail -n 1)" \
	"'cwd=/tmp cmd=.* writ_event=$(decided -1) .* res=success' ?$"
ssh_as one ai-worker 'cd /tmp; sudo show-arguments "$(printf "\033[2J\377\n")"'
unlike 'no record speaks to a terminal' "$(search -i)" $'[\x01-\x08\x0b-\x1f\x7f]'

# A container's root may have no right to audit: that is no reason to refuse.
records_before=$(search | own | wc -l)
setpriv --bounding-set=-audit_write --reuid ai-worker --regid ai-worker --clear-groups sudo -n docker restart ollama >"$E2E/out" 2>&1
is 'without the right to audit, it runs all the same' "$? $(tail -n 1 "$E2E/out")" '0 ollama'
is 'unaudited' "$(search | own | wc -l)" "$records_before"
unlike 'the system log has no complaint' "$(host_syslog)" 'missing from'
done_testing

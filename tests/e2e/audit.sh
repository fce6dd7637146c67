#!/bin/bash
# SPDX-License-Identifier: ISC
#
# writ_audit beside any policy: every accept, reject and error of sudo becomes an event, and every end of
# a command; what writ decided itself is there once. The line is the README's.

# shellcheck source=tests/lib/e2e.sh
. "$(dirname "$0")/../lib/e2e.sh"
# shellcheck source=tests/lib/readme.sh
. "$(dirname "$0")/../lib/readme.sh"
line=$(readme_block audit.sh /etc/sudo.conf)
log=/var/log/writ/events.jsonl

# load LINE...: sudo.conf, the README's line last
load() {
	printf '%s\n' "$@" "$line" | host_install_file 644 /etc/sudo.conf
}

# told NAME USER LINE WANT: the events of what USER does, as "kind plugin/type program"
told() {
	rm -f $log
	as "$2" "$3"
	is "$1" "$(events '"; ".join(" ".join([x["event"]] + (["%s/%s" % (x["plugin"], x["plugin_type"])]
		if "plugin_type" in x else [x["plugin"]] if "plugin" in x else []) + ([str(x["program"])] if "program" in x else []))
		for x in e)' 2>/dev/null)" "$4"
	[ ! -e $log ] || cat $log >>"$HOST_FILES/all"
}
accepted='accept sudoers_policy/policy %s; accept sudo/front-end %s; exit'
both() { printf "${accepted//%s/$1}"; }
of() { events "$1"; }

printf '#!/bin/sh\nkill -TERM $$\n' | e2e_program end-signal
echo '#!/usr/bin/no-such-interpreter' | e2e_program broken
host_install_file 440 /etc/sudoers.d/carol <<'EOF'
carol ALL=(ALL:ALL) ALL, NOPASSWD: /usr/bin/id, /bin/sh, /usr/bin/sh, /usr/bin/end-signal, /usr/bin/env
carol ALL=(root) NOPASSWD: LOG_OUTPUT: /usr/bin/uname
EOF

load
told 'a command by plain sudoers' carol 'sudo -n id -un' "$(both /usr/bin/id)"
is 'who, what, as whom, where' \
	"$(of '[e[1][k] for k in ("user", "uid", "host", "argv", "runas", "tty", "reason")]')" \
	"['carol', 59002, 'writ-host', ['id', '-un'], 'root', None, None]"
is 'the exit is that of the accept' "$(of 'e[2]["decision_id"] == e[1]["id"], e[2]["status"]')" '(True, 0)'
told 'an exit status' carol 'sudo -n sh -c "exit 7"' "$(both /usr/bin/sh)"
is 'is in its exit' "$(of 'e[2]["status"], e[2]["signal"]')" '(7, None)'
told 'a signal' carol 'sudo -n end-signal' "$(both /usr/bin/end-signal)"
is 'likewise' "$(of 'e[2]["status"], e[2]["signal"]')" '(None, 15)'
told 'as another user and group' carol 'sudo -n -u bob -g adm env' "$(both /usr/bin/env)"
is 'says so' "$(of 'e[1]["runas"], e[1]["runas_group"]')" "('bob', 'adm')"
told 'with an I/O log' carol 'sudo -n uname' "$(both /usr/bin/uname)"
check 'names its folder' [ -d "$(of 'e[1]["iolog_path"]')" ]
told 'of root as of anybody' root 'sudo id -un' "$(both /usr/bin/id)"
told 'in the background' carol 'sudo -n -b id >/dev/null; while pgrep -x sudo >/dev/null; do :; done' "$(both /usr/bin/id)"
told 'a claim of the caller' carol 'WRIT_TASK=nightly sudo -n id' "$(both /usr/bin/id)"
is 'is a claim' "$(of 'e[0]["claims"]')" "{'WRIT_TASK': 'nightly'}"

told 'a password that was needed' carol 'sudo -n true' 'error sudoers_policy/policy None'
is 'with sudoers'"'"' reason and the command as asked' "$(of 'e[0]["argv"], e[0]["reason"] != ""')" "(['true'], True)"
told 'wrong passwords' carol 'printf "a\nb\nc\n" | sudo -S true' 'reject sudoers_policy/policy /usr/bin/true'
like 'are said to be' "$(of 'e[0]["reason"]')" 'authentication failure'
told 'somebody who is not in sudoers' bob 'echo x | sudo -S id' 'reject sudoers_policy/policy /usr/bin/id'
told 'what cannot be executed' root 'sudo broken' "$(both /usr/bin/broken)"
is 'has an exit with the error' "$(of 'e[2]["status"], e[2]["error"]')" "(None, 'No such file or directory')"
told 'a listing' carol 'sudo -n -l id' 'accept sudoers_policy/policy list'
told 'a validation' carol 'echo "correct horse" | sudo -S -v' 'accept sudoers_policy/policy validate'
told 'nothing to accept' carol 'sudo -k; sudo -V >/dev/null' ''
told 'words that are no text' carol "sudo -n sh -c : \$'\\xff\\x1b[2J' \$'a\\nb'" "$(both /usr/bin/sh)"
unlike 'never speak to a terminal' "$(cat $log)" $'[\x01-\x09\x0b-\x1f\x7f]'
is 'and are kept as bytes' "$(of 'len(e[1]["argv_raw"]) == len(e[1]["argv"])')" True

load 'Plugin other_policy other.so'
install -m 644 "$WRIT_BUILD/tests/e2e/other.so" /usr/libexec/sudo/other.so
told 'another policy plugin accepts' carol 'sudo /usr/bin/id' \
	'accept other_policy/policy /usr/bin/id; accept sudo/front-end /usr/bin/id; exit'
told 'and rejects' carol 'sudo reject me' 'reject other_policy/policy /usr/bin/true'
is 'in its words' "$(of 'e[0]["reason"], e[0]["argv"]')" "('it is not allowed', ['reject', 'me'])"
told 'and fails' carol 'sudo fail' 'error other_policy/policy /usr/bin/true'
is 'likewise' "$(of 'e[0]["reason"]')" 'it failed'

load 'Plugin writ_policy writ.so subjects=ai-worker' 'Plugin sudoers_io sudoers.so' 'Plugin sudoers_audit sudoers.so'
told 'with writ_policy: a decision and an exit, once' ai-worker 'sudo docker restart ollama' \
	'decision writ_policy /usr/bin/docker; exit'
told 'a refusal once' ai-worker 'sudo docker restart db' 'decision writ_policy /usr/bin/docker'
told 'a listing, which is no decision' ai-worker 'sudo -l' 'accept writ_policy/policy list'
told 'a question' ai-worker 'sudo -l docker restart db' 'reject writ_policy/policy list'
told 'what goes to sudoers is its word' carol 'sudo -n id' "$(both /usr/bin/id)"
told 'also when it rejects' bob 'echo x | sudo -S id' 'reject sudoers_policy/policy /usr/bin/id'
is 'the exit of a subject once' "$(as ai-worker 'sudo docker restart ollama'; of '[x["event"] for x in e].count("exit")')" 1

load 'Plugin writ_approval writ.so subjects=ai-worker'
echo 'Defaults:ai-worker use_pty, log_input, log_output
ai-worker ALL=(root) NOPASSWD: /usr/bin/docker, /usr/bin/show-arguments' | host_install_file 440 /etc/sudoers.d/ai-worker
told 'with writ_approval: sudoers, writ, and the exit' ai-worker 'sudo docker restart ollama' \
	'accept sudoers_policy/policy /usr/bin/docker; decision writ_approval /usr/bin/docker; exit'
is 'the exit is that of the decision' "$(of 'e[2]["decision_id"] == e[1]["id"]')" True
told 'sudoers agreed, writ did not' ai-worker 'sudo docker restart db' \
	'accept sudoers_policy/policy /usr/bin/docker; decision writ_approval /usr/bin/docker'
told 'sudoers did not' ai-worker 'sudo -n id' 'error sudoers_policy/policy None'

# A log that cannot be written: for those named on the line nothing runs then, nobody else is stopped
host_install_file 644 /etc/sudo.conf <<<"$line subjects=ai-worker"
rm -f $log && mkdir -p $log
runs 'an event that cannot be written stops nobody' carol 'sudo -n id -un' root
as ai-worker 'sudo -n show-arguments x'
is 'but those for whom it must be' "$status $out" '1 '
like 'with a reason' "$err" 'cannot be recorded'
is 'nothing was run' "$(grep -c . "$E2E/started")" 0
like 'the administrator is told of both' "$(host_syslog | grep -c 'an event of sudo (accept) cannot be recorded')" '^[2-9]'
rmdir $log
runs 'with the log back it runs' ai-worker 'sudo -n show-arguments x' "[b'x']"

# Every line is as the schema says
is 'every event of all these fits the schema' \
	"$(wc -l <"$HOST_FILES/all" | grep -c '[4-9]. *$') $(python3 "$HOST_LIB/event_schema.py" "$HOST_ROOT/policies/schema" "$HOST_FILES/all" 2>&1)" '1 '
done_testing

#!/bin/bash
# SPDX-License-Identifier: ISC
#
# Many hosts, one log: sudo_logsrvd gets what ran, with its input and output, and what was refused.

# shellcheck source=tests/lib/e2e.sh
. "$(dirname "$0")/../lib/e2e.sh"
# shellcheck source=tests/lib/logserver.sh
. "$(dirname "$0")/../lib/logserver.sh"

# policy IOLOG: the settings of the I/O log, as JSON members.
policy() {
	host_install_file 644 /etc/writ/policy.json <<-EOC
		{ "version": 1,
		  "defaults": { "iolog": { "log_servers": "127.0.0.1:$LOGSERVER_PORT", "log_server_timeout": "10s"${1:+, $1} } },
		  "rules": [
		    { "id": "arguments", "effect": "allow",
		      "program": ["/usr/bin/show-arguments", "/usr/bin/wait-here"], "argv": [[{ "rest": true }]] },
		    { "id": "files", "effect": "allow", "command": "tail",
		      "operands": { "FILE": { "path": { "under": ["/srv"] } } } },
		    { "id": "no-privileged", "effect": "deny", "command": "docker run",
		      "when": [{ "option": "privileged" }], "reason": "a privileged container is root on the host" }
		  ] }
	EOC
}
e2e_program wait-here <<'EOC'
#!/bin/sh
echo waiting
read -r line </run/e2e/fifo
echo "got $line"
exit 3
EOC
mkfifo "$E2E/fifo"

echo "listen_address = 127.0.0.1:$LOGSERVER_PORT" | logserver_configure
logserver_start
second_host
policy

# --- the server is there: what runs is recorded live

runs 'a command whose log is required' ai-worker 'sudo show-arguments one "two words" back\\' \
	"[b'one', b'two words', b'back\\\\']"
check 'is logged by the server' test "$(server_events '[x["runargv"] for x in e if x["event"] == "accept"]')" = \
	"[['show-arguments', 'one', 'two words', 'back\\\\']]"
is 'with the event that decided on it' "$(server_events '[id(x) for x in e if x["event"] == "accept"]')" \
	"$(events '[x["id"] for x in e if x["event"] == "decision"]')"
is 'which says where the log is' "$(events '[(x["iolog"], x["log_servers"]) for x in e if x["event"] == "decision"]')" \
	"[(None, ['127.0.0.1:$LOGSERVER_PORT'])]"
is 'not on this host' "$(find /var/log/sudo-io -name log.json 2>/dev/null)" ''
log=$(server_events '[x["iolog_path"] for x in e if x["event"] == "accept"][0]')
like 'its output is there' "$(cat "$log"/stdout "$log"/ttyout)" 'two words'
is 'and how it ended' "$(server_events '[x["exit_value"] for x in e if x["event"] == "exit"]')" '[0]'
on_second su - ai-worker -c 'sudo show-arguments from the second' >/dev/null 2>&1
is 'another host is told by its name' \
	"$(server_events '[(x["submithost"], x["runargv"][-1]) for x in e if x["event"] == "accept"][-1]')" \
	"('second-host', 'second')"

as ai-worker 'sudo -b show-arguments background'
has_ended() {
	[ "$(events 'e[-1]["event"]')" = exit ]
}
wait_until has_ended
is 'one in the background has one end' "$(events '[(x["event"], x.get("status")) for x in e][-2:]')" \
	"[('decision', None), ('exit', 0)]"

# --- what is refused waits, and is sent

refused 'a refusal' ai-worker 'sudo docker run --privileged alpine' rule no-privileged
is 'waits' "$(spooled)" 2
is 'for root alone' "$(stat -c '%U %G %a' /var/spool/writ)" 'root root 700'
is 'is nowhere else yet' "$(server_events '[x for x in e if x["event"] == "reject"]')" '[]'
on_second su - ai-worker -c 'sudo docker restart db' >/dev/null 2>&1
out=$(writ forward 2>&1) status=$?
is 'writ forward sends it' "$status $out" '0 sent 2 refused, 0 accepted; 0 wait, 0 still run, 0 broken'
is 'and it waits no more' "$(spooled)" 0
is 'the server has the reason' "$(server_events '[x["reason"] for x in e if x["event"] == "reject"][0]')" \
	"$(events '[x["reason"] for x in e if x.get("decision") == "deny"][0]')"
is 'who, what, where' \
	"$(server_events '[(x["submituser"], x["submithost"], x["command"], x["runargv"], x["submitcwd"]) for x in e if x["event"] == "reject"][0]')" \
	"('ai-worker', 'writ-host', '/usr/bin/docker', ['docker', 'run', '--privileged', 'alpine'], '/home/ai-worker')"
is 'and the ids of the events' "$(server_events '[id(x) for x in e if x["event"] == "reject"]')" \
	"$(events '[x["id"] for x in e if x.get("decision") == "deny"]')"
like 'rule and code too' "$(server_events '[x["runenv"] for x in e if x["event"] == "reject"][0]')" \
	"WRIT_CODE=rule.*WRIT_RULE=no-privileged"
on_second writ forward >/dev/null
is 'the other host sends its own' "$(server_events '[x["submithost"] for x in e if x["event"] == "reject"][-1]')" second-host
out=$(writ forward 2>&1) status=$?
is 'nothing waits, nothing is said' "$status $out" '0 '
as ai-worker 'sudo tail /srv/logs/missing'
reason=$(events 'e[-1]["reason"]')
unlike 'what root saw is in the event, not what the subject is told' "$err" "${reason//[^a-z ]/.}"
quiet writ forward
is 'nor in a command line: the reason is what it was told' \
	"$(server_events 'e[-1]["reason"] in more' "$err")" True
is 'all of it follows where nobody can look' \
	"$(server_events '[v[12:] for v in e[-1]["runenv"] if v.startswith("WRIT_REASON=")]')" "['$reason']"

# --- the server is down

logserver_stop KILL
before=$(wc -l <"$E2E/started")
as ai-worker 'sudo show-arguments unlogged'
check 'a command whose log is required is not started' test "$status" -ne 0
is 'indeed' "$(wc -l <"$E2E/started")" "$before"
like 'why is said' "$err" 'log server'
is 'and its end is an event' "$(events '[e[-1]["event"], e[-1]["status"], bool(e[-1]["error"])]')" "['exit', None, True]"
refused 'a refusal is still one' ai-worker 'sudo docker run --privileged alpine' rule no-privileged
out=$(writ forward 2>&1) status=$?
is 'writ forward cannot send' "$status" 1
like 'and says why' "$out" "127.0.0.1:$LOGSERVER_PORT.*[Cc]onnection refused"
is 'what waited waits on' "$(spooled)" 2

policy '"required": false'
runs 'a command whose log is not required runs' ai-worker 'sudo show-arguments kept back\\' \
	"[b'kept', b'back\\\\']"
is 'its log is kept here' "$(find /var/log/sudo-io -name log.json | wc -l)" 1
as ai-worker 'echo now >/run/e2e/nothing 2>/dev/null; true'
su - ai-worker -c 'sudo wait-here' </dev/null >/dev/null 2>&1 &
waiting=$!
wait_until grep -rqs waiting /var/log/sudo-io
logserver_start
out=$(writ forward 2>&1) status=$?
is 'the server is back: all is sent but what still runs' "$status $out" \
	'0 sent 2 refused, 1 accepted; 0 wait, 1 still run, 0 broken'
echo line >"$E2E/fifo"
wait "$waiting"
out=$(writ forward 2>&1) status=$?
is 'and that when it has ended' "$status $out" '0 sent 0 refused, 1 accepted; 0 wait, 0 still run, 0 broken'
is 'with its event' "$(server_events '[id(x) for x in e if x["event"] == "accept"][-2:]')" \
	"$(events '[x["id"] for x in e if x.get("decision") == "allow"][-2:]')"
is 'its arguments' "$(server_events '[x["runargv"] for x in e if x["event"] == "accept"][-2]')" \
	"['show-arguments', 'kept', 'back\\\\']"
is 'how it ended' "$(server_events '[x["exit_value"] for x in e if x["event"] == "exit"][-2:]')" '[0, 3]'
log=$(server_events '[x["iolog_path"] for x in e if x["event"] == "accept"][-1]')
like 'what it wrote' "$(sudoreplay -d "$LOGS/io/writ-host" -n "${log#"$LOGS/io/writ-host/"}" 2>&1)" 'got line'
check 'the log here stays' test "$(find /var/log/sudo-io -name log.json | wc -l)" -eq 2
runs 'while the server is there' ai-worker 'sudo show-arguments live' "[b'live']"
is 'such a command is logged there at once' "$(server_events '[x["runargv"][-1] for x in e if x["event"] == "accept"][-1]')" live
is 'and not here' "$(find /var/log/sudo-io -name log.json | wc -l) $(spooled)" '2 0'

# --- the server goes away while a command runs

server_has_more() {
	[ "$(server_events 'len(e)')" -gt "$1" ]
}

# wait_and_kill RUNS: starts wait-here, kills the server, lets it go on. Leaves its output in out.
wait_and_kill() {
	local n
	n=$(server_events 'len(e)')
	su - ai-worker -c 'sudo wait-here' </dev/null >"$E2E/out" 2>&1 &
	waiting=$!
	wait_until grep -qs waiting "$E2E/out"
	wait_until server_has_more "$n"
	logserver_stop KILL
	[ "$1" = no ] || echo after >"$E2E/fifo"
	wait "$waiting"
	out=$(cat "$E2E/out")
	logserver_start
}
wait_and_kill yes
like 'a command whose log is not required goes on' "$out" 'got after'
like 'the system log says that its log is cut off' "$(host_syslog)" 'log server ended before'
policy
wait_and_kill no
unlike 'one whose log is required is killed' "$out" 'got'
is 'indeed' "$(pgrep -f /usr/bin/wait-here)" ''
is 'and its end is an event' "$(events '(e[-1]["event"], e[-1]["status"], bool(e[-1]["error"]))')" "('exit', None, True)"

# --- the server answers for all hosts

on_server() {
	local subcommand=$1
	shift
	writ "$subcommand" "$@" --iolog-dir "$LOGS/io" --events "$LOGS/events.json"
}
is 'writ log: who was refused where' \
	"$(on_server log --decision deny --json | json '[(x["host"], x["user"], x["argv"][1]) for x in e]')" \
	"[('writ-host', 'ai-worker', 'run'), ('writ-host', 'ai-worker', 'run'), ('second-host', 'ai-worker', 'restart'), \
('writ-host', 'ai-worker', '/srv/logs/missing'), \
('writ-host', 'ai-worker', 'run'), ('writ-host', 'ai-worker', 'run')]"
is 'what one host ran' "$(on_server log --host second-host --event decision --decision allow --json |
	json '[x["argv"] for x in e]')" "[['show-arguments', 'from', 'the', 'second']]"
is 'the same ids as on the host' \
	"$(on_server log --host writ-host --event decision --json | json 'sorted(x["id"] for x in e)')" \
	"$(events 'sorted(x["id"] for x in e if x["event"] == "decision" and "unlogged" not in x["argv"])')"
is 'how they ended' "$(on_server log --event exit --json | json '[(x["host"], x["status"]) for x in e]')" \
	"[('writ-host', 0), ('second-host', 0), ('writ-host', 0), ('writ-host', 0), ('writ-host', 3), ('writ-host', 0)]"
like 'whose output held this' "$(on_server log --output-contains 'got line')" 'wait-here'
id=$(events '[x["id"] for x in e if x.get("decision") == "allow" and "wait-here" in x["argv"]][0]')
like 'writ show joins it to its I/O log' "$(on_server show "$id" 2>&1)" 'ttyout|stdout'
like 'writ replay plays it' "$(writ replay "$id" --iolog-dir "$LOGS/io" --events "$LOGS/events.json" </dev/null 2>&1)" 'got line'

like 'nothing is missing there' "$(on_server log --verify 2>&1)" 'nothing is missing'
like 'nor on the host, whose logs are elsewhere' "$(writ log --verify 2>&1)" 'nothing is missing'

# shellcheck disable=SC2046
check 'the units are in order' quiet systemd-analyze --man=no verify \
	$(find /usr -path '*/systemd/system/writ-forward.*')
is 'which are three' "$(find /usr -path '*/systemd/system/writ-forward.*' | wc -l)" 3

kill "$second_pid"
logserver_stop
done_testing

#!/bin/bash
# SPDX-License-Identifier: ISC
#
# What ran is recorded by sudo's own I/O logging and can be replayed; what was refused leaves none;
# what cannot be recorded does not run.

# shellcheck source=tests/lib/e2e.sh
. "$(dirname "$0")/../lib/e2e.sh"
e2e_program both-ways <<'EOF'
#!/bin/sh
read -r line
echo "read <$line>"
echo 'to standard error' >&2
EOF
e2e_policy '{ "id": "both-ways", "effect": "allow", "program": ["/usr/bin/both-ways"], "argv": [[]] },'

as ai-worker 'sudo docker restart db'
check 'the refusal is one' is_refusal
check 'and leaves no I/O log' [ -z "$(find /var/log/sudo-io -name log.json 2>/dev/null)" ]

runs 'a command with input and output' ai-worker 'echo hello | sudo both-ways' 'read <hello>'
log=$(dirname "$(find /var/log/sudo-io -name log.json)")
like 'one log, below the user'"'"'s folder' "$log" '^/var/log/sudo-io/ai-worker/[^/]+/[^/]+$'
check 'root'"'"'s alone' [ "$(stat -c %U%a "$log")" = root700 ]
tsid=${log#/var/log/sudo-io/}
is 'the decision names it' \
	"$(events '[x["iolog"] for x in e if x["event"] == "decision" and x["decision"] == "allow"]')" "['$tsid']"

like 'sudoreplay lists it' "$(sudoreplay -l 2>&1)" "ai-worker : .*TSID=$tsid ; COMMAND=/usr/bin/both-ways"
replayed=$(sudoreplay -n "$tsid" 2>&1)
like 'sudoreplay shows the output' "$replayed" 'read <hello>'
like 'and the errors' "$replayed" 'to standard error'
is 'the input is there' "$(gzip -dcf <"$log/stdin")" hello

log_json() {
	python3 -c 'import json, sys; d = json.load(open(sys.argv[1])); print(eval(sys.argv[2]))' "$log/log.json" "$1"
}
is 'log.json: who' "$(log_json 'd["submituser"], d["runuser"]')" "('ai-worker', 'root')"
is 'log.json: what' "$(log_json 'd["runargv"]')" "['both-ways']"
is 'log.json: the event' "$(log_json '[v for v in d["runenv"] if v.startswith("WRIT_EVENT=")]')" \
	"['WRIT_EVENT=$(events '[x["id"] for x in e if x["event"] == "decision"][-1]')']"
is 'log.json: the rule' "$(log_json '[v for v in d["runenv"] if v.startswith("WRIT_RULE=")]')" "['WRIT_RULE=both-ways']"

# shellcheck disable=SC2034
{ read -r _; } </dev/null
script -qec "su - ai-worker --session-command 'echo hello | sudo show-arguments on-a-terminal'" /dev/null \
	</dev/null >"$HOST_FILES/tty" 2>&1
log=$(grep -l on-a-terminal /var/log/sudo-io/ai-worker/*/*/log.json | head -n 1)
log=${log%/log.json}
check 'with a terminal there is a log as well' [ -n "$log" ]
like 'with what the terminal showed' "$(sudoreplay -n "${log#/var/log/sudo-io/}" 2>&1)" on-a-terminal

count() {
	wc -l <"$E2E/started"
}
before=$(count)
mount -t tmpfs -o ro none /var/log/sudo-io
as ai-worker 'sudo show-arguments unrecorded'
check 'no I/O log can be written: a failure' [ "$status" -ne 0 ]
like 'with a reason' "$err" .
is 'and nothing ran' "$(count)" "$before"
umount /var/log/sudo-io
runs 'afterwards it runs again' ai-worker 'sudo show-arguments recorded' "[b'recorded']"
done_testing

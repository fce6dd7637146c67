#!/bin/bash
# SPDX-License-Identifier: ISC
#
# Fifty logins at once, each with a key of its own: each tag is unique, and each request is made in the
# session of the login that made it.

# shellcheck disable=SC2016,SC2154
# shellcheck source=tests/lib/e2e.sh
. "$(dirname "$0")/../lib/e2e.sh"
# shellcheck source=tests/lib/sshd.sh
. "$(dirname "$0")/../lib/sshd.sh"
number=50
pam_stacks
for ((n = 0; n < number; n++)); do ssh_key "key$n" -t ed25519; done
# shellcheck disable=SC2046
ssh_authorize ai-worker $(seq -f key%g 0 $((number - 1)))
sshd_start
mkdir "$E2E/out"

# All wait for each other, logged in, before any of them asks.
mkdir -m 1777 /tmp/meet
line='echo "$WRIT_SESSION"; : >/tmp/meet/$N; while [ "$(ls /tmp/meet | wc -l)" -lt '$number' ]; do read -rt 0.1 _ <>/tmp/never; done
	sudo -n show-arguments "$N" && sudo -n show-arguments "$N"'
mkfifo -m 666 /tmp/never
pids=()
for ((n = 0; n < number; n++)); do
	ssh_command "key$n" ai-worker@127.0.0.1 "N=$n; $line" </dev/null >"$E2E/out/$n" 2>"$E2E/out/$n.err" &
	pids+=($!)
done
failed=0
for pid in "${pids[@]}"; do wait "$pid" || failed=$((failed + 1)); done
is 'all of them came through' "$failed $(head -qn 2 "$E2E"/out/*.err)" '0 '
check 'every end is in the log' until_true eval "[ \"\$(events 'sum(x[\"event\"] == \"session-close\" for x in e)')\" = $number ]"
is 'as many sessions as logins' "$(events 'len({x["session"] for x in e if x["event"] == "session-open"})')" "$number"
is 'as many audit sessions' "$(events 'len({x["audit_session"] for x in e if x["event"] == "session-open"})')" "$number"
is 'each request twice, in one session' \
	"$(events 'sorted((int(x["argv"][1]), x["session"]) for x in e if x["event"] == "decision") == sorted(2 * [(int(n), s) for n, s in {(x["argv"][1], x["session"]) for x in e if x["event"] == "decision"}])')" True

for ((n = 0; n < number; n++)); do
	echo "$n $(head -n 1 "$E2E/out/$n") $(ssh_fingerprint "key$n.pub")"
done | sort >"$E2E/want"
events '"\n".join(sorted("%s %s %s" % (d["argv"][1], d["session"], o["key"]["fingerprint"]) for d in e if d["event"] == "decision"
	for o in e if o["event"] == "session-open" and o["session"] == d["session"]))' | sort -u >"$E2E/got"
is 'each in the session that its shell was told of, opened with its key' "$(diff "$E2E/want" "$E2E/got")" ''
is 'each exit is of the same session' \
	"$(events '[x["id"] for x in e if x["event"] == "exit" and x["session"] != {d["id"]: d["session"] for d in e if d["event"] == "decision"}[x["decision_id"]]]')" '[]'
is 'nothing is torn' "$(events 'len(e)')" "$((number * 6))"
is 'as many records' "$(records 'len({r["session"] for r in e})')" "$number"
clear_sessions
is 'none of them stays' "$(records 'len(e)') $(find /run/writ/sessions/.index -mindepth 1)" '0 '
done_testing

#!/bin/bash
# SPDX-License-Identifier: ISC
#
# A log server that is killed, and a sender that is killed, in the middle of 1,000 events: nothing is
# lost, and what came twice counts once. And a spool that is full, broken, or cannot be written.

# shellcheck source=tests/lib/e2e.sh
. "$(dirname "$0")/../lib/e2e.sh"
# shellcheck source=tests/lib/logserver.sh
. "$(dirname "$0")/../lib/logserver.sh"

N=1000
RANDOM=${SEED:-20261122}
note "SEED=${SEED:-20261122}"
host_install_file 644 /etc/writ/policy.json <<-EOC
	{ "version": 1, "defaults": { "iolog": { "log_servers": "127.0.0.1:$LOGSERVER_PORT", "required": false } },
	  "rules": [ { "id": "arguments", "effect": "allow", "program": "/usr/bin/show-arguments", "argv": [[{ "rest": true }]] } ] }
EOC
echo "listen_address = 127.0.0.1:$LOGSERVER_PORT" | logserver_configure

# --- full, or not to be written: the request is decided all the same

mkdir -p /var/spool/writ && chmod 700 /var/spool/writ
python3 -c '
import os
for i in range(10000): os.mkdir("/var/spool/writ/20260101T000000Z-%016x" % i, 0o700)'
refused 'with a full spool a refusal is one' ai-worker 'sudo docker ps'
is 'it does not wait' "$(spooled)" 10000
like 'which the system log says' "$(host_syslog)" 'will not be sent to the log server: .* is full'
runs 'and a command runs' ai-worker 'sudo show-arguments full' "[b'full']"
rm -rf /var/spool/writ
mkdir /var/spool/writ && mount -t tmpfs -o ro none /var/spool/writ
refused 'with a spool that cannot be written too' ai-worker 'sudo docker ps'
umount /var/spool/writ && rmdir /var/spool/writ
mkdir /srv/elsewhere && ln -s /srv/elsewhere /var/spool/writ
refused 'with a link in its place' ai-worker 'sudo docker ps'
is 'nothing is written through it' "$(ls -A /srv/elsewhere)" ''
rm /var/spool/writ
as ai-worker 'ulimit -S -f 0; umask 0; sudo docker ps'
is 'no limit of the caller'"'"'s keeps it from waiting' "$(spooled)" 1
is 'and none opens it to others' "$(find /var/spool/writ -perm /077)" ''
logserver_start
item=$(find /var/spool/writ -mindepth 1 -maxdepth 1 ! -name '.*')
cp -r "$item" "$item.torn" && mv "$item.torn" /var/spool/writ/20260101T000000Z-0000000000000001
: >/var/spool/writ/20260101T000000Z-0000000000000001/deliver.json
out=$(writ forward 2>&1) status=$?
is 'an item that is broken does not keep others from being sent' "$status $(spooled)" '1 1'
like 'and is named' "$out" '20260101T000000Z-0000000000000001'
rm -rf /var/spool/writ
as ai-worker 'sudo docker ps'
mkdir /var/spool/writ/.new.20260101T000000Z-0000000000000001 && : >/var/spool/writ/.new.20260101T000000Z-0000000000000001/log.json
mkdir /var/spool/writ/.gone.20260101T000000Z-0000000000000001
check 'what killed processes left' quiet writ forward
is 'is cleared' "$(find /var/spool/writ -mindepth 1 ! -name .lock)" ''
logserver_stop
rm -f "$LOGS/events.json"
: >/var/log/writ/events.jsonl

# --- 1,000 refusals, and commands among them

su - ai-worker -c "i=0; while [ \$i -lt $N ]; do i=\$((i + 1))
	case \$i in *00) sudo show-arguments \$i ;; *) sudo docker ps \$i ;; esac; done" >/dev/null 2>&1
is 'all of them wait' "$(spooled)" "$N"
# One more copy of one that will have been sent, as a sender leaves it that is killed before it removes it.
item=$(find /var/spool/writ -mindepth 1 -maxdepth 1 ! -name '.*' | sort | head -n 1)
cp -rp "$item" /srv/copy

received() {
	grep -c '^    "\(reject\|accept\)": {' "$LOGS/events.json" 2>/dev/null || true
}

has_received() {
	[ "$(received)" -ge "$1" ] || ! kill -0 "$sender" 2>/dev/null
}

kills=0
while [ "$(spooled)" -gt 0 ] && [ "$kills" -lt 60 ]; do
	logserver_start
	writ forward >"$E2E/forward" 2>&1 &
	sender=$!
	wait_until has_received $(($(received) + RANDOM % 60 + 1))
	if [ $((RANDOM % 3)) -eq 0 ]; then
		kill -KILL "$sender" 2>/dev/null
	fi
	logserver_stop KILL
	wait "$sender" 2>/dev/null
	kills=$((kills + 1))
done
is 'in the end nothing waits' "$(spooled)" 0
note "$kills kills; $(received) received"
check 'the server was killed often enough' test "$kills" -gt 10
cp -rp /srv/copy "$item"
logserver_start
check 'one is sent twice for certain' quiet writ forward
check 'and received twice' test "$(grep -c "WRIT_EVENT=${item##*/}" "$LOGS/events.json")" -gt 1
events '"\n".join(sorted(x["id"] for x in e if x["event"] == "decision"))' >"$E2E/made"
writ log --events "$LOGS/events.json" --event decision --json 2>"$E2E/log-errors" |
	json '"\n".join(sorted(x["id"] for x in e))' >"$E2E/arrived"
is 'writ log on the server has each event once' "$(sort "$E2E/arrived" | uniq -d)" ''
is 'and all of them' "$(comm -3 "$E2E/made" "$E2E/arrived")" ''
is "that is $N" "$(wc -l <"$E2E/arrived")" "$N"
logserver_stop
done_testing

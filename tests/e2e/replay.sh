#!/bin/bash
# SPDX-License-Identifier: ISC
#
# Logs that the real sudo writes, with a terminal and without, plain and packed, while they are written and after:
# writ replay, writ show and the search for text give back what the command wrote.

# shellcheck source=tests/lib/e2e.sh
. "$(dirname "$0")/../lib/e2e.sh"
replay_dir=$HOST_ROOT/tests/e2e/replay
LOGS=/var/log/sudo-io
e2e_program show-size <<'EOF2'
#!/usr/bin/python3 -I
import os, signal, sys
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGWINCH})
print('ready', flush=True)
signal.sigwait({signal.SIGWINCH})
size = os.get_terminal_size()
print(f'\x1b[1m{size.lines}\x1b[0m lines, {size.columns} columns €', flush=True)
print('pause', flush=True)
print('read', repr(sys.stdin.readline()))
EOF2
e2e_program write-bytes <<'EOF2'
#!/usr/bin/python3 -I
import os
os.write(1, bytes(range(256)) * 300)
os.write(2, b'to standard error\n')
os.write(1, 'needle ü in a hay'.encode() + b'stack\n')
EOF2
e2e_policy '{ "id": "size", "effect": "allow", "program": ["/usr/bin/show-size"], "argv": [[]] },
	{ "id": "bytes", "effect": "allow", "program": ["/usr/bin/write-bytes"], "argv": [[]] },'

# last_decision MEMBER: of the last decision event
last_decision() {
	events "[x[\"$1\"] for x in e if x[\"event\"] == \"decision\"][-1]"
}

# played FILE: what asciinema shows of a cast; it wants a terminal beside
played() {
	script -qec "asciinema cat '$1' >'$1.out'" /dev/null </dev/null >/dev/null && cat "$1.out"
}

# --- a terminal
cat >"$E2E/middle" <<'EOF2'
#!/bin/bash
id=$(sed -n 's/.*"event":"decision","id":"\([^"]*\)".*/\1/p' /var/log/writ/events.jsonl | tail -n 1)
writ show "$id" >/run/e2e/running 2>&1
writ replay --cast "$id" >/run/e2e/running.cast 2>/run/e2e/running.err
EOF2
chmod 755 "$E2E/middle"
MIDDLE=$E2E/middle python3 -I "$replay_dir/terminal.py" 'stty -echo; sudo show-size' >"$E2E/shown"
id=$(last_decision id)
tsid=$(last_decision iolog)
check 'the command ran on a terminal' grep -q '30.*lines, 100 columns' "$E2E/shown"
like 'while it ran: writ show' "$(cat "$E2E/running")" "I/O log   $tsid"
like 'the log is not complete' "$(cat "$E2E/running")" 'not \(yet\) complete'
unlike 'and there is no exit' "$(cat "$E2E/running")" '
exit '
like 'a cast of what is there' "$(head -n 1 "$E2E/running.cast")" '^\{"version":2,"width":80,"height":24,'

writ replay --cast "$tsid" >"$E2E/cast" 2>"$E2E/err"
is 'afterwards: a cast' "$? $(cat "$E2E/err")" '0 '
is 'of that terminal' "$(head -n 1 "$E2E/cast" | json 'e[0]["width"], e[0]["height"], e[0]["command"]')" \
	"(80, 24, '/usr/bin/show-size')"
is 'which became another' "$(sed 1d "$E2E/cast" | json '[x[2] for x in e if x[1] == "r"]')" "['100x30']"
is 'asciinema shows what the terminal showed' "$(played "$E2E/cast")" "$(zcat -f "$LOGS/$tsid/ttyout")"
check 'and the person saw it too' grep -qF "$(head -n 2 "$LOGS/$tsid/ttyout" | tail -n 1)" "$E2E/shown"
like 'what was typed, on request' "$(writ replay --cast --input "$tsid" | json '"".join(x[2] for x in e[1:] if x[1] == "i")')" 'go on'
like 'sudoreplay, by the event' "$(writ replay -m 0 "$id" 2>&1)" '100 columns'

writ show "$id" >"$E2E/out"
is 'writ show' $? 0
for want in 'decision  allow by rule size' 'exit      status 0 after' "I/O log   $tsid" ', complete' 'ttyout: '; do
	like "shows '$want'" "$(cat "$E2E/out")" "$want"
done
is 'the log names its event' "$(writ show --json "$tsid" | json 'e[0]["request"], e[0]["iolog"]["event"], e[0]["iolog"]["faults"]')" \
	"('$id', '$id', [])"

# --- no terminal
as ai-worker 'sudo write-bytes 2>&1 >/dev/null | cat >/dev/null'
id=$(last_decision id)
tsid=$(last_decision iolog)
writ replay --cast "$tsid" >"$E2E/cast"
played "$E2E/cast" >/dev/null
cat >"$E2E/compare" <<'EOF2'
import sys
got = open('/run/e2e/cast.out', 'rb').read().replace(b'to standard error\r\n', b'', 1)
out = bytes(range(256)) * 300 + 'needle ü in a haystack\n'.encode()
sys.exit(got != out.replace(b'\n', b'\r\n').decode(errors='replace').encode())
EOF2
check 'without a terminal: all bytes, as a terminal would show them' python3 -I "$E2E/compare"
check 'standard error too' grep -q 'to standard error' "$E2E/cast.out"
like 'writ log finds text in it' "$(writ log --output-contains 'needle ü in a haystack' --json)" "\"id\":\"$id\""
is 'and in no other' "$(writ log --output-contains 'needle ü in a haystack' --json | wc -l)" 1
like 'and says where' "$(writ log --output-contains 'haystack')" 'stdout'

# --- packed by sudo, as sudoers does unless told otherwise
host_install_file 440 /etc/sudoers.d/carol <<'EOF2'
Defaults:carol log_input, log_output
carol ALL=(root) NOPASSWD: /usr/bin/write-bytes
EOF2
as carol 'sudo write-bytes | cat >/dev/null'
is 'somebody else by sudoers' $status 0
log=$(dirname "$(grep -l '"submituser": "carol"' -r "$LOGS" --include log.json)")
check 'packed' gzip -t "$log/stdout" "$log/timing"
tsid=${log#"$LOGS"/}
writ replay --cast "$tsid" >"$E2E/cast"
played "$E2E/cast" >/dev/null
check 'a packed log is played' python3 -I "$E2E/compare"
short=${tsid//\//}
is 'by its short name too' "$(writ replay --cast "$short" | sha256sum)" "$(sha256sum <"$E2E/cast")"
like 'and shown, though no event names it' "$(writ show "$tsid")" 'carol on writ-host: /usr/bin/write-bytes'
truncate -s $(($(stat -c %s "$log/stdout") / 2)) "$log/stdout"
writ replay --cast "$tsid" >"$E2E/torn" 2>"$E2E/err"
is 'a torn one is played as far as it goes' $? 0
like 'which is said' "$(cat "$E2E/err")" 'stdout: ends in the middle of its gzip data'

# --- killed: the process that writes the log, by root, before its command has ended
before=$(events 'len(e)')
as ai-worker 'sudo show-size >out 2>&1 & until grep -q ready out; do [ $((n += 1)) -lt 600 ] || exit; sleep 0.1; done'
id=$(last_decision id)
tsid=$(last_decision iolog)
is 'one request' "$(events 'len(e)')" $((before + 1))
pkill -KILL -x sudo
pkill -KILL -x show-size
like 'sudo killed: what reached the log can be shown' "$(writ show "$id")" "I/O log   $tsid"
writ replay --cast "$tsid" >"$E2E/cast" 2>"$E2E/err"
is 'and played' $? 0
like 'it is not complete' "$(writ show "$id")" 'not \(yet\) complete'
is 'and has no exit' "$(writ show --json "$id" | json 'e[0]["exit"]')" None

# --- what sudo tells its audit plugins of those whom sudoers governs
cat >/etc/sudo.conf <<'EOF2'
Plugin writ_policy   writ.so    subjects=ai-worker
Plugin sudoers_io    sudoers.so
Plugin sudoers_audit sudoers.so
Plugin writ_audit    writ.so
EOF2
as carol 'sudo write-bytes >/dev/null 2>&1'
heard=$(events '[x["id"] for x in e if x["event"] == "accept"][0]')
is 'writ show joins an accept, another of the same command, and its exit' \
	"$(writ show --json "$heard" | json '[x["event"] for x in e[0]["audit"]], e[0]["exit"]["status"], e[0]["iolog"]["user"]')" \
	"(['accept'], 0, 'carol')"
host_load_writ ''

# --- who may read what
usermod -a -G adm bob
as bob "writ show $id"
is 'group adm reads the events' $status 0
like 'but not the I/O logs, and is told' "$out" 'I/O log   [^
]*
 *no I/O log [^
]*Permission denied'
as bob "writ replay --cast $tsid"
is 'nor their casts' $status 2
like 'with the reason' "$err" 'Permission denied'
as carol "writ show $id"
is 'others read no events' "$status $out" '2 '
like 'with the reason' "$err" 'Permission denied'
done_testing

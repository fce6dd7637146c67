#!/bin/bash
# SPDX-License-Identifier: ISC
#
# The caller's signals: it cannot end its sudo between the decision and the record, nor while the
# command runs; whatever ran has its decision in the log.

# shellcheck source=tests/lib/e2e.sh
. "$(dirname "$0")/../lib/e2e.sh"
mkfifo "$E2E/ready" "$E2E/go"
e2e_program hold <<'EOF'
#!/bin/sh
echo ready >/run/e2e/ready
read -r answer </run/e2e/go
echo "went on: $answer"
EOF
e2e_policy '{ "id": "hold", "effect": "allow", "program": ["/usr/bin/hold"], "argv": [[]] },'

su - ai-worker -c 'exec sudo hold' <"/dev/null" >"$HOST_FILES/held" 2>&1 &
held=$!
read -rt 60 _ <>"$E2E/ready" || fail 'the command started' "$(cat "$HOST_FILES/held")"
mapfile -t sudos < <(pgrep -x sudo)
check 'sudo is running' [ ${#sudos[@]} -ge 1 ]
for pid in "${sudos[@]}" "$(pgrep -x hold)"; do
	for signal in HUP INT QUIT USR1 PIPE ALRM TERM STOP TSTP CONT KILL; do
		as ai-worker "kill -$signal $pid"
		like "kill -$signal of $(cat "/proc/$pid/comm" 2>/dev/null): not permitted" "$status $err" \
			'1 .*Operation not permitted'
	done
done
as ai-worker 'kill -KILL -1'
echo now >"$E2E/go"
wait "$held"
is 'sudo ended as the command did' "$?" 0
is 'the command went on to its end' "$(cat "$HOST_FILES/held")" 'went on: now'
is 'decision and exit are in the log' "$(events '[x["event"] for x in e]')" "['decision', 'exit']"

# A session without a terminal, whose leader takes one when the command runs, and types or hangs up: it can
# end its command, which is its to end, and never leaves it without its end in the log.
e2e_program beat <<'EOF'
#!/bin/sh
exec 2>/dev/null    # where the signal finds the shell in open, it says so before it dies of it
echo up
read -r answer </run/e2e/go
echo "$answer"
EOF
e2e_policy '{ "id": "beat", "effect": "allow", "program": ["/usr/bin/hold", "/usr/bin/beat"], "argv": [[]] },'
cat >"$E2E/terminal" <<'EOF'
import fcntl, os, signal, subprocess, sys, termios
if os.getpid() != os.getsid(0):
    os.setsid()
for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTTOU):
    signal.signal(number, signal.SIG_IGN)
sudo = subprocess.Popen(['sudo', '-n', 'beat'], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                        preexec_fn=lambda: [signal.signal(n, signal.SIG_DFL) for n in
                                            (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT)])
sudo.stdout.readline()
main, side = os.openpty()
fcntl.ioctl(side, termios.TIOCSCTTY, 0)
if sys.argv[1] == 'hang up':
    os.close(side), os.close(main)
    with open('/run/hung-up', 'w') as f:
        f.write('\n')
else:
    os.write(main, {'interrupt': b'\x03', 'quit': b'\x1c'}[sys.argv[1]])
print(sudo.stdout.read().decode().strip(), sudo.wait())
EOF
mkfifo -m 666 /run/hung-up
for mode in 'interrupt' 'quit' 'hang up'; do
	HOST_STDIN=$E2E/terminal as ai-worker "exec python3 - '$mode'" &
	asked=$!
	if [ "$mode" = 'hang up' ]; then
		read -rt 60 _ <>/run/hung-up
		timeout 60 sh -c "echo went on >$E2E/go"
	fi
	wait $asked
	case $mode in
	interrupt) want=' -2' end='(None, 2)' ;;
	quit) want=' -3' end='(None, 3)' ;;
	*) want='went on 0' end='(0, None)' ;;
	esac
	is "a terminal that the caller takes later: $mode" "$(cat "$HOST_FILES/out" "$HOST_FILES/err")" "$want"
	is 'the end is in the log' "$(events '(e[-1]["event"], (e[-1]["status"], e[-1]["signal"]))')" "('exit', $end)"
done

# Killed at any moment from the start on. What ran must have been decided, and recorded before it ran.
cat >"$E2E/race" <<'EOF'
import os, signal, sys
for n in range(120):
    pid = os.fork()
    if pid == 0:
        os.setsid()
        null = os.open('/dev/null', os.O_RDWR)
        for fd in (0, 1, 2):
            os.dup2(null, fd)
        os.execv('/usr/bin/sudo', ['sudo', '-n', 'show-arguments', f'race-{n}'])
    for _ in range(n * n * 60):         # longer and longer, up to well after the start
        pass
    try:
        os.kill(pid, (signal.SIGKILL, signal.SIGTERM, signal.SIGHUP)[n % 3])
    except PermissionError:
        pass
    os.waitpid(pid, 0)
print('raced')
EOF
HOST_STDIN=$E2E/race runs '120 times killed at some moment' ai-worker 'python3 -' raced
while pgrep -x sudo >/dev/null || pgrep -f show-arguments >/dev/null; do
	read -rt 0.1 _ <>"$E2E/ready" || true
done
sort "$E2E/started" >"$HOST_FILES/ran"
events '"\n".join(sorted(x["argv"][1] for x in e if x["event"] == "decision" and len(x["argv"]) > 1))' >"$HOST_FILES/decided"
note "$(wc -l <"$HOST_FILES/ran") of 120 ran, $(wc -l <"$HOST_FILES/decided") were decided"
check 'some were not killed in time' [ -s "$HOST_FILES/ran" ]
is 'all that ran was decided' "$(comm -23 "$HOST_FILES/ran" "$HOST_FILES/decided")" ''
is 'nothing was decided twice' "$(uniq -d "$HOST_FILES/decided")" ''
is 'no line is torn' "$(events 'all(isinstance(x, dict) for x in e)')" True
runs 'and it still works' ai-worker 'sudo docker restart ollama' ollama
done_testing

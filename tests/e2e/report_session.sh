#!/bin/bash
# SPDX-License-Identifier: ISC
#
# A login by key, what was asked in it, and its page in a browser: `writ report` of what the real sshd,
# sudo and sudoers_io have written.

# shellcheck disable=SC2016,SC2154
# shellcheck source=tests/lib/e2e.sh
. "$(dirname "$0")/../lib/e2e.sh"
# shellcheck source=tests/lib/sshd.sh
. "$(dirname "$0")/../lib/sshd.sh"
# shellcheck source=tests/lib/readme.sh
. "$(dirname "$0")/../lib/readme.sh"
e2e_program draw <<'EOF'
#!/bin/sh
printf '\033[1mfirst\033[0m 你好\r\n'
printf '<script>window.hacked = 1</script>\033]0;title\007\r\n'
printf '\033]8;;javascript:window.hacked=2\033\\link\033]8;;\033\\ \033[8msecret\033[0m\n'
printf '%s\n' "$@" >&2
exit 3
EOF
pam_stacks
ssh_key one -t ed25519
ssh_authorize ai-worker one
sshd_start
e2e_policy '{ "id": "draw", "effect": "allow", "program": ["/usr/bin/draw"], "argv": [[{ "rest": true }]] },'

# With a terminal that nothing is typed at.
sleep infinity >"$E2E/never" &
writer=$!
HOST_STDIN=$E2E/never ssh_as one ai-worker 'stty cols 90 rows 30; sudo draw x; sudo docker restart ollama;
	sudo docker restart "</script><script>window.hacked = 3</script>" '"'"'a
b'"'"' "$(printf "\377\342\200\256")"; sudo draw piped | cat; echo "$WRIT_SESSION"' -tt
kill "$writer"
session=$(tail -n 1 <<<"$out" | tr -d '\r')
like 'the session has an id' "$session" '^[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8}$'
as ai-worker 'sudo docker restart ollama' # another session

cd "$E2E" || exit 1
eval "$(readme_block report_session.sh report)" 2>"$E2E/err"
is 'README: its page is made' "$? $(<"$E2E/err")" '0 '
writ log --session "$session" --json >"$E2E/events"
PYTHONPATH=$HOST_ROOT/tests/lib python3 "$HOST_ROOT/tests/e2e/report_session.py" "$E2E/session.html" "$E2E/events" \
	"$session" "$(ssh_fingerprint one.pub)" >"$E2E/seen" 2>&1
echo $? >>"$E2E/seen"
is 'a browser shows what happened' "$(<"$E2E/seen")" 0
done_testing

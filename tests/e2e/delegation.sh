#!/bin/bash
# SPDX-License-Identifier: ISC
#
# Users who are no subjects: the same session with plain sudoers and through writ, with a policy that
# loads and with one that does not, must give the same output and statuses, and the same lines in syslog.
# (sudoers_audit also logs refusals of other policy plugins than sudoers, so refusals are there twice.)

# shellcheck source=tests/lib/e2e.sh
. "$(dirname "$0")/../lib/e2e.sh"

host_install_file 440 /etc/sudoers.d/rules <<'EOF'
carol	ALL=(ALL:ALL) ALL, NOPASSWD: /usr/bin/id, LOG_OUTPUT: NOPASSWD: /usr/bin/uname
carol	ALL=(bob) NOPASSWD: SETENV: /usr/bin/env
EOF

lines=(
	'carol sudo -n id -un'
	'carol sudo -n -u bob id -un'
	'carol sudo -n -u bob FOO=bar env'
	'carol sudo -n uname -s'
	'carol sudo -n no-such-program'
	'carol sudo -n sh -c "exit 7"'
	'carol echo "correct horse" | sudo -S sh -c "exit 7"'
	'carol echo "wrong horse" | sudo -S true'
	'carol printf "wrong\nworse\nworst\n" | sudo -S true'
	'carol printf "wrong\ncorrect horse\n" | sudo -S id -un'
	'carol echo "correct horse" | sudo -S -v && sudo -n true; echo $?; sudo -k; sudo -n true'
	'carol sudo -v </dev/null'
	'carol sudo -K'
	'carol sudo -l'
	'carol sudo -ll'
	'carol sudo -l -U ai-worker'
	'carol sudo -l id'
	'carol sudo -l no-such-program'
	'carol sudo -V'
	'carol echo "correct horse" | sudo -S -s id -un'
	'carol echo "correct horse" | sudo -S -i pwd'
	'carol sudo -n -u nobody-of-this-name id'
	'carol sudo --no-such-option'
	'carol sudo -n sh -c "kill -TERM \$\$"'
	'bob sudo -n id'
	'bob sudo -l -n'
	'bob echo x | sudo -S id'
	'root sudo id -un'
	'root sudo -u bob id -un'
	'root sudo -l -U carol'
)

# Every line as its user: what came back of all of them, and to descriptor 3 what syslog got from sudo.
session() {
	local line user before
	rm -rf /run/sudo/ts /var/log/sudo-io
	before=$(host_syslog | wc -l)
	for line in "${lines[@]}"; do
		user=${line%% *}
		as "$user" "${line#* }"
		printf '%s\nstatus %s\nout %s\nerr %s\n' "$line" "$status" "$out" "$err"
	done
	(cd /var/log/sudo-io && find . -name log -exec tail -n +2 {} +)
	host_syslog | tail -n +$((before + 1)) | sed -nE 's/ .{15} (sudo)(\[[0-9]+\])?:/ \1:/p' >&3
}

host_install_file 644 /etc/sudo.conf </dev/null
session >"$HOST_FILES/plain" 3>"$HOST_FILES/plain.log"
check 'the session did something' grep -q '^out root$' "$HOST_FILES/plain"
check 'passwords were asked for' grep -q 'Sorry, try again' "$HOST_FILES/plain"
check 'syslog was written' grep -q 'COMMAND=/usr/bin/id' "$HOST_FILES/plain.log"
check 'output was recorded' grep -q '/usr/bin/uname -s' "$HOST_FILES/plain"

same_as_plain() {
	session >"$HOST_FILES/through" 3>"$HOST_FILES/through.log"
	is "$1: what came back" "$(diff "$HOST_FILES/plain" "$HOST_FILES/through")" ''
	is "$1: what was logged" "$(diff "$HOST_FILES/plain.log" "$HOST_FILES/through.log" |
		grep -vE '^[0-9,]+[ac][0-9,]+$|^> authpriv.alert sudo: +[a-z]+ : .* COMMAND=')" ''
}

host_load_writ ''
same_as_plain 'through writ the same'
refused 'while the subject is held to the policy' ai-worker 'sudo docker restart db' no-rule
rm /etc/writ/policy.json
same_as_plain 'without a policy file the same'
refused 'while the subject is refused' ai-worker 'sudo docker restart ollama' policy-error
e2e_policy ''
runs 'with the policy back it runs' ai-worker 'sudo docker restart ollama' ollama

host_load_writ others=deny
as carol 'sudo -n id -un'
is 'others=deny refuses everybody else' "$status $out" '1 '
like 'and says so' "$err" .
done_testing

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

# A user who is added to a group of subjects while logged in is one at once, by any name of the account
echo 'bob ALL=(root) NOPASSWD: /usr/bin/id' | host_install_file 440 /etc/sudoers.d/bob
groupadd ai-workers && sed -i 's/subjects=ai-worker/subjects=%ai-workers/' /etc/sudo.conf
mkfifo -m 666 /run/late
su - bob -c 'sudo -n id -un >/run/late; read -r _ </run/late; sudo -n id -un' </dev/null >"$HOST_FILES/late" 2>&1 &
read -r before </run/late
is 'before, sudoers decides' "$before" root
usermod -aG ai-workers bob
echo >/run/late
wait $!
like 'a group that the session does not have yet: the policy decides' "$(cat "$HOST_FILES/late")" '^writ: refused: id: .*\[unknown-program\]'
gpasswd -d bob ai-workers >/dev/null
runs 'out of it, sudoers decides' bob 'sudo -n id -un' root
echo "other-bob:x:$(id -u bob):$(id -g bob)::/home/bob:/bin/sh" >>/etc/passwd && usermod -aG ai-workers other-bob
refused 'another name of the account is in it' bob 'sudo -n id -un' unknown-program
sed -i '/^other-bob:/d' /etc/passwd
gpasswd -d other-bob ai-workers >/dev/null 2>&1

host_load_writ others=deny
as carol 'sudo -n id -un'
is 'others=deny refuses everybody else' "$status $out" '1 '
like 'and says so' "$err" .
done_testing

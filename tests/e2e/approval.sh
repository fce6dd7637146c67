#!/bin/bash
# SPDX-License-Identifier: ISC
#
# writ_approval beside plain sudoers: sudoers decides first, and for a subject writ must agree. The lines
# are the README's. What it cannot do is tested as well: the manual says so.

# shellcheck source=tests/lib/e2e.sh
. "$(dirname "$0")/../lib/e2e.sh"
# shellcheck source=tests/lib/readme.sh
. "$(dirname "$0")/../lib/readme.sh"

readme_block approval.sh /etc/sudo.conf | host_install_file 644 /etc/sudo.conf
rules=$(readme_block approval.sh /etc/sudoers.d/ai-worker)
# sudoers LINE...: the README's rules, and these
sudoers() {
	printf '%s\n' "$rules" "$@" | host_install_file 440 /etc/sudoers.d/ai-worker
	visudo -cq || fail 'the sudoers rules are right' "$@"
}
sudoers
host_install_file 644 /etc/writ/policy.json <<'EOF'
{ "version": 1, "rules": [
  { "id": "restart", "effect": "allow", "command": "docker restart", "operands": { "CONTAINER": "ollama" } } ] }
EOF
sed '/^echo "\[a stand-in/d' "$HOST_LIB/standin-docker" | host_install_file 755 /usr/bin/docker
readme_session ai-worker approval.sh session
is 'nothing else is loaded' "$(cat /etc/sudo.conf | wc -l)" 1
is 'decisions are recorded, with the plugin that made them' \
	"$(events '[(x["event"], x["decision"], x["plugin"]) for x in e]')" \
	"[('decision', 'allow', 'writ_approval'), ('decision', 'deny', 'writ_approval')]"
check 'I/O is recorded by sudoers' [ -n "$(find /var/log/sudo-io -name log)" ]

# The usual small policy, and programs for it
host_standin_docker
rule() {
	printf '{ "id": "%s", "effect": "allow", "program": "/usr/bin/%s", "argv": [[{ "rest": true }]], "run": { %s } },' "$1" "$1" "$2"
}
e2e_program show <<'EOF'
#!/usr/bin/python3 -I
import json, os, sys
print(json.dumps({'argv': sys.argv[1:], 'uid': os.getuid(), 'env': dict(os.environ), 'cwd': os.getcwd()}))
EOF
e2e_program secret </usr/bin/true
e2e_policy "$(rule show '"timeout": 60, "env": { "set": { "MODE": "fixed" } }, "runas": { "user": ["root", "bob"] }')"
sudoers 'ai-worker ALL=(root, bob) NOPASSWD: /usr/bin/show, /usr/bin/show-arguments, /usr/bin/secret, sudoedit /etc/motd' \
	'ai-worker ALL=(carol) NOPASSWD: /usr/bin/show-arguments'
decisions() { grep -c '"event":"decision"' /var/log/writ/events.jsonl; }

runs 'the same arguments reach the program' ai-worker "sudo show-arguments 'a b' ''" "[b'a b', b'']"
refused 'a spelling that no sudoers rule can tell' ai-worker 'sudo docker run -itv=/:/host alpine' no-rule
refused 'a deny rule' ai-worker 'sudo docker run --privileged alpine' rule no-privileged
is 'reads as with the policy plugin' "${err%%$'\n'*}" \
	'writ: refused: docker run: a privileged container is root on the host [no-privileged]'
refused 'a program that the policy does not know' ai-worker 'sudo secret' unknown-program
refused 'another user than the policy names' ai-worker 'sudo -u bob show-arguments' option-of-sudo
refused 'one that sudoers names and the policy does not' ai-worker 'sudo -u carol show-arguments' option-of-sudo
e2e_program editor <<<'#!/bin/sh'           # sudoers wants one before it asks anybody
for line in 'sudo -E show-arguments' 'sudo -e /etc/motd' 'sudoedit /etc/motd' 'sudo -P show-arguments'; do
	sudoers 'ai-worker ALL=(ALL) NOPASSWD: SETENV: ALL'
	refused "an option that no policy grants: $line" ai-worker "$line" option-of-sudo
done
for line in 'sudo -s' 'sudo -i' 'sudo -i id'; do
	refused "likewise: $line" ai-worker "$line"
done
# ALL in sudoers lets the caller set any variable: not without the policy's word
e2e_policy "$(rule show '"runas": { "user": ["root", "bob"] }, "env": { "allow": { "MODE": ["a", "b"] } }')"
sudoers 'ai-worker ALL=(ALL) NOPASSWD: ALL'
for line in 'sudo LD_PRELOAD=/tmp/x.so show' 'sudo -u bob PATH=/tmp show' 'sudo MODE=c show' 'sudo MODE=a X= show' \
	'sudo MODE=a -n X=y -- show' 'sudo MODE=a show-arguments' 'sudo -p A=b show' \
	'BASH_ENV=/tmp/x sudo --preserve-env=BASH_ENV show' 'MODE=a sudo --preserve-env=MODE,BASH_ENV show' \
	'DOCKER_HOST=tcp://192.0.2.1 sudo --preserve-e=MODE,DOCKER_HOST -n show'; do
	refused "a variable that no policy grants: $line" ai-worker "$line" option-of-sudo
done
for line in 'sudo MODE=a show' 'sudo -n MODE=a -u bob MODE=b show' 'sudo MODE=c MODE=b show'; do
	as ai-worker "$line"
	if [[ $line == *MODE=c* ]]; then want=1; else want=0; fi
	is "every one counts: $line" "$status" $want
done
runs 'what is granted arrives' ai-worker 'sudo MODE=b show'
is 'with its value' "$(json 'e[0]["env"]["MODE"]' <<<"$out")" b
runs 'after the command they are arguments' ai-worker 'sudo -- show LD_PRELOAD=x --preserve-env=HOME'
e2e_policy "$(rule show '"timeout": 60, "env": { "set": { "MODE": "fixed" } }, "runas": { "user": ["root", "bob"] }')"
refused 'the path is the one that sudoers found' ai-worker 'sudo /bin/show-arguments' unknown-program
sudoers 'ai-worker ALL=(root, bob) NOPASSWD: /usr/bin/show, /usr/bin/show-arguments'

before=$(decisions)
as ai-worker 'sudo -n secret'
is 'what sudoers does not allow never comes to writ' "$status $(decisions)" "1 $before"
like 'and reads as sudoers says it' "$err" 'a password is required|not allowed'

# Settings of a rule
refused 'a time limit that sudoers does not set' ai-worker 'sudo show' policy-error
like 'the subject learns nothing of it' "$err" 'would not run as the policy wants it'
like 'the administrator does' "$(host_syslog | tail -n 20)" 'time limit of 60 seconds \(Defaults command_timeout\)'
sudoers 'ai-worker ALL=(root, bob) NOPASSWD: /usr/bin/show, /usr/bin/show-arguments' \
	'Defaults:ai-worker command_timeout=60'
refused 'a variable that sudoers does not set' ai-worker 'sudo show' policy-error
echo MODE=fixed | host_install_file 644 /etc/sudoers.env
sudoers 'ai-worker ALL=(root, bob) NOPASSWD: /usr/bin/show, /usr/bin/show-arguments' \
	'Defaults:ai-worker command_timeout=60, env_file=/etc/sudoers.env'
runs 'with both it runs' ai-worker 'sudo show x'
is 'as sudoers runs it' "$(json '[e[0]["argv"], e[0]["uid"], e[0]["env"]["MODE"], "WRIT_EVENT" in e[0]["env"]]' <<<"$out")" \
	"[['x'], 0, 'fixed', False]"
runs 'as another user' ai-worker 'sudo -u bob show'
is 'who is that user' "$(json 'e[0]["uid"]' <<<"$out")" "$(id -u bob)"
rules=${rules/use_pty, /}
sudoers 'ai-worker ALL=(root) NOPASSWD: /usr/bin/show-arguments' 'Defaults:ai-worker !use_pty'
refused 'without a pty writ does not agree' ai-worker 'sudo show-arguments' policy-error
like 'and says to the administrator how to have one' "$(host_syslog | tail -n 20)" "the rule wants 'use_pty' \\(Defaults use_pty\\)"
rules=$(readme_block approval.sh /etc/sudoers.d/ai-worker)
sudoers 'ai-worker ALL=(root) NOPASSWD: /usr/bin/show-arguments' 'Defaults:ai-worker !log_output'
refused 'nor without an I/O log' ai-worker 'sudo show-arguments' policy-error
sudoers 'ai-worker ALL=(root) NOPASSWD: /usr/bin/show-arguments' 'Defaults:ai-worker runcwd=/srv'
runs 'a folder that sudoers sets is fine' ai-worker 'sudo show-arguments x' "[b'x']"
sudoers 'ai-worker ALL=(root) NOPASSWD: /usr/bin/show-arguments' 'Defaults:ai-worker preserve_groups'
refused 'the caller'"'"'s groups are not' ai-worker 'sudo show-arguments' policy-error
sudoers 'ai-worker ALL=(root) NOPASSWD: /usr/bin/show-arguments' 'Defaults:ai-worker stay_setuid'
refused 'nor is its identity' ai-worker 'sudo show-arguments' policy-error

mkdir -p /srv/a && ln -s /srv/a /srv/link && install -d -m 777 /srv/open /srv/open/inner
e2e_policy "$(rule show '"cwd": { "path": { "under": ["/srv"] } }')"
sudoers 'ai-worker ALL=(root) CWD=* NOPASSWD: /usr/bin/show'
runs 'a folder that was asked for' ai-worker 'sudo -D /srv/a show'
is 'is where it starts' "$(json 'e[0]["cwd"]' <<<"$out")" /srv/a
refused 'not one that the policy does not name' ai-worker 'sudo -D /etc show' option-of-sudo
for folder in /srv/link /srv/a/../a /srv/open/inner; do     # sudo goes by the path, later
	refused "nor by a path that can be turned elsewhere: $folder" ai-worker "sudo -D $folder show" option-of-sudo
done
e2e_policy ''

# Children, where sudoers intercepts
install -m 755 "$WRIT_BUILD/tests/e2e/starter" /usr/bin/starter
if as root 'sudo -V' && [[ $out == *--enable-intercept* ]] || [ -e /usr/libexec/sudo/sudo_intercept.so ]; then
	sudoers 'ai-worker ALL=(root) NOPASSWD: /usr/bin/starter, /usr/bin/true, /usr/bin/id' \
		'Defaults:ai-worker intercept, intercept_type=trace'
	e2e_policy "$(rule starter '"children": "policy"') $(rule true '')"
	as ai-worker 'sudo starter /usr/bin/true true -- /usr/bin/id id -u'
	is 'children are decided by rules of their own' "$(events '[(x["argv"][0], x["decision"]) for x in e[-3:]]')" \
		"[('starter', 'allow'), ('/usr/bin/true', 'allow'), ('/usr/bin/id', 'deny')]"
	is 'with the command that starts them' "$(events 'e[-1]["parent"] == e[-2]["parent"] == e[-3]["id"]')" True
	e2e_policy "$(rule starter '"children": "allow"')"
	as ai-worker 'sudo starter /usr/bin/id id -u'
	is 'or by the rule of the command' "$(events '[(x["program"], x["decision"]) for x in e[-2:]]')" \
		"[('/usr/bin/starter', 'allow'), ('/usr/bin/id', 'allow')]"
fi
e2e_policy ''
sudoers 'ai-worker ALL=(root) NOPASSWD: /usr/bin/show-arguments'

# Its limits
as ai-worker 'sudo -n -l docker restart db'
is 'sudo -l is sudoers'"'"' answer' "$status $out" '0 /usr/bin/docker restart db'
as ai-worker 'sudo -n -l'
like 'without a command as well' "$out" 'NOPASSWD: /usr/bin/docker'
refused 'though it does not run' ai-worker 'sudo docker restart db' no-rule
as ai-worker 'sudo -n -v'
like 'sudo -v is sudoers'"'"' too' "$status $err" '^[01]'
unlike 'writ says nothing to it' "$err" writ

# Everybody else
echo 'carol ALL=(ALL:ALL) ALL, NOPASSWD: /usr/bin/id' | host_install_file 440 /etc/sudoers.d/carol
session() {
	local line
	rm -rf /run/sudo/ts
	for line in 'sudo -n id -un' 'sudo -n true' 'echo "correct horse" | sudo -S -u bob id -un' 'sudo -n -l' 'sudo -V' \
		'echo wrong | sudo -S true' 'sudo -n sh -c "exit 3"' 'sudo -k' 'sudo -n -v'; do
		as carol "$line"
		printf '%s: %s %s %s\n' "$line" "$status" "$out" "$err"
	done
}
events=$(wc -l </var/log/writ/events.jsonl)
session >"$HOST_FILES/with"
is 'no event of theirs' "$(wc -l </var/log/writ/events.jsonl)" "$events"
cp -a /etc/sudo.conf "$HOST_FILES/sudo.conf" && : >/etc/sudo.conf
session >"$HOST_FILES/without"
check 'their session did something' grep -q '^sudo -n id -un: 0 root' "$HOST_FILES/without"
is 'is the same without the line' "$(diff "$HOST_FILES/without" "$HOST_FILES/with")" ''
cat "$HOST_FILES/sudo.conf" >/etc/sudo.conf
rm /etc/writ/policy.json
refused 'without a policy subjects are refused' ai-worker 'sudo show-arguments' policy-error
runs 'and nobody else is' carol 'sudo -n id -un' root
e2e_policy ''

# Whatever ran was decided before, whenever sudo is killed
cat >"$E2E/race" <<'EOF'
import os, signal, subprocess
for n in range(60):
    pid = os.fork()
    if pid == 0:
        null = os.open('/dev/null', os.O_RDWR)
        for fd in (0, 1, 2):
            os.dup2(null, fd)
        os.execv('/usr/bin/sudo', ['sudo', '-n', 'show-arguments', f'race-{n}'])
    for _ in range(n * n * 200):
        pass
    try:
        os.kill(pid, signal.SIGKILL)
    except PermissionError:
        pass
    os.waitpid(pid, 0)
print('raced')
EOF
HOST_STDIN=$E2E/race runs 'killed at some moment' ai-worker 'python3 -' raced
while pgrep -x sudo >/dev/null || pgrep -f show-arguments >/dev/null; do
	read -rt 0.1 _ <> <(:) || true
done
grep -o 'race-[0-9]*' "$E2E/started" | sort -u >"$HOST_FILES/ran"
events '"\n".join(x["argv"][1] for x in e if x["event"] == "decision" and len(x["argv"]) > 1)' | sort -u >"$HOST_FILES/decided"
check 'some were not killed in time' [ -s "$HOST_FILES/ran" ]
is 'all that ran was decided' "$(comm -23 "$HOST_FILES/ran" "$HOST_FILES/decided")" ''

# With the audit plugin beside it, the end of a command is known too
echo 'Plugin writ_audit writ.so' >>/etc/sudo.conf
rm /var/log/writ/events.jsonl
as ai-worker 'sudo show-arguments x; exit 0'
is 'sudoers'"'"' word, writ'"'"'s decision, and the exit' \
	"$(events '[x["event"] for x in e], e[2]["decision_id"] == e[1]["id"]')" "(['accept', 'decision', 'exit'], True)"
done_testing

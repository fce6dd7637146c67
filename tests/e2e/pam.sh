#!/bin/bash
# SPDX-License-Identifier: ISC
#
# PAM around a subject's command, with the service that is shipped for Debian: the account, credentials and
# session of the target user, the environment, and authentication where a rule asks for it.

# shellcheck source=tests/lib/e2e.sh
. "$(dirname "$0")/../lib/e2e.sh"
# shellcheck source=tests/lib/readme.sh
. "$(dirname "$0")/../lib/readme.sh"
service=/etc/pam.d/writ

e2e_program show <<'EOF'
#!/usr/bin/python3 -I
import json, os, syslog
syslog.syslog(syslog.LOG_AUTHPRIV | syslog.LOG_INFO, 'the command runs')
mask = os.umask(0)
print(json.dumps({'env': dict(os.environ), 'umask': '%03o' % mask, 'user': os.getresuid()}))
EOF
e2e_program hold <<'EOF'
#!/bin/sh
echo ready >/run/e2e/ready
read -r _ </run/e2e/go
EOF
mkfifo "$E2E/ready" "$E2E/go"
e2e_policy '
{ "id": "show", "effect": "allow", "program": "/usr/bin/show", "argv": [[{ "rest": true }]],
  "run": { "runas": { "user": ["root", "bob"] }, "umask": "027" } },
{ "id": "hold", "effect": "allow", "program": "/usr/bin/hold", "argv": [[]] },
{ "id": "asking", "effect": "allow", "program": "/usr/bin/true", "argv": [[{ "rest": true }]],
  "run": { "authenticate": true } },'
echo 'carol ALL=(root) NOPASSWD: /usr/bin/id' | host_install_file 440 /etc/sudoers.d/carol

is 'the service is installed as it is shipped' "$(cat $service)" "$(cat "$HOST_ROOT/plugin/pam.d/writ.debian")"
is 'as root'"'"'s' "$(stat -c '%U %a' $service)" 'root 644'

# since COUNT: what the service and the command wrote to syslog after its first COUNT lines
lines() { host_syslog | wc -l; }
since() { host_syslog | tail -n +$(($1 + 1)) | grep -oE 'pam_unix\(writ:session\): session [a-z]+ for user [a-z-]+|the command runs'; }

before=$(lines)
runs 'a command' ai-worker 'sudo show'
is 'in a session of the target user, closed after it' "$(since "$before")" \
	$'pam_unix(writ:session): session opened for user root\nthe command runs\npam_unix(writ:session): session closed for user root'
before=$(lines)
runs 'as another user' ai-worker 'sudo -u bob show'
like 'that user'"'"'s session' "$(since "$before")" 'opened for user bob.*closed for user bob'
before=$(lines)
refused 'a refusal' ai-worker 'sudo docker restart db' no-rule
is 'opens none' "$(since "$before")" ''
before=$(lines)
runs 'others' carol 'sudo -n id -un' root
unlike 'are not concerned' "$(since "$before")" 'writ:'
before=$(lines)
as ai-worker 'sudo -b hold'
read -rt 60 _ <>"$E2E/ready"
is 'in the background the session stays open' "$(since "$before")" 'pam_unix(writ:session): session opened for user root'
echo >"$E2E/go"
while pgrep -x sudo >/dev/null; do read -rt 0.05 _ <> <(:) || true; done
like 'and is closed after the command' "$(since "$before")" 'closed for user root'

# The account
as root "$(readme_block pam.sh expire)"
# su refuses an expired account itself, so the subject's shell is there before.
agent() {
	python3 -c '
import os, pwd, sys
who = pwd.getpwnam(sys.argv[1])
os.initgroups(who.pw_name, who.pw_gid), os.setgid(who.pw_gid), os.setuid(who.pw_uid), os.chdir(who.pw_dir)
os.execve("/bin/bash", ["bash", "-c", sys.argv[2]], {"PATH": "/usr/bin:/bin", "HOME": who.pw_dir, "LANG": "C.UTF-8"})
' ai-worker "$1" </dev/null >"$HOST_FILES/out" 2>"$HOST_FILES/err"
	status=$?
	out=$(cat "$HOST_FILES/out") err=$(cat "$HOST_FILES/err")
}
for line in 'sudo show' 'sudo -l' 'sudo -l show' 'sudo -v'; do
	agent "$line"
	if is_refusal; then pass "expired: $line"; else fail "expired: $line" "$status" "$out" "$err"; fi
	like 'and the subject is told' "$err" 'account has expired.*\[policy-error\]'
done
is 'it is recorded' "$(events '[(x["decision"], x["code"]) for x in e if x["event"] == "decision"][-1]')" "('deny', 'policy-error')"
agent 'sudo docker restart db'
like 'what is refused anyway is refused as ever' "$err" '\[no-rule\]'
chage -E -1 ai-worker
agent 'sudo show'
is 'not expired any more' "$status" 0
usermod -L ai-worker
agent 'sudo show'
is 'a locked password does not matter' "$status" 0
chage -d 0 ai-worker
agent 'sudo show'
is 'nor one that has to be changed' "$status" 0
chage -d 2020-01-01 -M 30 -I 10 ai-worker
agent 'sudo show'
is 'but an account that shadow(5) calls disabled has no sudo' "$status" 1
chage -d 2026-01-01 -M 99999 -I -1 ai-worker

# The environment
printf 'FROM_PAM=system\nPATH=/tmp\nHOME=/tmp\nSUDO_USER=nobody\nWRIT_RULE=mine\n' >/etc/environment
printf '%s\n' 'session required pam_env.so' | cat - "$HOST_ROOT/plugin/pam.d/writ.debian" | host_install_file 644 $service
runs 'variables of PAM' ai-worker 'sudo show'
of() { json "e[0][\"env\"].get(\"$1\")" <<<"$out"; }
is 'reach the command' "$(of FROM_PAM)" system
is 'below the policy'"'"'s' "$(of PATH)" /usr/sbin:/usr/bin:/sbin:/bin
is 'and the target'"'"'s' "$(of HOME)" /root
is 'and what sudo and writ say' "$(of SUDO_USER) $(of WRIT_RULE)" 'ai-worker show'
printf 'LD_PRELOAD=/tmp/x.so\nFROM_PAM=mine\n' >/home/ai-worker/.pam_environment
printf 'DEBUG=root\n' >/root/.pam_environment
{
	echo 'auth required pam_env.so user_readenv=1'
	echo 'account required pam_permit.so'
	echo 'session required pam_env.so user_readenv=1'
} | host_install_file 644 $service
runs 'a module that reads a file of the user'"'"'s' ai-worker 'sudo show'
is 'reads none of the caller'"'"'s' "$(of LD_PRELOAD) $(of FROM_PAM)" 'None system'
is 'but the target'"'"'s' "$(of DEBUG)" root
: >/etc/environment
printf '%s\n' 'session required pam_umask.so umask=0' | cat - "$HOST_ROOT/plugin/pam.d/writ.debian" | host_install_file 644 $service
runs 'a module that sets the umask' ai-worker 'sudo show'
is 'does not set the command'"'"'s' "$(json 'e[0]["umask"]' <<<"$out")" 027

# What does not work is closed
rm $service
refused 'no service' ai-worker 'sudo show' policy-error
unlike 'of which the subject learns nothing' "$err" pam
like 'but the administrator does' "$(host_syslog | tail -n 20)" '/etc/pam\.d/writ is missing'
runs 'and others notice nothing' carol 'sudo -n id -un' root
echo 'account required pam_deny.so' | host_install_file 644 $service
refused 'an account stack that denies' ai-worker 'sudo show' policy-error
printf '%s\n' 'auth required pam_permit.so' 'account required pam_permit.so' 'session required pam_deny.so' | host_install_file 644 $service
as ai-worker 'sudo show'
is 'a session that cannot be opened' "$status $out" '1 '
like 'says so' "$err" '^writ: cannot start the command: no PAM session'
is 'the decision has its end' "$(events '[(x["event"], (x.get("error") or "")[:14]) for x in e][-2:]')" \
	"[('decision', ''), ('exit', 'no PAM session')]"
printf '%s\n' 'auth required pam_deny.so' 'account required pam_permit.so' 'session required pam_permit.so' | host_install_file 644 $service
as ai-worker 'sudo show'
is 'credentials that are denied' "$status $out" '1 '

# Authentication
echo 'ai-worker:battery staple' | chpasswd --crypt-method SHA512
printf '%s\n' 'auth required pam_unix.so nodelay' 'account required pam_unix.so' 'session required pam_unix.so' | host_install_file 644 $service
as ai-worker 'echo "battery staple" | sudo -S true'
is 'the right password' "$status" 0
like 'is asked for as sudo does' "$err" '^\[sudo\] password for ai-worker: '
as ai-worker 'printf "wrong\nbattery staple\n" | sudo -S -p "Say %u: " true'
is 'a second try' "$status" 0
is 'with the caller'"'"'s prompt' "$err" $'Say ai-worker: Sorry, try again.\nSay ai-worker: '
as ai-worker 'printf "a\nb\nc\nbattery staple\n" | sudo -S true'
is 'three wrong ones' "$status" 1
like 'are a refusal by the rule' "$err" 'writ: refused: true: the authentication failed 3 times \[asking\]'
is 'recorded as one' "$(events '[(x["decision"], x["code"], x["rule"]) for x in e if x["event"] == "decision"][-1]')" "('deny', 'rule', 'asking')"
refused 'sudo -n asks for none' ai-worker 'sudo -n true' rule asking
like 'and says so' "$err" 'sudo -n forbids'
as ai-worker 'sudo true </dev/null'
is 'nor can anybody be asked without a terminal' "$status" 1
printf '#!/bin/sh\n[ "$ASKED" = yes ] && [ "$(id -un)" = ai-worker ] && echo "battery staple"\n' | e2e_program askpass
as ai-worker 'ASKED=yes SUDO_ASKPASS=/usr/bin/askpass sudo -A true'
is 'a program of the caller'"'"'s that asks (-A), as the caller, in its environment' "$status" 0
as ai-worker 'echo "battery staple" | sudo -S true; sudo -n true'
is 'no ticket is kept' "$status" 1
runs 'other rules ask for nothing' ai-worker 'sudo -n show'
runs 'nor does a question' ai-worker 'sudo -n -l true' /usr/bin/true
cat >"$E2E/terminal" <<'EOF'
import os, pty, sys
pid, fd = pty.fork()
if pid == 0:
    os.execv('/usr/bin/su', ['su', '-', 'ai-worker', '--session-command', 'sudo true; echo status $?'])
seen = b''
while True:
    try:
        data = os.read(fd, 1000)
    except OSError:
        break
    if not data:
        break
    seen += data
    if seen.endswith(b'password for ai-worker: '):
        os.write(fd, b'battery staple\n')
os.waitpid(pid, 0)
print(seen.decode().replace('\r', ''))
EOF
is 'on a terminal' "$(python3 "$E2E/terminal" | grep -v '^$')" $'[sudo] password for ai-worker: \nstatus 0'
chage -d 0 ai-worker
as root 'true'
agent 'echo "battery staple" | sudo -S true'
is 'a password that has to be changed counts here' "$status" 1
done_testing

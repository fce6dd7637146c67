#!/bin/bash
# SPDX-License-Identifier: ISC
#
# A subject that wants to be somebody else in the log, or nobody: whatever it says, writes, limits or kills,
# its requests stay in the session of its login. Then what only root can break: such records are not believed.

# shellcheck disable=SC2016,SC2154
# shellcheck source=tests/lib/e2e.sh
. "$(dirname "$0")/../lib/e2e.sh"
# shellcheck source=tests/lib/sshd.sh
. "$(dirname "$0")/../lib/sshd.sh"
pam_stacks
ssh_key one -t ed25519
ssh_key two -t ed25519
ssh_authorize ai-worker one two
sshd_start 'AcceptEnv *' 'PermitUserEnvironment yes'
one=$(ssh_fingerprint one.pub) two=$(ssh_fingerprint two.pub)
e2e_policy '{ "id": "environment", "effect": "allow", "program": ["/usr/bin/env"], "argv": [[]] },'
mkfifo -m 666 /tmp/never /tmp/go /tmp/end

# Somebody else's session on the same account, whose name the subject knows, and which goes on meanwhile.
ssh_command two ai-worker@127.0.0.1 'echo "$WRIT_SESSION" >/tmp/other; read -r _ </tmp/go; sudo -n show-arguments other' \
	</dev/null >/dev/null 2>&1 &
holder=$!
until_true [ -s /tmp/other ]
other=$(cat /tmp/other)
is 'the other session is open' "$(opened "$other" 'o["key"]["fingerprint"]')" "$two"

# stays NAME LINE [OPTION...]: a login with key one. Some of its requests are decided, and all of these in it.
stays() {
	local name=$1 line=$2 before
	before=$(wc -l </var/log/writ/events.jsonl)
	shift 2
	ssh_as one ai-worker "cat /proc/self/sessionid >/tmp/mine; $line" "$@"
	is "$name" "$(tail -n "+$((before + 1))" /var/log/writ/events.jsonl | json '{
		([(o["audit_session"], o["key"]["fingerprint"]) for o in e if o["event"] == "session-open" and o["session"] == d["session"]]
		or [d["session"]])[0] for d in e if d["event"] == "decision"}')" "{($(cat /tmp/mine), '$one')}"
}
ask='sudo -n docker restart ollama'

# Words.
stays 'WRIT_SESSION exported' "export WRIT_SESSION=$other; $ask"
stays 'WRIT_SESSION given to sudo' "sudo -n WRIT_SESSION=$other show-arguments x; $ask"
stays 'sudo -E' "WRIT_SESSION=$other sudo -n -E show-arguments x; $ask"
stays 'WRIT_SESSION by SetEnv' "$ask" -o "SetEnv WRIT_SESSION=$other SSH_AUTH_INFO_0=x SSH_CONNECTION=10.9.9.9"
ssh_as one ai-worker "WRIT_SESSION=$other sudo -n env"
is 'the command is told of the true one' "$(grep ^WRIT_SESSION= <<<"$out")" "WRIT_SESSION=$(decided_in)"
as ai-worker "printf '%s\n' WRIT_SESSION=$other SSH_AUTH_INFO_0='publickey $(cat "$SSH_KEYS/two.pub")' SSH_CONNECTION='10.9.9.9 1 10.9.9.9 2' >~/.ssh/environment; cp ~/.ssh/environment ~/.pam_environment"
stays 'a key in ~/.pam_environment and ~/.ssh/environment' "$ask"
ssh_as one ai-worker 'echo "$SSH_AUTH_INFO_0"'
like 'which is read, by others' "$out" 'publickey'
is 'the address is the true one' "$(opened "$(decided_in)" 'o["from"]')" 127.0.0.1
until_true eval '[ "$(closed "$(decided_in)")" = "['"'logout'"']" ]'
is 'so it is when the session ends' "$(closed "$(decided_in)")" "['logout']"
rm -f /home/ai-worker/.pam_environment /home/ai-worker/.ssh/environment
stays 'claims are claims' "WRIT_TASK=$other TRACEPARENT=00-11111111111111111111111111111111-2222222222222222-01 $ask"
is 'recorded apart' "$(events '[x["claims"] for x in e if x["event"] == "decision"][-1]')" \
	"{'WRIT_TASK': '$other', 'TRACEPARENT': '00-11111111111111111111111111111111-2222222222222222-01'}"
stays 'a claim that is none' "WRIT_TASK=\$'a\\e[31mb' TRACEPARENT=\"\$(head -c 5000 /dev/zero | tr '\\0' a)\" $ask"
is 'is not recorded' "$(events '[x["claims"] for x in e if x["event"] == "decision"][-1]')" '{}'

# Files.
host_install_file 755 /usr/bin/spoil <<'EOF2'
#!/usr/bin/python3 -I
"""Writes, renames, removes and replaces whatever it can in /run/writ, and below all of /run."""
import os, sys
done = []
def attempt(what, *args):
    try:
        what(*args)
        done.append((what.__name__, args))
    except OSError:
        pass
names = ['/run/writ', '/run/writ/sessions', '/run/writ/sessions/.index', '/run/writ/events.lock',
         '/run/writ/sessions/' + sys.argv[1] + '.json', '/proc/self/loginuid', '/proc/self/sessionid']
for name in names:
    attempt(os.listdir, name) if os.path.isdir(name) else attempt(open, name)
    attempt(os.open, name, os.O_WRONLY)
    attempt(os.truncate, name, 0)
    attempt(os.unlink, name)
    attempt(os.rmdir, name)
    attempt(os.rename, name, name + '.x')
    attempt(os.chmod, name, 0o777)
    attempt(os.chown, name, os.getuid(), -1)
    attempt(os.link, name, '/tmp/linked')
    attempt(os.mkdir, name + '/x')
    attempt(os.symlink, '/tmp', name + '/x.json')
    attempt(os.utime, name)
print([d for d in done if not d[1][0].startswith('/proc')])
EOF2
stays 'whatever can be done to files' "spoil $other; $ask"
is 'nothing could' "$(head -n 1 <<<"$out")" '[]'
stays 'the login uid' "echo 0 >/proc/self/loginuid; echo 4294967295 >/proc/self/loginuid; $ask"

# Limits and descriptors: refused or recorded, but never as another's or nobody's.
for limit in '-n 24' '-n 64' '-f 0' '-f 8' '-v 60000' '-d 2000' '-s 64' '-t 1' '-u 30' '-c 0' '-m 1 -l 0'; do
	stays "ulimit $limit" "(ulimit $limit; $ask); $ask"
done
stays 'closed descriptors' "$ask 0<&- 1>&- 2>&-; $ask"
stays 'the umask' "umask 0777; $ask"
stays 'another folder' "mkdir -p /tmp/gone && cd /tmp/gone && rmdir /tmp/gone; $ask"

# Processes.
stays 'a namespace of its own' "unshare -Urpfm --mount-proc $ask; $ask"
stays 'a deep tree' 'deep() { if [ "$1" -gt 0 ]; then (deep $(($1 - 1)); true); else '"$ask"'; fi; }; deep 300'
stays 'an orphan' "( ( $ask; : >/tmp/orphaned ) & ) ; while [ ! -e /tmp/orphaned ]; do read -rt 0.1 _ <>/tmp/never; done"
leader='p=$$; while [ "$(awk "/^PPid/ {print \$2}" /proc/$p/status)" -gt 1 ] && [ "$(awk "/^Uid/ {print \$2}" /proc/$p/status)" != 0 ]; do q=$p; p=$(awk "/^PPid/ {print \$2}" /proc/$p/status); done'
stays 'its leader cannot be killed' "$leader"'; kill -9 "$p" 2>/dev/null && echo killed; '"$ask"
is 'it is root'"'"'s' "$(grep -c killed <<<"$out")" 0
ssh_as one ai-worker 'cat /proc/self/sessionid >/tmp/mine; '"$leader"'; setsid -f bash -c "while kill -0 $q 2>/dev/null; do read -rt 0.1 _ <>/tmp/never; done
	'"$ask"'; : >/tmp/after" >/dev/null 2>&1; kill -9 "$q"'
until_true [ -e /tmp/after ]
is 'after its own sshd was killed' "$(opened "$(decided_in)" 'o["audit_session"]')" "$(cat /tmp/mine)"

echo >/tmp/go
wait "$holder"
is 'the other one is itself to the end' "$(events '[x["session"] for x in e if x["event"] == "decision" and x["argv"][-1] == "other"]')" "['$other']"
is 'no session has two ends' "$(events '[s for s in {x["session"] for x in e} if sum(x["event"] == "session-close" and x["session"] == s for x in e) > 1]')" '[]'

# A killed sshd, by root: the session has no end until its processes have one.
ssh_as one ai-worker "echo \"\$WRIT_SESSION\"; setsid -f bash -c 'read -r _ </tmp/go; $ask; read -r _ </tmp/go' >/dev/null 2>&1; echo here >/tmp/here; read -r _ </tmp/end" &
until_true [ -s /tmp/here ]
id=$(events '[x["session"] for x in e if x["event"] == "session-open"][-1]')
kill -9 "$(opened "$id" 'o["leader"]["pid"]')"
echo >/tmp/end
wait $!
clear_sessions
is 'sshd is killed: no end is recorded while processes live' "$(closed "$id")" '[]'
echo >/tmp/go
until_true eval '[ "$(decided_in)" = "$id" ]'
is 'and they are in the session' "$(decided_in)" "$id"
echo >/tmp/go
until_true eval '! pgrep -u ai-worker >/dev/null'
clear_sessions
is 'then it is lost' "$(closed "$id")" "['lost']"
is 'and no other record is left' "$(records '[r["session"] for r in e]')" '[]'

# What root may have broken. The record of an open login is replaced, and the login asks.
# unbelieved NAME CHANGE: CHANGE is Python on the record r, or on its text t.
unbelieved() {
	local id
	rm -f /tmp/here
	ssh_command one ai-worker@127.0.0.1 'echo "$WRIT_SESSION" >/tmp/here; read -r _ </tmp/go; sudo -n show-arguments x' </dev/null >/dev/null 2>&1 &
	until_true [ -s /tmp/here ]
	id=$(cat /tmp/here)
	python3 - "/run/writ/sessions/$id.json" "$2" <<-'EOF2'
		import json, os, sys
		path = sys.argv[1]
		was = t = open(path).read()
		r = json.loads(t)
		exec(sys.argv[2])
		if t != was or r != json.loads(was):
		    with open(path, 'w') as f:
		        f.write(t if t != was else json.dumps(r))
	EOF2
	echo >/tmp/go
	wait $!
	is "$1" "$(decided_in)" None
	rm -f /run/writ/sessions/*.json
}
unbelieved 'another boot' 'r["boot"] = "00000000" + r["boot"][8:]'
unbelieved 'another user' 'r["uid"] += 1'
unbelieved 'another audit session' 'r["audit_session"] += 1'
unbelieved 'another leader' 'r["leader"]["start"] += 1'
unbelieved 'half of it' 't = t[:len(t) // 2]'
unbelieved 'none of it' 't = ""'
unbelieved 'owned by the subject' 'os.chown(path, '"$(id -u ai-worker)"', 0)'
unbelieved 'for all to write' 'os.chmod(path, 0o666)'
unbelieved 'a link' 'os.rename(path, path[:-5]); os.symlink(path[:-5], path)'
clear_sessions
done_testing

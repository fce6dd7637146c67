#!/bin/bash
# SPDX-License-Identifier: ISC
#
# What can be missing, full, read-only or broken when a session is opened: a subject is refused (required) or let
# in untagged (optional); nobody else notices, whatever it is, and an administrator is never locked out.

# shellcheck disable=SC2016,SC2154
# shellcheck source=tests/lib/e2e.sh
. "$(dirname "$0")/../lib/e2e.sh"
# shellcheck source=tests/lib/sshd.sh
. "$(dirname "$0")/../lib/sshd.sh"
pam_stacks
ssh_key one -t ed25519
ssh_key two -t ed25519
ssh_authorize ai-worker one
ssh_authorize carol two
install -d -m 700 /root/.ssh && cp "$SSH_KEYS/two.pub" /root/.ssh/authorized_keys
printf '%s\n' 'Defaults !lecture' 'carol ALL=(ALL:ALL) ALL' | host_install_file 440 /etc/sudoers.d/carol
sshd_start 'PermitRootLogin yes'
module=$(find /usr/lib /lib -name pam_writ.so -path '*/security/*' | head -n 1)
ask='sudo -n docker restart ollama'
required=$(pam_writ_line subjects=ai-worker)
optional='session optional pam_writ.so subjects=ai-worker'

# others NAME: carol and root log in, and carol's sudo works, and nothing is said to them.
others() {
	local got=''
	ssh_as two carol 'echo in'
	got+="$status$out$err "
	ssh_as two root 'echo in'
	got+="$status$out$err "
	ssh_as two carol "echo 'correct horse' | sudo -S -p '' id -un"
	got+="$status$out$err"
	is "$1: others" "$got" '0in 0in 0root'
}
# refused_login NAME: the subject is not let in, and leaves no session.
refused_login() {
	ssh_as one ai-worker 'echo in'
	is "$1: the subject is refused" "$status $out" \
		'254 writ: this session cannot be recorded; the administrator finds the reason in the system log'
	unlike "$1: without a record" "$(ls /run/writ/sessions 2>/dev/null)" json
	like "$1: the log says why" "$(host_syslog | grep 'pam_writ(sshd:session)' | tail -n 1)" \
		"the session of ai-worker is not recorded: ${2-.}"
}
# untagged NAME: the subject is let in, and its requests are nobody's.
untagged() {
	ssh_as one ai-worker "echo \"<\$WRIT_SESSION>\"; $ask"
	is "$1: the subject is let in" "$status $(tr '\n' ' ' <<<"$out")" '0 <> ollama '
	is "$1: untagged" "$(decided_in)" None
}
tagged() {
	ssh_as one ai-worker "$ask"
	is "$1: the subject is let in" "$status $out" '0 ollama'
	like "$1: tagged" "$(decided_in)" '^20'
	is "$1: modes" "$(stat -c '%U %a' /run/writ /run/writ/sessions /run/writ/sessions/.index | tr '\n' ' ')" 'root 711 root 711 root 700 '
}
# failing NAME WHY: with the line that is required, and with one that is optional.
failing() {
	refused_login "$1, required" "$2"
	others "$1, required"
	PAM_WRIT=$optional pam_stacks
	# sudo writes its event to the same places: what cannot be written is refused there.
	ssh_as one ai-worker 'echo "<$WRIT_SESSION>"'
	is "$1, optional: the subject is let in, untagged" "$status $out" '0 <>'
	others "$1, optional"
	PAM_WRIT=$required pam_stacks
}
PAM_WRIT=$required pam_stacks

rm -rf /run/writ
tagged '/run/writ is missing'
rm -rf /run/writ
systemd-tmpfiles --create /usr/lib/tmpfiles.d/writ.conf
tagged '/run/writ is made by systemd-tmpfiles'
check 'the units are in order' systemd-analyze --man=no verify /usr/lib/systemd/system/writ-sessions.service /usr/lib/systemd/system/writ-sessions.timer

rm -rf /run/writ && mkdir /run/writ
mount -t tmpfs -o mode=711,size=64k none /run/writ
head -c 1M /dev/zero >/run/writ/filler 2>/dev/null
failing '/run/writ is full' '.*No space left'
umount /run/writ
mount -t tmpfs -o mode=711,nr_inodes=4 none /run/writ
failing '/run/writ has no inode left' '.*No space left'
umount /run/writ
mount -t tmpfs -o mode=711,ro none /run/writ
failing '/run/writ is read-only' '.*Read-only file system'
umount /run/writ
chmod 777 /run/writ
failing '/run/writ is for all to write' ".*not root's alone"
chmod 711 /run/writ && chown ai-worker /run/writ
failing '/run/writ is the subject'"'"'s' ".*not root's alone"
rm -rf /run/writ && ln -s /tmp /run/writ
failing '/run/writ is a link' '.*Not a directory'
rm -f /run/writ
mount -t tmpfs -o ro,mode=750 none /var/log/writ
failing 'no event can be written' '.*Read-only file system'
umount /var/log/writ
PAM_WRIT="$required subject=x" pam_stacks
refused_login 'an unknown argument' 'pam_writ is not set up correctly'
others 'an unknown argument'
like 'an unknown argument: the log names it' "$(host_syslog | grep pam_writ)" "argument 'subject=x': there is no such argument"
PAM_WRIT='session required pam_writ.so subjects=ai-worker' pam_stacks
tagged 'plainly required'
PAM_WRIT=$required pam_stacks

ai=$(id -u ai-worker)
as root "ulimit -f 0; su ai-worker -c 'echo in'"
like 'a limit on file sizes: su raises it, or refuses' "$status $out" '^(0 in|1 )$'
is 'no half of a record' "$(records 'len([r for r in e if r["uid"] != '"$ai"'])')" 0

# The policy is none of its business.
echo '{ "version": 1, ' | host_install_file 644 /etc/writ/policy.json
ssh_as one ai-worker "echo \"\$WRIT_SESSION\"; $ask"
is 'a policy that does not load: the login is as ever' "$(wc -l <<<"$out")" 1
is 'the refusal is in its session' "$(decided_in) $(events '[x["code"] for x in e if x["event"] == "decision"][-1]')" "$out policy-error"
others 'a policy that does not load'
chmod 666 /etc/writ/policy.json
others 'a policy that all may write'
rm -rf /etc/writ
others 'no policy at all'
e2e_policy ''

# Without an audit session, as in a container: the ancestors tell.
sed -i /pam_loginuid/d /etc/pam.d/sshd
ssh_as one ai-worker "$ask; echo \"\$WRIT_SESSION\"; cat /proc/self/sessionid; echo; (setsid -f sh -c '$ask; : >/tmp/orphan')"
is 'no audit session: there is none' "$(sed -n 3p <<<"$out")" 4294967295
id=$(sed -n 2p <<<"$out")
until_true [ -e /tmp/orphan ]
is 'no audit session: an ancestor tells, an orphan is untagged' \
	"$(events '[x["session"] for x in e if x["event"] == "decision"][-2:]')" "['$id', None]"
is 'its record says so' "$(opened "$id" 'o["audit_session"]')" None
clear_sessions
is 'and is cleared when its leader is gone' "$(records 'len(e)')" 0

# So it is with an sshd that an administrator started in his login: then all logins share his audit session.
sshd_stop
echo "$(id -u carol)" >/proc/self/loginuid
sshd_start 'PermitRootLogin yes'
echo 4294967295 >/proc/self/loginuid
mkfifo -m 666 /tmp/go
ssh_command one ai-worker@127.0.0.1 'echo >/tmp/there; read -r _ </tmp/go; sudo -n show-arguments "$WRIT_SESSION"' </dev/null >/dev/null 2>&1 &
until_true [ -e /tmp/there ]
ssh_as one ai-worker 'sudo -n show-arguments "$WRIT_SESSION"'
echo >/tmp/go
wait $!
is 'sshd of a login: each in its own session' \
	"$(events '[x["session"] == x["argv"][1] for x in e if x["event"] == "decision"][-2:]')" '[True, True]'
is 'sshd of a login: of one audit session, and opened by nobody else' \
	"$(events '[(None not in {o["audit_session"] for o in two}, len({o["audit_session"] for o in two}), [o["by"] for o in two]) for two in [[o for o in e if o["event"] == "session-open"][-2:]]]')" '[(True, 1, [None, None])]'
sshd_stop
sshd_start 'PermitRootLogin yes'
PAM_WRIT=$required pam_stacks

# The module itself.
cp "$module" "$HOST_FILES/module"
rm -f "$module"
untagged 'the module is gone'
others 'the module is gone'
: >"$module"
untagged 'the module is empty'
others 'the module is empty'
echo 'not a module' >"$module"
untagged 'the module is none'
others 'the module is none'
cc -shared -fPIC -o "$module" -x c - <<<'extern int nowhere(void); int pam_sm_open_session(void) { return nowhere(); }' 2>/dev/null
untagged 'the module lacks a library'
others 'the module lacks a library'
rm -f "$module" && mkdir "$module"
untagged 'the module is a folder'
others 'the module is a folder'
rmdir "$module" && cp "$HOST_FILES/module" "$module"
tagged 'the module is back'
is 'no process is left waiting' "$(pgrep -x su || true)" ''
done_testing

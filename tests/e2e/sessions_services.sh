#!/bin/bash
# SPDX-License-Identifier: ISC
#
# Sessions that other services than sshd open: su, sudo for another user to the agent's account, login, cron,
# and what systemd does for its user managers and for machinectl shell.

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
echo 'ai-worker:a secret' | chpasswd --crypt-method SHA512
printf '%s\n' 'Defaults !lecture' 'carol ALL=(ALL:ALL) ALL' | host_install_file 440 /etc/sudoers.d/carol
sshd_start
job='sudo -n docker restart ollama'
last() { events "[x['$1'] for x in e if x['event'] == 'decision'][-1]"; }
# in_session NAME WANT: the last decision was made in a session whose user, service and opener are these.
in_session() {
	local id
	id=$(decided_in)
	is "$1" "$(opened "$id" '(o["user"], o["service"], (o["by"] or {}).get("user"))' 2>/dev/null)" "$2"
}

runs 'su by root, from no login' ai-worker "$job" ollama
in_session 'su: its session' "('ai-worker', 'su-l', 'root')"

ssh_as two carol "echo 'a secret' | su ai-worker -c '$job'"
is 'su by another user' "$status $out" '0 ollama'
in_session 'it names that one' "('ai-worker', 'su', 'carol')"
ssh_as two carol "echo 'a secret' | su ai-worker -c 'setsid -f sh -c \"$job; : >/tmp/detached\" >/dev/null 2>&1'"
until_true [ -e /tmp/detached ]
in_session 'detached from it: the session alone in its audit session' "('ai-worker', 'su', 'carol')"

ssh_as two carol "echo 'correct horse' | sudo -S -p '' -u ai-worker -i $job"
is 'sudo -u ai-worker -i by an administrator' "$status $out" '0 ollama'
in_session 'it names the administrator' "('ai-worker', 'sudo-i', 'carol')"
ssh_as two carol "echo 'correct horse' | sudo -S -p '' -u ai-worker $job"
in_session 'sudo -u ai-worker COMMAND too' "('ai-worker', 'sudo', 'carol')"
ssh_as two carol "echo 'correct horse' | sudo -S -p '' id -un"
is 'sudo to root is as ever' "$status $out" '0 root'
is 'and no session of ours' "$(events '{x["user"] for x in e}')" "{'ai-worker'}"
is 'the decision is the agent'"'"'s' "$(last user)" ai-worker

# A process that nobody logged in to (a service's) may set its login uid, once, to anybody's.
# posed USER: su by that user's process, which says that it is carol's login.
posed() {
	(echo 4294967295 >/proc/self/loginuid
	exec setpriv --reuid="$1" --regid="$1" --clear-groups bash -c 'cd / && echo "$0" >/proc/self/loginuid &&
		su ai-worker -c "$1" <<<"a secret"' "$(id -u carol)" "$job")
}
is 'a service with another login uid opens a session' "$(posed bob 2>/dev/null)" ollama
in_session 'it is named, and not whom it poses as' "('ai-worker', 'su', 'bob')"
is 'the account itself, with another login uid' "$(posed ai-worker 2>/dev/null)" ollama
in_session 'names nobody else' "('ai-worker', 'su', None)"

# Two that share carol's audit session, at once: each is told by its ancestors; what left both is untagged.
host_install_file 755 /usr/bin/both <<'EOF2'
#!/bin/bash
# Each of the two asks when both are there.
: >"/tmp/here.$1"
while [ ! -e "/tmp/here.$((3 - $1))" ]; do read -rt 0.1 _ <>/tmp/never; done
sudo -n show-arguments "$1" "$WRIT_SESSION" >/dev/null
setsid -f sh -c "while kill -0 $$; do read -rt 0.1 _ <>/tmp/never; done 2>/dev/null
	sudo -n show-arguments left-$1; : >/tmp/left.$1" >/dev/null 2>&1
EOF2
sed -i '1s/.*/#!\/bin\/bash/; s/setsid -f sh/setsid -f bash/' /usr/bin/both
mkfifo -m 666 /tmp/never
ssh_as two carol "echo 'a secret' | su ai-worker -c 'both 1' & echo 'a secret' | su ai-worker -c 'both 2'; wait"
is 'two at once in one audit session' "$status" 0
until_true [ -e /tmp/left.1 ] && until_true [ -e /tmp/left.2 ]
is 'each in the session that it was told of' \
	"$(events '[x["session"] == x["argv"][2] for x in e if x["event"] == "decision" and x["argv"][1] in "12"]')" '[True, True]'
is 'which are two' \
	"$(events 'len({x["session"] for x in e if x["event"] == "decision" and x["argv"][1] in "12"})')" 2
is 'of one audit session' \
	"$(events 'len({o["audit_session"] for x in e if x["event"] == "decision" and x["argv"][1] in "12" for o in e if o["event"] == "session-open" and o["session"] == x["session"]})')" 1
is 'what left both belongs to neither' \
	"$(events '[x["session"] for x in e if x["event"] == "decision" and x["argv"][-1].startswith("left-")]')" '[None, None]'

# One's own account once more: the nearest session counts.
ssh_as one ai-worker "echo 'a secret' | su ai-worker -c '$job'; sudo -n show-arguments outer"
in_session 'after su within a login: the login again' "('ai-worker', 'sshd', None)"
is 'in it: the inner one' "$(events '[o["service"] for x in e if x["event"] == "decision" for o in e if o["event"] == "session-open" and o["session"] == x["session"]][-2]')" su

script -qec "login -f ai-worker" /dev/null <<<"$job; exit" >/dev/null 2>&1
in_session 'login' "('ai-worker', 'login', None)"
like 'its terminal' "$(opened "$(decided_in)" 'o["tty"]')" '^(/dev/)?pts/[0-9]+$'

host_install_file 644 /etc/pam.d/cron <<'EOF2'
@include common-auth
session required pam_loginuid.so
session required pam_env.so
@include common-account
@include common-session-noninteractive
EOF2
rm -rf /etc/cron.* /var/spool/cron/crontabs/* /run/crond.reboot
mkdir /etc/cron.d
printf '@reboot ai-worker %s >/tmp/cron.out 2>&1; : >/tmp/cron.done\n' "$job" | host_install_file 644 /etc/cron.d/job
# The subject's own table says more, of which nothing is believed.
printf '%s\n' 'WRIT_SESSION=20200101T000000Z-00000000' 'SSH_CONNECTION=10.9.9.9 1 10.9.9.9 2' \
	"SSH_AUTH_INFO_0=publickey $(cat "$SSH_KEYS/one.pub")" 'SHELL=/bin/bash' \
	"@reboot sudo -n show-arguments own-table; : >/tmp/own.done" | crontab -u ai-worker -
/usr/sbin/cron -f &
cron=$!
until_true [ -e /tmp/cron.done ] && until_true [ -e /tmp/own.done ]
like 'cron runs it' "$(cat /tmp/cron.out)" ollama
is 'cron: each job in a session of cron, without address and key' \
	"$(events '[(o["service"], o["from"], o["key"]) for d in [x for x in e if x["event"] == "decision"][-2:]
		for o in e if o["event"] == "session-open" and o["session"] == d["session"]]')" \
	"[('cron', None, None), ('cron', None, None)]"
is 'cron: of its own' "$(events 'len({x["session"] for x in [x for x in e if x["event"] == "decision"][-2:]})')" 2
kill "$cron" && wait "$cron" 2>/dev/null

# clear-sessions with no more rights than its unit gives it.
unit=/usr/lib/systemd/system/writ-sessions.service
clear_as_unit() {
	local capabilities
	capabilities=$(sed -n 's/^CapabilityBoundingSet=//p' "$unit" | tr 'A-Z ' 'a-z\n' | sed 's/^cap_/+/' | paste -sd,)
	# ProtectSystem=strict, ReadWritePaths=
	unshare -m bash -c '
		for f in $(sed -n "s/^ReadWritePaths=//p" "$2" | sed "s/-\//\//g"); do mount --bind "$f" "$f"; done
		findmnt -rno TARGET | grep -vE "^(/proc|/dev|/run/writ|/var/log/writ)" |
			while read -r m; do mount -o remount,bind,ro "$m"; done
		! touch /etc/here /run/here 2>/dev/null || exit 9
		exec setpriv --no-new-privs --bounding-set "-all,$1" /usr/libexec/writ/clear-sessions' \
		- "$capabilities" "$unit" >/dev/null
}
host_install_file 755 /usr/bin/like-systemd <"$WRIT_BUILD/tests/e2e/like_systemd"
for service in systemd-user login; do
	cp /etc/pam.d/login "/etc/pam.d/$service" 2>/dev/null
	like-systemd "$service" ai-worker bash -c "$job; setsid -f bash -c 'sleep 0; sudo -n show-arguments behind'" >/dev/null 2>&1
	until_true eval '! pgrep -u ai-worker >/dev/null'
	in_session "as systemd does it, $service" "('ai-worker', '$service', None)"
	id=$(decided_in)
	is "$service: the user can write no end of it" "$(closed "$id")" '[]'
	like-systemd "$service" ai-worker /usr/bin/sudo -n show-arguments direct >/dev/null 2>&1
	in_session "as systemd does it, $service, with sudo as what it starts" "('ai-worker', '$service', None)"
	check "$service: the timer runs with the rights of its unit" clear_as_unit
	is "$service: the timer writes it" "$(closed "$id")" "['lost']"
done

clear_sessions
is 'no record is left' "$(records 'len(e)')" 0
is 'every session has one end' \
	"$(events '[o["session"] for o in e if o["event"] == "session-open" and sum(c["event"] == "session-close" and c["session"] == o["session"] for c in e) != 1]')" '[]'
done_testing

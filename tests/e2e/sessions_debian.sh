#!/bin/bash
# SPDX-License-Identifier: ISC
#
# pam_writ installed and uninstalled as the README says, on the PAM files that Debian ships, untouched otherwise.

# shellcheck disable=SC2016,SC2154
# shellcheck source=tests/lib/e2e.sh
. "$(dirname "$0")/../lib/e2e.sh"
# shellcheck source=tests/lib/sshd.sh
. "$(dirname "$0")/../lib/sshd.sh"
# shellcheck source=tests/lib/readme.sh
. "$(dirname "$0")/../lib/readme.sh"
for f in common-session common-session-noninteractive sshd cron; do
	[ -f "/etc/pam.d/$f" ] || host_die "no /etc/pam.d/$f: is this Debian?"
done
: >/etc/default/locale
ssh_key one -t ed25519
ssh_key two -t ed25519
ssh_authorize ai-worker one
ssh_authorize carol two
install -d -m 700 /root/.ssh && cp "$SSH_KEYS/two.pub" /root/.ssh/authorized_keys
printf '%s\n' 'Defaults !lecture' 'carol ALL=(ALL:ALL) NOPASSWD: ALL' | host_install_file 440 /etc/sudoers.d/carol
sshd_start 'PermitRootLogin yes'

# No systemd runs here: units are enabled, and not started.
host_install_file 755 /usr/local/sbin/systemctl <<'EOF2'
#!/bin/bash
exec /usr/bin/systemctl "${@/--now/--quiet}"
EOF2

# as_said WHAT: the README's block, as root.
as_said() {
	as root "$(readme_block sessions_debian.sh "$1")"
	is "README: $1" "$status $err" '0 '
}
# others NAME: carol and root log in, and carol's sudo works.
others() {
	local got=''
	ssh_as two carol 'echo in && sudo -n id -un'
	got+="$status $out $err"
	ssh_as two root 'echo in'
	is "$1: administrators" "$got/$status $out $err" $'0 in\nroot /0 in '
}
ask='sudo -n docker restart ollama'

as_said install
for f in common-session common-session-noninteractive; do
	is "$f has the line" "$(grep -cxF "$(readme_block sessions_debian.sh line)" "/etc/pam.d/$f")" 1
	is "$f ends with it" "$(tail -n 1 "/etc/pam.d/$f")" "$(readme_block sessions_debian.sh line)"
done
check 'the folders are there' [ -d /run/writ/sessions ]
check 'the timer is enabled' [ -L /etc/systemd/system/timers.target.wants/writ-sessions.timer ]

ssh_as one ai-worker "$ask"
is 'ssh: the main job' "$status $out" '0 ollama'
is 'ssh: its session, with the key' "$(opened "$(decided_in)" '(o["service"], o["from"], o["key"]["fingerprint"])')" \
	"('sshd', '127.0.0.1', '$(ssh_fingerprint one.pub)')"
as ai-worker "printf '%s\n' SSH_AUTH_INFO_0='publickey $(cat "$SSH_KEYS/two.pub")' >~/.pam_environment"
ssh_as one ai-worker "$ask"
is 'ssh: ~/.pam_environment changes nothing in it' "$(opened "$(decided_in)" 'o["key"]["fingerprint"]')" "$(ssh_fingerprint one.pub)"
rm -f /home/ai-worker/.pam_environment
others 'installed'

rm -rf /etc/cron.* /var/spool/cron/crontabs/* /run/crond.reboot
mkdir /etc/cron.d
printf '@reboot ai-worker %s >/tmp/cron.out 2>&1; : >/tmp/cron.done\n' "$ask" | host_install_file 644 /etc/cron.d/job
/usr/sbin/cron -f &
cron=$!
until_true [ -e /tmp/cron.done ]
is 'cron: its session' "$(opened "$(decided_in)" '(o["user"], o["service"])')" "('ai-worker', 'cron')"
kill "$cron" && wait "$cron" 2>/dev/null

# Pulled out from under PAM, which is the wrong order.
rm -f /usr/lib/*/security/pam_writ.so /lib/*/security/pam_writ.so
others 'the module alone is gone'
ssh_as one ai-worker "$ask"
is 'the subject is let in, untagged' "$status $out $(decided_in)" '0 ollama None'
as_said uninstall
is 'no line is left' "$(grep -h '^[^#]*pam_writ' /etc/pam.d/*)" ''
others 'uninstalled'
ssh_as one ai-worker "echo in; $ask"
is 'the agent logs in, and has nothing' "$status $out" $'1 in'
done_testing

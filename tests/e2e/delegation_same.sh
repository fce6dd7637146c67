#!/bin/bash
# SPDX-License-Identifier: ISC
#
# For users who are no subjects sudo is the same with writ as without it, to the byte: one long session of
# sudo at a terminal (delegation_same.py), with plain sudoers and then through writ, whose transcripts are
# compared: output, prompts, exit statuses, environment, I/O logs, PAM's calls, tickets, files edited.
#
# Only what cannot be the same twice is written as a placeholder: process ids, times, the random part of
# temporary names, the number of the pseudo-terminal.

# shellcheck source=tests/lib/e2e.sh
. "$(dirname "$0")/../lib/e2e.sh"

host_install_file 440 /etc/sudoers.d/rules <<'END'
Defaults	passwd_tries=2, lecture=once, env_keep += KEPT, closefrom_override, user_command_timeouts
Defaults:carol	iolog_dir=/var/log/sudo-io/%{user}, iolog_file=%{seq}, badpass_message="Not that one."
Cmnd_Alias	SHELLS = /usr/bin/dash, /bin/dash
carol	ALL=(ALL:ALL) ALL
carol	ALL=(ALL:ALL) NOPASSWD: /usr/bin/id, NOPASSWD: SETENV: /usr/bin/env, NOPASSWD: LOG_INPUT: LOG_OUTPUT: /usr/bin/tee
carol	ALL=(ALL) NOPASSWD: INTERCEPT: SHELLS, !/usr/bin/hostid
carol	ALL=(ALL) NOPASSWD: NOEXEC: /usr/bin/nice
carol	ALL=(ALL) TIMEOUT=1 NOPASSWD: /usr/bin/sleep
carol	ALL=(ALL) CWD=* NOPASSWD: /usr/bin/pwd
carol	ALL=(ALL) CHROOT=/ NOPASSWD: /usr/bin/ls
dave	ALL=(carol) sudoedit /etc/edited, /usr/bin/true
END
useradd --create-home --shell /bin/sh dave 2>/dev/null && printf 'dave:another horse\nbob:third horse\n' | chpasswd --crypt-method SHA512
groupadd --gid 59900 crew && usermod -aG crew,games carol
echo 'FROM_PAM=pam' >/etc/environment
e2e_program pam-witness <<'END'
#!/bin/sh
echo "$PAM_SERVICE $PAM_TYPE user=$PAM_USER ruser=$PAM_RUSER rhost=$PAM_RHOST tty=$PAM_TTY uid=$(id -u) $1" >>/run/e2e/pam
END
for type in auth account session password; do
	sed -i "1i $type optional pam_exec.so seteuid /usr/bin/pam-witness $type" /etc/pam.d/sudo /etc/pam.d/sudo-i
done
e2e_program change-it <<'END'
#!/bin/sh
for file; do echo "changed by $(id -un) from $(cat "$file")" >"$file.new" && cat "$file.new" >"$file" && rm "$file.new"; done
END
e2e_program ask <<'END'
#!/bin/sh
echo 'correct horse'
END

session() {
	rm -rf /run/sudo/ts /var/lib/sudo/lectured /var/log/sudo-io "$E2E/pam" /etc/edited /home/carol/* /tmp/edited*
	echo original >/etc/edited && chmod 600 /etc/edited
	python3 "$HOST_ROOT/tests/e2e/delegation_same.py" >"$HOST_FILES/$1" || fail "$1: the session was held"
}

host_install_file 644 /etc/sudo.conf </dev/null
session plain
for text in 'password for carol' 'Not that one' 'incorrect password attempt' 'is not in the sudoers file' 'FROM_PAM=pam' \
	'changed by' 'may run the following commands' 'sudo open_session user=' 'sudo close_session user=' 'a valid ticket' 'status 129' 'Permission denied' 'intercepted'; do
	check "the session is one: $text" grep -aq "$text" "$HOST_FILES/plain"
done
session plain-again
is 'twice the same with plain sudoers (or the comparison means nothing)' \
	"$(diff -a "$HOST_FILES/plain" "$HOST_FILES/plain-again")" ''

host_load_writ ''
session through
is 'through writ the same' "$(diff -a "$HOST_FILES/plain" "$HOST_FILES/through")" ''
rm -r /etc/writ
session without
is 'and without a policy' "$(diff -a "$HOST_FILES/plain" "$HOST_FILES/without")" ''
e2e_policy ''
refused 'while the subject is held to it' ai-worker 'sudo docker restart db' no-rule
note "$(wc -l <"$HOST_FILES/plain") lines were compared"

# Arguments for sudoers are handed on
printf 'carol ALL=(root) NOPASSWD: /usr/bin/uname\n' | host_install_file 400 /etc/other-sudoers
chown carol:crew /etc/other-sudoers
arguments='sudoers_file=/etc/other-sudoers sudoers_uid=59002 sudoers_gid=59900 sudoers_mode=0400'
line='sudo -n uname; sudo -n id; sudo -n -l 2>&1'
host_install_file 644 /etc/sudo.conf <<<"Plugin sudoers_policy sudoers.so $arguments"
as carol "$line"
plain="$status $out $err"
like 'sudoers reads another file by its arguments' "$plain" '^[0-9]+ Linux'
host_install_file 644 /etc/sudo.conf <<<"Plugin writ_policy writ.so subjects=ai-worker $arguments"
as carol "$line"
is 'and by those of writ the same' "$status $out $err" "$plain"
# Where sudoers_audit is loaded, it is the first to read sudoers, and so its line has to have them
host_install_file 644 /etc/sudo.conf <<END
Plugin writ_policy   writ.so    subjects=ai-worker
Plugin sudoers_audit sudoers.so $arguments
END
as carol "$line"
is 'and by those of sudoers_audit' "$status $out $err" "$plain"
done_testing

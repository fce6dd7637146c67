# shellcheck shell=bash
# SPDX-License-Identifier: ISC
#
# The real sshd, on a loopback port inside a throwaway host, with keys that the test makes; and the PAM
# stacks of Debian with pam_writ in them. To be sourced after e2e.sh.

SSH_PORT=22022
SSH_KEYS=$HOST_FILES/keys       # private keys, NAME and NAME.pub
SSHD_PID=
[ -p "$E2E/never" ] || mkfifo "$E2E/never"

# The line of pam_writ as the manual has it, with further arguments.
pam_writ_line() {
	printf 'session [success=ok new_authtok_reqd=ok ignore=ignore module_unknown=ignore default=bad] pam_writ.so %s\n' "$*"
}

# pam_stacks [ARGUMENT...]: Debian's stacks with pam_writ in common-session and common-session-noninteractive.
# With PAM_WRIT set to a line, with that line instead.
pam_stacks() {
	local f
	for f in common-session common-session-noninteractive; do
		{
			echo 'session required pam_permit.so'
			printf '%s\n' "${PAM_WRIT-$(pam_writ_line subjects=ai-worker,%ai-workers "$@")}"
			echo 'session required pam_unix.so'
		} | host_install_file 644 "/etc/pam.d/$f"
	done
	host_install_file 644 /etc/pam.d/common-auth <<-'EOF2'
		auth	[success=1 default=ignore]	pam_unix.so nullok nodelay
		auth	requisite	pam_deny.so
		auth	required	pam_permit.so
	EOF2
	echo 'account required pam_unix.so' | host_install_file 644 /etc/pam.d/common-account
	host_install_file 644 /etc/pam.d/sshd <<-'EOF2'
		@include common-auth
		account	required	pam_nologin.so
		@include common-account
		session	required	pam_loginuid.so
		@include common-session
		session	required	pam_env.so
		session	required	pam_env.so user_readenv=1 envfile=/etc/default/locale
	EOF2
	host_install_file 644 /etc/pam.d/su <<-'EOF2'
		auth	sufficient	pam_rootok.so
		session	required	pam_env.so readenv=1
		@include common-auth
		@include common-account
		@include common-session
	EOF2
	cp /etc/pam.d/su /etc/pam.d/su-l
	host_install_file 644 /etc/pam.d/sudo <<-'EOF2'
		@include common-auth
		@include common-account
		@include common-session-noninteractive
	EOF2
	sed s/-noninteractive// /etc/pam.d/sudo | host_install_file 644 /etc/pam.d/sudo-i
	sed /pam_rootok/d /etc/pam.d/su | sed 's/^@include common-session/session required pam_loginuid.so\n&/' |
		host_install_file 644 /etc/pam.d/login
	: >/etc/default/locale
}

# A key pair NAME; further arguments are ssh-keygen's.
ssh_key() {
	local name=$1
	shift
	[ -d "$SSH_KEYS" ] || mkdir -m 700 "$SSH_KEYS"
	ssh-keygen -q -N '' -C "$name" -f "$SSH_KEYS/$name" "$@"
}

# The fingerprint that ssh-keygen prints of a public key or certificate.
ssh_fingerprint() {
	ssh-keygen -l -f "$SSH_KEYS/$1" | cut -d' ' -f2
}

# ssh_authorize USER NAME...: these keys open sessions of USER.
ssh_authorize() {
	local user=$1 name
	shift
	install -d -o "$user" -g "$user" -m 700 "/home/$user/.ssh"
	for name; do cat "$SSH_KEYS/$name.pub"; done >"/home/$user/.ssh/authorized_keys"
}

# Starts sshd in the background; lines of sshd_config may be given. The port is open when it returns.
sshd_start() {
	mkdir -p /run/sshd
	[ -f "$SSH_KEYS/host" ] || ssh_key host -t ed25519
	{
		printf '%s\n' "Port $SSH_PORT" 'ListenAddress 127.0.0.1' 'ListenAddress ::1' "HostKey $SSH_KEYS/host" \
			'UsePAM yes' 'PidFile none' 'UseDNS no' 'MaxStartups 200' 'LogLevel VERBOSE' \
			'KbdInteractiveAuthentication no' "$@"
	} >"$HOST_FILES/sshd_config"
	/usr/sbin/sshd -D -e -f "$HOST_FILES/sshd_config" 2>"$HOST_FILES/sshd.log" &
	SSHD_PID=$!
	python3 - "$SSH_PORT" <<-'EOF2' || host_die "sshd did not start: $(cat "$HOST_FILES/sshd.log")"
		import socket, sys, time
		for _ in range(600):
		    try:
		        socket.create_connection(("127.0.0.1", int(sys.argv[1]))).close()
		        sys.exit(0)
		    except OSError:
		        time.sleep(0.05)
		sys.exit(1)
	EOF2
}

sshd_stop() {
	kill "$SSHD_PID" && wait "$SSHD_PID"
	SSHD_PID=
}

# ssh_as KEY USER LINE [OPTION...]: the line in a login by ssh with that key. As `as`, it leaves out, err and
# status. Standard input is HOST_STDIN, else empty.
# shellcheck disable=SC2034
ssh_as() {
	local key=$1 user=$2 line=$3
	shift 3
	ssh_command "$key" "$@" "$user@${SSH_HOST:-127.0.0.1}" "$line" <"${HOST_STDIN:-/dev/null}" \
		>"$HOST_FILES/out" 2>"$HOST_FILES/err"
	status=$?
	out=$(tr -d '\0' <"$HOST_FILES/out")
	err=$(tr -d '\0' <"$HOST_FILES/err")
}

# ssh with a key and what keeps it from asking.
ssh_command() {
	local key=$1
	shift
	ssh -F none -p "$SSH_PORT" -i "$SSH_KEYS/$key" -o IdentitiesOnly=yes -o IdentityAgent=none \
		-o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null \
		-o GlobalKnownHostsFile=/dev/null -o LogLevel=ERROR "$@"
}

# records EXPRESSION: evaluates Python over all session records: e is their list.
records() {
	local f
	for f in /run/writ/sessions/*.json; do
		[ ! -f "$f" ] || { cat "$f" && echo; }
	done | json "$1"
}

# The id of the session that the last decision was made in; "None" if it was untagged.
decided_in() {
	events '[x["session"] for x in e if x["event"] == "decision"][-1]'
}

# The session-open event of a session, as Python evaluates an expression on it: o.
opened() {
	events "[${2} for o in e if o['event'] == 'session-open' and o['session'] == '$1'][0]"
}

# How a session was closed: the closed member of its session-close event, or none.
closed() {
	events "[x['closed'] for x in e if x['event'] == 'session-close' and x['session'] == '$1']"
}

# Waits until a command succeeds, at most a minute: for what ends by itself.
until_true() {
	local n
	for ((n = 0; n < 600; n++)); do
		"$@" && return
		read -rt 0.1 _ <>"$E2E/never" || true
	done
	return 1
}

# What the timer runs.
clear_sessions() {
	/usr/libexec/writ/clear-sessions | sed 's/^/# /'
}

# shellcheck shell=bash
# SPDX-License-Identifier: ISC
#
# The throwaway host: the real sudo on a copy of this machine that is gone when the script ends.
# To be sourced by a bash script that first calls host_enter with its own arguments.
#
# All file systems are overlays whose upper folders lie in memory; /run, /dev and the accounts are its
# own, and so are processes, network, host name (see enclose.py). Nothing reaches the machine's syslog,
# its kernel's audit log, or its services. What needs root inside is done as root of the machine.

HOST_LIB=$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
# shellcheck disable=SC2034
HOST_ROOT=$(cd -P -- "$HOST_LIB/../.." && pwd)      # the checkout
HOST_FILES=/run/host           # what is noted about the host itself, inside it; root's alone

# Says why there can be no throwaway host here; nothing if there can be one.
host_obstacle() {
	if [ "$(id -u)" -ne 0 ]; then
		echo 'root is needed for a throwaway host'
	elif ! python3 "$HOST_LIB/enclose.py" true 2>/dev/null; then
		echo 'private mount namespaces are not permitted here (an ordinary container?)'
	fi
}

# Goes on inside a throwaway host: replaces this process by the enclosure, which runs the script again.
# In HOST_ENCLOSE stand options for enclose.py.
host_enter() {
	if [ "${HOST_INSIDE-}" = 1 ] && [ "$$" -eq 1 ]; then
		umask 022
		host_mount && host_own_files && host_accounts && host_syslog_start
		return
	fi
	# shellcheck disable=SC2086
	HOST_INSIDE=1 exec python3 "$HOST_LIB/enclose.py" ${HOST_ENCLOSE-} bash "$0" "$@"
}

host_die() {
	echo "throwaway host: $*" >&2
	exit 1
}

# The mounts below folder $1, parents first, as paths relative to it.
host_mounts_below() {
	local path
	while read -r _ _ _ _ path _; do
		path=$(printf '%b' "$path")
		case $path in "$1"/?*) printf '%s\n' "${path#"$1"/}" ;; esac
	done </proc/self/mountinfo | sort -u
}

# Builds the new root below /mnt and moves into it.
host_mount() {
	local stage=/mnt here=$PWD new=/mnt/new old=/mnt/old m
	mount -t tmpfs -o mode=755 host "$stage" || host_die "no tmpfs on $stage"
	mkdir "$new" "$old"
	{ mount --rbind / "$old" && umount "$old$stage"; } || host_die 'cannot bind the root'
	host_overlay "$old" "$new" || host_die 'overlayfs cannot be mounted'

	host_mounts_below "$old" | while IFS= read -r m; do
		case $m in proc | proc/* | sys | sys/* | dev | dev/* | run | run/* | mnt/new | mnt/old) ;;
		*)	if [ -d "$old/$m" ]; then
				host_overlay "$old/$m" "$new/$m" || mount --bind -o ro "$old/$m" "$new/$m"
			elif [ -f "$old/$m" ]; then
				cat "$old/$m" >"$new/$m"
			fi ;;
		esac
	done

	mount -t proc -o nosuid,nodev,noexec proc "$new/proc" || host_die 'no /proc'
	mount --rbind "$old/sys" "$new/sys"
	mount -t tmpfs -o mode=755,nosuid,nodev run "$new/run" || host_die 'no /run'
	mkdir -m 700 "$new$HOST_FILES"
	mkdir "$new/run/lock" "$new/run/sudo"
	host_devices "$old/dev" "$new/dev"
	host_docker_socket "$old" "$new"

	{ cd "$new" && pivot_root . . && umount -l .; } || host_die 'pivot_root failed'
	cd "$here" || cd /
}

# An overlay of folder $1 at $2. Its upper folder is in memory.
host_overlay() {
	local upper
	upper=$(mktemp -d /mnt/upper.XXXXXX) && mkdir "$upper/u" "$upper/w" &&
		chmod --reference="$1" "$upper/u" && chown --reference="$1" "$upper/u" &&
		mount -t overlay -o "lowerdir=$1,upperdir=$upper/u,workdir=$upper/w" overlay "$2" 2>/dev/null
}

# A /dev with nothing of the machine in it but terminals.
host_devices() {
	local d
	mount -t tmpfs -o mode=755,nosuid dev "$2" || host_die 'no /dev'
	for d in null zero full random urandom tty; do
		: >"$2/$d" && mount --bind "$1/$d" "$2/$d"
	done
	mkdir -m 1777 "$2/shm" && mkdir "$2/pts"
	mount --bind "$1/pts" "$2/pts"
	mknod -m 666 "$2/ptmx" c 5 2	# no bind mount: the kernel looks for pts beside it
	ln -s /proc/self/fd "$2/fd"
	ln -s fd/0 "$2/stdin"
	ln -s fd/1 "$2/stdout"
	ln -s fd/2 "$2/stderr"
}

# With HOST_DOCKER=engine, the machine's docker engine can be reached from inside, if it has one.
host_docker_socket() {
	[ "${HOST_DOCKER-}" = engine ] && [ -S "$1/run/docker.sock" ] || return 0
	: >"$2/run/docker.sock" && mount --bind "$1/run/docker.sock" "$2/run/docker.sock"
}

# What a host has of its own in /etc and /var, so that no setting of the machine matters.
host_own_files() {
	local f
	echo writ-host >/proc/sys/kernel/hostname
	rm -rf /etc/writ /etc/sudoers.d /var/log/writ /var/log/sudo-io /var/lib/sudo /run/writ
	rm -f /etc/hosts /etc/nsswitch.conf /etc/environment /etc/resolv.conf /etc/nologin /etc/securetty
	mkdir -p /etc/sudoers.d /var/lib/sudo && chmod 700 /var/lib/sudo
	printf '127.0.0.1 localhost\n::1 localhost\n127.0.1.1 writ-host\n' >/etc/hosts
	printf '%s: files\n' passwd group shadow gshadow hosts sudoers services >/etc/nsswitch.conf
	: >/etc/environment
	host_install_file 440 /etc/sudoers <<-'EOF'
		Defaults	env_reset, !fqdn, !mail_badpass, !mail_no_user
		Defaults	secure_path="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
		root	ALL=(ALL:ALL) ALL
		@includedir /etc/sudoers.d
	EOF
	host_install_file 644 /etc/sudo.conf </dev/null
	for f in su su-l sudo sudo-i login; do
		host_install_file 644 "/etc/pam.d/$f" <<-'EOF'
			auth	sufficient	pam_rootok.so
			auth	required	pam_unix.so nodelay
			account	required	pam_unix.so
			session	required	pam_unix.so
			session	optional	pam_env.so
		EOF
	done
	# sudo asks for passwords, of root as well (pam_rootok would let every set-user-ID program pass)
	sed -i /pam_rootok/d /etc/pam.d/sudo /etc/pam.d/sudo-i /etc/pam.d/login
}

# host_install_file MODE PATH: makes a file of root's from standard input.
host_install_file() {
	rm -rf "$2" && mkdir -p "${2%/*}" && cat >"$2" && chmod "$1" "$2" && chown root:root "$2"
}

# The machine's system accounts, and the three that the tests and `dev try` know: ai-worker (the
# subject), carol (an administrator by sudoers, with a password), and bob (nobody at all).
host_accounts() {
	local f uid=59001	# no owner of anything on the machine
	for f in passwd group; do
		awk -F: '$3 < 1000 || $3 >= 65534' "/etc/$f" >"$HOST_FILES/$f" && cat "$HOST_FILES/$f" >"/etc/$f"
	done
	rm -f /etc/shadow- /etc/gshadow- /etc/passwd- /etc/group- /etc/.pwd.lock
	{ pwconv && grpconv; } || host_die 'cannot make the accounts'
	rm -rf /home/ai-worker /home/carol /home/bob
	for f in ai-worker carol bob; do
		useradd --uid $((uid++)) --create-home --user-group --shell /bin/bash --skel /dev/null "$f" 2>/dev/null ||
			host_die "no account $f"
		chmod 700 "/home/$f"
	done
	echo 'carol:correct horse' | chpasswd --crypt-method SHA512
}

# The recording syslog: what programs inside log is read back with host_syslog, one line a message.
host_syslog_start() {
	python3 "$HOST_LIB/logsocket.py" serve /dev/log "$HOST_FILES/syslog" ||
		host_die 'the syslog recorder did not start'
}

host_syslog() {
	python3 "$HOST_LIB/logsocket.py" flush /dev/log && cat "$HOST_FILES/syslog"
}

# Installs the build folder $1 as an administrator would. With HOST_SUDO=FOLDER, a source tree of another
# sudo that was configured with --prefix=/usr --with-rundir=/run/sudo and built, that sudo as well (1.9.12
# or later: tests of options and settings that older ones do not have fail).
host_install_build() {
	if [ -n "${HOST_SUDO-}" ]; then
		make --silent -C "$HOST_SUDO" install >"$HOST_FILES/sudo" 2>&1 || host_die "cannot install $HOST_SUDO"
		host_install_file 644 /etc/sudo.conf </dev/null
	fi
	meson install -C "$1" --no-rebuild --quiet || host_die "cannot install $1"
}

# The sudo.conf of the README, with further arguments for writ_policy.
host_load_writ() {
	host_install_file 644 /etc/sudo.conf <<-EOF
		Plugin writ_policy   writ.so    subjects=ai-worker${*:+ $*}
		Plugin sudoers_io    sudoers.so
		Plugin sudoers_audit sudoers.so
	EOF
}

# The stand-in for docker, as the program that is run.
host_standin_docker() {
	[ -z "${HOST_INSIDE-}" ] || rm -f /usr/local/bin/docker /usr/local/sbin/docker
	host_install_file 755 /usr/bin/docker <"$HOST_LIB/standin-docker"
}

# What is wrong with the events in the event log; nothing if all fit the schema of events.
host_events_wrong() {
	local log=/var/log/writ/events.jsonl
	[ ! -f $log ] || python3 "$HOST_LIB/event_schema.py" "$HOST_ROOT/policies/schema" $log 2>&1
}

out='' err='' status=0

# as USER LINE: the line in a login shell of USER. Standard input is HOST_STDIN, else empty.
# Leaves out, err (without their last newlines) and status.
# shellcheck disable=SC2034
as() {
	su - "$1" -c "$2" <"${HOST_STDIN:-/dev/null}" >"$HOST_FILES/out" 2>"$HOST_FILES/err"
	status=$?
	out=$(tr -d '\0' <"$HOST_FILES/out")
	err=$(tr -d '\0' <"$HOST_FILES/err")
}

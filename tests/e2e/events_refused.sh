#!/bin/bash
# SPDX-License-Identifier: ISC
#
# What cannot be recorded does not run: whatever is wrong with the event log, each of the three plugins refuses
# its subjects, the system log says why, no part of a line is left, and nobody else notices. As soon as the log is
# right again, so are they.

# shellcheck disable=SC2016,SC2154
# shellcheck source=tests/lib/e2e.sh
. "$(dirname "$0")/../lib/e2e.sh"
folder=/var/log/writ
log=$folder/events.jsonl
lock=/run/writ/events.lock
echo 'Defaults:ai-worker use_pty, log_input, log_output
ai-worker ALL=(root) NOPASSWD: /usr/bin/show-arguments
carol ALL=(root) NOPASSWD: /usr/bin/show-arguments' | host_install_file 440 /etc/sudoers.d/e2e

# load PLUGIN: that one of writ's, beside sudoers
load() {
	case $1 in
	policy) host_load_writ '' ;;
	*) echo "Plugin writ_$1 writ.so subjects=ai-worker" | host_install_file 644 /etc/sudo.conf ;;
	esac
}

# set_flags FLAGS FILE: as chattr does (16: immutable)
set_flags() {
	python3 -c 'import fcntl, struct, sys
with open(sys.argv[2]) as f: fcntl.ioctl(f, 0x40086602, struct.pack("l", int(sys.argv[1])))' "$@"
}

# The line that is asked with; a fault may put something before it.
before=''
ask() {
	as "$1" "${before:+$before }sudo -n show-arguments unrecorded"
}

# Faults: wrong_NAME puts it in, right_NAME takes it out again; the pattern is what the system log says.
faults=(
	'full|No space left on device'
	'nearly_full|No space left on device'
	'no_inode|No space left on device'
	'read_only|Read-only file system'
	'missing|is missing and the folder above is not root'"'"'s alone'
	'others_folder|is not root'"'"'s alone to write'
	'others_file|is not a regular file of root'"'"'s alone'
	'immutable|Operation not permitted'
	'others_lock|is not root'"'"'s alone'
	'no_lock|Read-only file system'
	'held|is held by process [0-9]+'
	'io_error|Input/output error'
	'quota|Disk quota exceeded'
	'short|No space left on device'
	'flush|Disk quota exceeded'
)

wrong_full() {
	mount -t tmpfs -o size=64k,mode=750 none $folder
	head -c 1M /dev/zero >$folder/filler 2>/dev/null
}
right_full() { umount $folder; }

# The last page has some bytes left, the disk none: a part of the line fits.
wrong_nearly_full() {
	mount -t tmpfs -o size=64k,mode=750 none $folder
	{ printf '{"whole":"%04000d"}\n' 0; } >$log
	head -c 1M /dev/zero >$folder/filler 2>/dev/null
}
right_nearly_full() { umount $folder; }

wrong_no_inode() { mount -t tmpfs -o nr_inodes=1,mode=750 none $folder; }
right_no_inode() { umount $folder; }

wrong_read_only() { mount -t tmpfs -o ro,mode=750 none $folder; }
right_read_only() { umount $folder; }

wrong_missing() { mount -t tmpfs -o mode=777 none /var/log; }
right_missing() { umount /var/log; }

wrong_others_folder() { chown daemon $folder; }
right_others_folder() { chown root $folder; }

wrong_others_file() { chmod g+w $log; }
right_others_file() { chmod g-w $log; }

# a file system that has such flags
wrong_immutable() {
	mount -t tmpfs -o mode=750 none $folder
	echo '{"whole":1}' >$log && set_flags 16 $log
}
right_immutable() { set_flags 0 $log && umount $folder; }

wrong_others_lock() { chown daemon $lock; }
right_others_lock() { chown root $lock; }

wrong_no_lock() { mount -t tmpfs -o ro,mode=711 none /run/writ; }
right_no_lock() { umount /run/writ; }

wrong_held() {
	coproc holder { exec python3 -c 'import fcntl, sys
f = open(sys.argv[1])
fcntl.flock(f, fcntl.LOCK_EX)
print(flush=True)
sys.stdin.read()' $lock; }
	read -r _ <&"${holder[0]}"
}
# shellcheck disable=SC2154
right_held() {
	kill "$holder_PID"
	wait "$holder_PID" 2>/dev/null
}

# What a kernel answers on such a file system. strace as root: sudo keeps its rights under it.
inject() {
	strace -f -qq -u ai-worker -o "$E2E/trace" -P $log -e trace="${1%%:*}" -e "inject=$1" \
		env PATH=/usr/bin:/bin sudo -n show-arguments unrecorded </dev/null >"$HOST_FILES/out" 2>"$HOST_FILES/err"
	status=$?
	out=$(cat "$HOST_FILES/out") err=$(cat "$HOST_FILES/err")
}
wrong_io_error() { ask() { inject writev:error=EIO; }; }
wrong_quota() { ask() { inject writev:error=EDQUOT; }; }
wrong_short() { ask() { inject writev:retval=17; }; }
# the first descriptor of the log that is closed is a copy: the second still can cut the line off
wrong_flush() { ask() { inject close:error=EDQUOT:when=1; }; }
right_io_error() {
	ask() { as "$1" 'sudo -n show-arguments unrecorded'; }
}
right_quota() { right_io_error; }
right_short() { right_io_error; }
right_flush() { right_io_error; }

# what is in the log, if anything
content() { cat $log 2>/dev/null | sha256sum; }

# refuses PLUGIN FAULT PATTERN: what ask leaves is a refusal for that reason
refuses() {
	local told='the decision cannot be recorded' of="$1, $2" entries was
	entries=$(host_syslog | wc -l) was=$(content)
	: >"$E2E/started"
	ask ai-worker
	if [ "$1" = audit ]; then
		is "$of: status, output" "$status $out" '1 '
		like "$of: is refused" "$err" 'the event cannot be recorded; the administrator finds the reason in the system log'
	else
		like "$of: is refused" "$status $err" "^1 writ: refused: .*$told, so nothing is run.* \[policy-error\]"
		check "$of: in the shape of a refusal" is_refusal
	fi
	is "$of: nothing ran" "$(cat "$E2E/started")" ''
	is "$of: the log is as it was" "$(content)" "$was"
	like "$of: the system log says why" "$(host_syslog | tail -n +$((entries + 1)))" \
		"authpriv\.err [^"$'\n'"]* writ\[[0-9]+\]: (a decision|an event of sudo \(accept\)) cannot be recorded: [^"$'\n'"]*$3"
}

for plugin in policy approval audit; do
	load $plugin
	runs "$plugin: before" ai-worker 'sudo -n show-arguments x' "[b'x']"
	for fault in "${faults[@]}"; do
		name=${fault%%|*}
		# ten seconds of patience; once is enough
		[ "$name $plugin" != 'held approval' ] || continue
		"wrong_$name"
		refuses $plugin "$name" "${fault#*|}"
		"right_$name"
		is "$plugin, $name: right again" "$(as ai-worker 'sudo -n show-arguments x'; echo "$status $out")" "0 [b'x']"
	done
	wrong_full
	runs "$plugin: others run all the same" carol 'sudo -n show-arguments x' "[b'x']"
	right_full
done
is 'no line is torn' "$(events 'len(e) > 30')" True

# The end of a command whose event cannot be written
e2e_program hide-log <<'EOF2'
#!/bin/sh
mount -t tmpfs -o ro,mode=750 none /var/log/writ; exit 7
EOF2
e2e_policy '{ "id": "hide", "effect": "allow", "program": "/usr/bin/hide-log", "argv": [[]] },'
echo 'carol ALL=(root) NOPASSWD: /usr/bin/hide-log' | host_install_file 440 /etc/sudoers.d/e2e
unended() {
	load "$1"
	before=''
	as "$2" 'sudo -n hide-log'
	umount $folder
	is "$1: the status is the command's" "$status" 7
	id=$(tail -n 1 $log | json 'e[0]["id"]')
	like "$1: an end that cannot be recorded is in the system log" "$(host_syslog | tail -n 3)" \
		"authpriv\.err [^"$'\n'"]* writ\[[0-9]+\]: the end of $id is not recorded: [^"$'\n'"]*Read-only file system"
}
unended policy ai-worker
unended audit carol

# The caller's limit on file sizes: raised where root may, else a reason to refuse
load policy
as ai-worker 'ulimit -Sf 0; sudo -n show-arguments x'
is 'a soft limit on file sizes is raised' "$status $out" "0 [b'x']"
: >"$E2E/started"
entries=$(wc -l <$log)
err=$(setpriv --bounding-set=-sys_resource --reuid ai-worker --regid ai-worker --clear-groups \
	sh -c 'ulimit -f 0; exec sudo -n show-arguments x' 2>&1 </dev/null)
status=$? out=''
check 'a hard one that root may not raise: refused' is_refusal
like 'and the caller is told' "$err" 'ulimit -f'
is 'nothing ran, nothing is recorded' "$(cat "$E2E/started") $(wc -l <$log)" " $entries"
done_testing

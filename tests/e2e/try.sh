#!/bin/bash
# SPDX-License-Identifier: ISC
#
# `./dev try`: what it shows, that the machine is the same after it, and that nothing of it is left
# when it is interrupted. This test runs outside a throwaway host, as dev does.

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/host.sh
. "$(dirname "$0")/../lib/host.sh"
WRIT_BUILD=${WRIT_BUILD:-$HOST_ROOT/build}
obstacle=$(host_obstacle)
[ -z "$obstacle" ] || skip_all "$obstacle"
scratch=$(mktemp -d) && trap 'rm -rf "$scratch"' EXIT

# What a run could have changed, as far as nobody else changes it all the time.
machine() {
	local f
	for f in passwd group shadow gshadow subuid sudo.conf sudoers sudoers.d pam.d hosts hostname writ; do
		find "/etc/$f" -exec ls -ld --time-style=full-iso {} + 2>/dev/null
	done
	find /usr/bin /usr/libexec/sudo /usr/share -maxdepth 1 -exec ls -ld --time-style=full-iso {} +
	ls -d /home/* /usr/share/writ /run/writ /run/host /run/e2e /var/log/writ /var/log/sudo-io /dev/log 2>/dev/null
	stat -c '%n %Y %s' /var/log/lastlog /var/log/wtmp /var/log/btmp 2>/dev/null
	cat /proc/mounts /proc/sys/kernel/hostname
}

machine >"$scratch/before"
NO_COLOR=1 bash "$HOST_LIB/try.sh" "$WRIT_BUILD" >"$scratch/shown" 2>&1 </dev/null
is 'it succeeds' "$?" 0
shown=$(cat "$scratch/shown")

# came LINE REGEX: the line is shown as typed, and below it, up to the next one, what matches
came() {
	local text=${shown#*"$1"$'\n'}
	[ "$text" != "$shown" ] || text='(the line was not shown)'
	like "$1" "${text%%$'\n\n'*}" "$2"
}
came 'ai-worker$ sudo docker restart ollama' $'(^|\n)ollama$'
came 'ai-worker$ sudo docker run --rm alpine echo test' $'(^|\n)test$'
came 'ai-worker$ sudo docker run -v /:/host alpine' '^writ: refused: docker run: .*\(exit status 1\)$'
came 'ai-worker$ sudo docker run -itv=/:/host alpine' '^writ: refused: docker run: .*\(exit status 1\)$'
came 'ai-worker$ sudo docker container run --privileged alpine' '^writ: refused: .*\(exit status 1\)$'
came 'ai-worker$ sudo docker exec ollama bash' '^writ: refused: docker exec: .*\(exit status 1\)$'
came 'ai-worker$ sudo -l' 'docker'
came 'carol$ sudo id -un' '^root$'
came 'root# writ log' 'ai-worker +allow +container-stop +docker restart ollama'
came 'root# writ log' 'ai-worker +deny +no-host-root +docker run -itv=/:/host alpine'
is 'two commands of the agent were recorded' "$(grep -c 'TSID=ai-worker/' "$scratch/shown")" 2
check 'no escape sequences where no terminal is' [ -z "$(tr -dc '\033' <"$scratch/shown")" ]
script -qec "env -u NO_COLOR bash $HOST_LIB/try.sh $WRIT_BUILD" /dev/null </dev/null >"$scratch/coloured" 2>&1
check 'colour on a terminal' grep -q $'\e\\[1mai-worker\\$ sudo' "$scratch/coloured"
machine >"$scratch/after"
is 'the machine is as it was' "$(diff "$scratch/before" "$scratch/after")" ''

# Processes whose PID namespace is $1
inhabitants() {
	local p
	for p in /proc/[0-9]*; do
		[ "$(readlink "$p/ns/pid" 2>/dev/null)" != "$1" ] || echo "${p#/proc/}"
	done
}

for signal in INT TERM HUP KILL; do
	rm -f "$scratch/shown" && mkfifo "$scratch/shown"
	bash "$HOST_LIB/try.sh" "$WRIT_BUILD" >"$scratch/shown" 2>&1 </dev/null &
	try=$!
	exec 5<"$scratch/shown"
	while read -rt 60 line <&5; do
		case $line in ai-worker\$*) break ;; esac
	done
	like "SIG$signal: it is under way" "$line" '^ai-worker\$ sudo'
	read -r first _ <"/proc/$try/task/$try/children"
	namespace=$(readlink "/proc/$first/ns/pid")
	check "SIG$signal: in a namespace of its own" [ "$namespace" != "$(readlink /proc/$$/ns/pid)" ]
	kill "-$signal" "$try"
	wait "$try" 2>/dev/null
	is "SIG$signal: it ends by it" "$?" "$((128 + $(kill -l "$signal")))"
	exec 5<&-
	for _ in {1..200}; do
		[ -n "$(inhabitants "$namespace")" ] || break
		read -rt 0.1 _ <> <(:)
	done
	is "SIG$signal: no process is left" "$(inhabitants "$namespace")" ''
	machine >"$scratch/after"
	is "SIG$signal: the machine is as it was" "$(diff "$scratch/before" "$scratch/after")" ''
done

# Without the permission (an ordinary container), it must say so and do nothing.
setpriv --bounding-set=-sys_admin --inh-caps=-sys_admin bash "$HOST_LIB/try.sh" "$WRIT_BUILD" \
	>"$scratch/refused" 2>&1 </dev/null
is 'where namespaces are not permitted it fails' "$?" 1
like 'says so, and names --here' "$(cat "$scratch/refused")" 'not permitted.*--here'
done_testing

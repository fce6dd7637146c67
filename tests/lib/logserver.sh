# shellcheck shell=bash
# SPDX-License-Identifier: ISC
#
# A real sudo_logsrvd on the loopback interface, for tests in a throwaway host. Sourced after e2e.sh.

LOGS=/srv/logs                 # what the server keeps
LOGSERVER_PORT=30343
logserver_pid=

mkdir -p "$LOGS" && chmod 700 "$LOGS"

# The server's configuration; more lines of its [server] section on standard input.
logserver_configure() {
	{
		echo '[server]'
		cat
		cat <<-EOC
			server_log = $LOGS/server.log
			pid_file =
			[iolog]
			iolog_dir = $LOGS/io/%{hostname}
			iolog_file = %{user}/%{seq}
			[eventlog]
			log_type = logfile
			log_format = json
			log_exit = true
			[logfile]
			path = $LOGS/events.json
		EOC
	} | host_install_file 600 /etc/sudo_logsrvd.conf
}

# wait_until COMMAND...: asks again and again, for a minute at most.
wait_until() {
	local i
	for ((i = 0; i < 1200; i++)); do
		"$@" && return
		sleep 0.05
	done
	return 1
}

quiet() {
	"$@" >/dev/null 2>&1
}

listens() {
	{ exec 3<>"/dev/tcp/127.0.0.1/$1"; } 2>/dev/null && exec 3>&-
}

logserver_start() {
	sudo_logsrvd -n -f /etc/sudo_logsrvd.conf </dev/null >/dev/null 2>&1 &
	logserver_pid=$!
	wait_until listens "${1:-$LOGSERVER_PORT}" || host_die 'sudo_logsrvd does not start'
}

# logserver_stop [SIGNAL]
logserver_stop() {
	kill "-${1:-TERM}" "$logserver_pid" 2>/dev/null
	wait "$logserver_pid" 2>/dev/null
	logserver_pid=
}

# server_events EXPRESSION: evaluates Python over the server's event log. e: its events in order, each
# with "event" (accept, reject, exit); id(x): the id of writ's event; more: the second argument.
server_events() {
	python3 - "$LOGS/events.json" "$1" "${2-}" <<'EOC'
import json, sys
def pairs(list):
    return [(k, v) for k, v in list] if any(k in ('accept', 'reject', 'exit', 'alert') for k, _ in list) else dict(list)
def id(x):
    return next((v[11:] for v in x.get('runenv', []) if v.startswith('WRIT_EVENT=')), None)
try:
    top = json.load(open(sys.argv[1]), object_pairs_hook=pairs)
except FileNotFoundError:
    top = []
e = [dict(v, event=k) for k, v in top]
more = sys.argv[3]
print(eval('(' + sys.argv[2] + ')'))
EOC
}

spooled() {
	find /var/spool/writ -mindepth 1 -maxdepth 1 ! -name '.*' 2>/dev/null | wc -l
}

# A second host: its own name, events, I/O logs and spool. on_second COMMAND... runs something there.
second_host() {
	unshare --mount --uts bash -c '
		echo second-host >/proc/sys/kernel/hostname
		mkdir -p /run/writ
		for d in /var/log /var/spool /run/writ; do mount -t tmpfs -o mode=755 none $d; done
		echo 127.0.1.1 second-host >>/etc/hosts
		: >/run/e2e/second
		exec sleep infinity' &
	second_pid=$!
	wait_until test -e /run/e2e/second
}

on_second() {
	nsenter -t "$second_pid" --mount --uts --root "$@"
}

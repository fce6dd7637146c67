#!/bin/bash
# SPDX-License-Identifier: ISC
#
# What a rule says under "run", and the defaults, seen from the process that is started: each setting on
# its own, against a caller who wants it otherwise.

# shellcheck source=tests/lib/e2e.sh
. "$(dirname "$0")/../lib/e2e.sh"
HOST_STDIN=/dev/null

# Prints itself as JSON
e2e_program show <<'PROGRAM'
#!/usr/bin/python3 -I
import json, os, resource, sys
mask = os.umask(0)
def limit(name):
    return ['infinity' if n == resource.RLIM_INFINITY else n for n in resource.getrlimit(name)]
def descriptors():
    found = []
    for n in os.listdir('/proc/self/fd'):
        try:
            os.fstat(int(n))
        except OSError:
            continue
        found.append(int(n))
    return sorted(found)
def profile():
    try:
        with open('/proc/self/attr/apparmor/current', encoding='ascii') as f:
            return f.read().strip('\n\0')
    except OSError:
        return None
print(json.dumps({
    'argv': sys.argv, 'profile': profile(), 'user': os.getresuid(), 'group': os.getresgid(), 'groups': sorted(os.getgroups()),
    'cwd': os.getcwd(), 'umask': '%03o' % mask, 'nice': os.nice(0), 'descriptors': descriptors(),
    'tty': os.ttyname(0) if os.isatty(0) else None, 'env': dict(os.environ),
    'limits': {n[7:].lower(): limit(getattr(resource, n)) for n in dir(resource) if n.startswith('RLIMIT_')}}))
PROGRAM
install -m 755 "$WRIT_BUILD/tests/e2e/starter" /usr/bin/starter

# with SETTINGS: the policy's one rule for show (and starter) has these settings
with() {
	e2e_policy '{ "id": "show", "effect": "allow", "program": ["/usr/bin/show", "/usr/bin/starter", "/usr/bin/wait"],
		"argv": [[{ "rest": true }]], "run": { '"$1"' } },'"${2-}"
}

# shows NAME LINE EXPRESSION WANT: Python over what show printed (p)
shows() {
	local got
	as ai-worker "$2"
	got=$(python3 -c 'import json, sys; p = json.load(sys.stdin); print(eval(sys.argv[1]))' "$3" <<<"$out" 2>&1)
	if [ "$status" -eq 0 ] && [ "$got" = "$4" ]; then
		pass "$1"
	else
		fail "$1" "line: $2" "status: $status" "got: $got" "want: $4" "err: $err"
	fi
}

# Who
groupadd --gid 59900 crew && usermod -aG crew ai-worker && usermod -aG adm,games carol
with ''
shows 'root unless said otherwise' 'sudo show' 'p["user"], p["group"]' '([0, 0, 0], [0, 0, 0])'
shows 'with root'"'"'s groups and none of the caller'"'"'s' 'sudo show' 'p["groups"]' "[$(id -G root | tr ' ' ',')]"
with '"runas": { "user": "carol" }'
shows 'another user: all three ids' 'sudo show' 'p["user"], p["group"]' '([59002, 59002, 59002], [59002, 59002, 59002])'
shows 'her supplementary groups and none of the caller'"'"'s' 'sudo show' 'p["groups"]' \
	"[$(getent group adm | cut -d: -f3), $(getent group games | cut -d: -f3), 59002]"
with '"runas": { "user": "carol", "group": "crew" }'
shows 'with a group of the rule' 'sudo show' 'p["group"], 59900 in p["groups"]' '([59900, 59900, 59900], True)'
with '"runas": { "user": "no-such-user" }'
refused 'a user that does not exist' ai-worker 'sudo show' policy-error
like 'the administrator is told which' "$(host_syslog | tail -n 3)" "no-such-user"

# Where
mkdir -p /srv/place && chmod 700 /srv/place
with ''
shows 'the caller'"'"'s folder' 'cd /tmp && sudo show' 'p["cwd"]' /tmp
with '"cwd": "/srv/place"'
shows 'a folder of the rule' 'cd /tmp && sudo show' 'p["cwd"], "PWD" in p["env"]' "('/srv/place', False)"
with '"cwd": "/srv/none"'
as ai-worker 'sudo show'
check 'a folder that is not there: nothing runs' [ -z "$out" ]
is 'and the status says so' "$status" 1
with '"cwd": "/srv/place", "runas": { "user": "bob" }'
as ai-worker 'sudo show'
is 'a folder that the target may not enter: nothing runs' "$status $out" '1 '

# How
with ''
shows 'umask 022, whatever the caller'"'"'s' 'umask 0; sudo show' 'p["umask"]' 022
with '"umask": "077"'
shows 'umask of the rule, and not the caller'"'"'s stricter one' 'umask 777; sudo show' 'p["umask"]' 077
with '"umask": "0"'
shows 'an open umask' 'umask 077; sudo show' 'p["umask"]' 000
with ''
own=$(nice)                     # of this test, which may itself have been started with another
shows 'nice: the caller'"'"'s by itself' 'nice -n 7 sudo show' 'p["nice"]' $((own + 7))
with '"nice": 12'
shows 'nice of the rule' 'nice -n 3 sudo show' 'p["nice"]' 12
with '"nice": 0'
if nice -n -1 true 2>/dev/null && [ "$(nice -n -1 nice)" = $((own - 1)) ]; then
	shows 'nice of the rule, above the caller'"'"'s' 'nice -n 7 sudo show' 'p["nice"]' 0
else
	skip 'nice of the rule, above the caller'"'"'s' 'this machine does not let root raise a priority'
fi
with '"timeout": 1'
e2e_program wait <<'PROGRAM'
#!/bin/sh
exec sleep 600
PROGRAM
as ai-worker 'sudo wait'
is 'a time limit ends the command by a signal' \
	"$([ "$status" -gt 128 ] && events '[(x["signal"] in (1, 15), 1 <= x["seconds"] < 600) for x in e if x["event"] == "exit"][-1]')" '(True, True)'

# Limits. Where root may not raise a hard limit (no CAP_SYS_RESOURCE), the caller's is the bound.
may_raise=no
(ulimit -n 100 && ulimit -n 200) 2>/dev/null && may_raise=yes
with ''
shows 'no core dumps' 'sudo show' 'p["limits"]["core"]' '[0, 0]'
shows 'open files: not the caller'"'"'s soft limit' 'ulimit -Sn 100; sudo show' 'p["limits"]["nofile"][0]' 1024
shows 'file size, time and memory: not the caller'"'"'s soft limits' \
	'ulimit -Sf 8; ulimit -St 1000; ulimit -Sv 4000000; sudo show' \
	'[p["limits"][n] for n in ("fsize", "cpu", "as")]' "[['infinity', 'infinity'], ['infinity', 'infinity'], ['infinity', 'infinity']]"
if [ $may_raise = yes ]; then
	shows 'nor the hard ones' 'ulimit -t 1000; ulimit -n 100; sudo show' \
		'p["limits"]["cpu"], p["limits"]["nofile"]' "(['infinity', 'infinity'], [1024, 524288])"
else
	shows 'a hard limit that root may not raise stays' 'ulimit -t 1000; sudo show' 'p["limits"]["cpu"]' '[1000, 1000]'
fi
with '"rlimits": { "nofile": [64, 128], "cpu": 100, "fsize": 1000000, "core": 4096, "nproc": [10, "infinity"] }'
shows 'limits of the rule' 'sudo show' '[p["limits"][n] for n in ("nofile", "cpu", "fsize")]' \
	'[[64, 128], [100, 100], [1000000, 1000000]]'
shows 'the others as ever' 'ulimit -Sv 4000000; sudo show' 'p["limits"]["as"]' "['infinity', 'infinity']"

# Descriptors and terminal
with ''
shows 'the caller'"'"'s descriptors are closed' 'exec 7</etc/hosts 100</dev/null; sudo show' \
	'[n for n in p["descriptors"] if n > 2]' '[]'
with '"closefrom": 8'
shows 'those below closefrom stay open' 'exec 7</etc/hosts 100</dev/null; sudo show' \
	'[n for n in p["descriptors"] if n in (7, 8, 9, 100)]' '[7]'

# tty_of SETTINGS: on a terminal, is show's terminal the caller's own?
tty_of() {
	with "$1"
	script -qec "su - ai-worker --session-command 'tty; sudo show'" /dev/null </dev/null >"$HOST_FILES/tty" 2>&1
	python3 -c 'import json, sys
tty, shown = sys.stdin.read().replace("\r", "").strip().splitlines()[-2:]
other = json.loads(shown[shown.index("{"):])["tty"]    # behind the echo of what script(1) typed
print("none" if other is None else "the same" if other == tty else "another")' <"$HOST_FILES/tty"
}
is 'use_pty by itself: a terminal of its own' "$(tty_of '')" another
is 'use_pty false, and nothing recorded: the caller'"'"'s' \
	"$(tty_of '"use_pty": false, "iolog": { "stdin": false, "stdout": false, "stderr": false, "tty": false }')" 'the same'
is 'use_pty true, and nothing recorded: its own' \
	"$(tty_of '"use_pty": true, "iolog": { "stdin": false, "stdout": false, "stderr": false, "tty": false }')" another
with ''
shows 'no terminal where the caller has none' 'setsid -w sudo show' 'p["tty"]' None

# The environment: nothing of the caller's. Each of these would change what docker, systemd tools, shells,
# interpreters, the C library or pagers do.
names=(DOCKER_HOST DOCKER_CONFIG DOCKER_CONTEXT DOCKER_CERT_PATH DOCKER_TLS_VERIFY DOCKER_API_VERSION
	DOCKER_DEFAULT_PLATFORM DOCKER_CONTENT_TRUST DOCKER_BUILDKIT BUILDKIT_HOST BUILDX_CONFIG COMPOSE_FILE
	COMPOSE_PROJECT_NAME COMPOSE_PROFILES COMPOSE_ENV_FILES CONTAINER_HOST CONTAINERS_CONF
	LD_PRELOAD LD_LIBRARY_PATH LD_AUDIT LD_DEBUG GCONV_PATH LOCPATH NLSPATH GLIBC_TUNABLES MALLOC_PERTURB_
	RES_OPTIONS HOSTALIASES LOCALDOMAIN TMPDIR TZ LANG LANGUAGE LC_ALL TERM TERMINFO TERMINFO_DIRS
	SYSTEMD_LOG_LEVEL SYSTEMD_EDITOR SYSTEMD_BUS_TIMEOUT SYSTEMD_UNIT_PATH SYSTEMD_COLORS SYSTEMD_LESS
	DBUS_SESSION_BUS_ADDRESS DBUS_SYSTEM_BUS_ADDRESS XDG_RUNTIME_DIR XDG_CONFIG_HOME LISTEN_FDS
	BASH_ENV ENV SHELLOPTS BASHOPTS PS4 IFS CDPATH GLOBIGNORE PROMPT_COMMAND POSIXLY_CORRECT HISTFILE
	PYTHONPATH PYTHONSTARTUP PYTHONHOME PERL5LIB PERL5OPT RUBYOPT RUBYLIB NODE_OPTIONS JAVA_TOOL_OPTIONS
	GODEBUG GOTRACEBACK GOGC EDITOR VISUAL SUDO_EDITOR SUDO_ASKPASS SUDO_PROMPT SUDO_PS1 BROWSER
	LESS LESSOPEN LESSCLOSE LESSKEY MORE MANPAGER GIT_DIR GIT_PAGER GIT_SSH_COMMAND SSH_AUTH_SOCK SSH_ASKPASS
	HTTP_PROXY HTTPS_PROXY NO_PROXY http_proxy ALL_PROXY SSL_CERT_FILE CURL_CA_BUNDLE NOTIFY_SOCKET
	KUBECONFIG OLLAMA_HOST OLLAMA_MODELS WRIT_SESSION WRIT_TASK TRACEPARENT WRIT_OUTPUT DISPLAY XAUTHORITY MAIL PWD OLDPWD SHLVL _)
declare -A fixed=([PAGER]=cat [SYSTEMD_PAGER]=cat [SYSTEMD_PAGERSECURE]=1 [LESSSECURE]=1 [PATH]=/usr/sbin:/usr/bin:/sbin:/bin
	[HOME]=/root [USER]=root [LOGNAME]=root [SHELL]=$(getent passwd root | cut -d: -f7) [SUDO_USER]=ai-worker
	[SUDO_UID]=59001 [SUDO_GID]=59001 [SUDO_COMMAND]=/usr/bin/show [WRIT_RULE]=show)
given=$(printf "'%s=evil' " "${names[@]}" "${!fixed[@]}" WRIT_EVENT SUDO_HOME SUDO_TTY 'BASH_FUNC_docker%%')
with ''
as ai-worker "env $given /usr/bin/sudo show"
printf '%s' "$out" >"$E2E/shown"
environment() {
	python3 -c 'import json, sys; env = json.load(open("/run/e2e/shown"))["env"]; print(eval(sys.argv[1]))' "$@"
}
is 'it runs' "$status" 0
for name in "${names[@]}" 'BASH_FUNC_docker%%'; do
	is "of the caller's environment nothing comes through: $name" "$(environment "env.get('$name')")" None
done
for name in "${!fixed[@]}"; do
	is "it is not the caller's: $name" "$(environment "env['$name']")" "${fixed[$name]}"
done
unlike 'it is not the caller'"'"'s: WRIT_EVENT' "$(environment 'env["WRIT_EVENT"]')" evil
is 'and nothing else is there' "$(environment 'sorted(set(env) - set(sys.argv[2:]))' "${!fixed[@]}" \
	WRIT_EVENT WRIT_SESSION SUDO_HOME LC_CTYPE)" '[]'    # LC_CTYPE: Python's own doing

with '"path": ["/usr/bin", "/opt/tools"], "runas": { "user": "bob" }, "env": { "keep": ["DOCKER_*", "TZ", "KEPT", "EMPTY"],
	"set": { "PAGER": "less", "MODE": "set", "KEPT_NOT": "" } }'
as ai-worker "env DOCKER_HOST=plain DOCKER_CONFIG=/tmp/evil DOCKER_OPTS='%s' DOCKER_X=\$'a\nb' TZ=Europe/Berlin KEPT=kept EMPTY= \
	'DOCKER_F=() { id; }' KEPT_TOO=1 PAGER=more HOME=/tmp /usr/bin/sudo show"
printf '%s' "$out" >"$E2E/shown"
is 'keep: by name and glob, with plain values' "$(environment '[env.get(n) for n in ("DOCKER_HOST", "TZ", "KEPT", "EMPTY")]')" \
	"['plain', 'Europe/Berlin', 'kept', '']"
is 'keep: other values and names are dropped' \
	"$(environment '[n for n in ("DOCKER_CONFIG", "DOCKER_OPTS", "DOCKER_X", "DOCKER_F", "KEPT_TOO") if n in env]')" '[]'
is 'set: also what is always there' "$(environment '[env[n] for n in ("PAGER", "MODE", "KEPT_NOT")]')" "['less', 'set', '']"
is 'the target'"'"'s own' "$(environment '[env[n] for n in ("HOME", "USER", "LOGNAME", "SHELL")]')" \
	"['/home/bob', 'bob', 'bob', '/bin/bash']"
is 'PATH is the rule'"'"'s' "$(environment 'env["PATH"]')" /usr/bin:/opt/tools
for zone in /etc/shadow ../../etc/shadow :/etc/shadow 'a b' "$(printf '%05000d' 0)"; do
	as ai-worker "TZ='$zone' sudo show"
	printf '%s' "$out" >"$E2E/shown"
	is "TZ as sudoers judges it: ${zone:0:20}" "$(environment 'env.get("TZ")')" None
done

# Programs that the command starts
others='{ "id": "hosts", "effect": "allow", "command": "cat", "operands": { "FILE": { "path": { "exact": ["/etc/hosts"] } } } },
	{ "id": "literal", "effect": "allow", "program": "/usr/bin/head", "argv": [["hosts"]] },
	{ "id": "shell", "effect": "allow", "program": "/usr/bin/dash", "argv": [["-c", { "regex": "cat .*|echo I am .0" }]] },
	{ "id": "script", "effect": "allow", "program": "/usr/bin/some-script", "argv": [[]] },
	{ "id": "not-root", "effect": "allow", "program": "/usr/bin/true", "argv": [[]], "run": { "runas": { "user": "bob" } } },'
e2e_program some-script <<'PROGRAM'
#!/bin/sh
exit 5
PROGRAM

# started LINE: what became of each program
started() {
	as ai-worker "$1"
	grep -a '^/.*: [sn0-9]\|^[./a-z]*: not' <<<"$out" | tr '\n' ';'
}
# codes: of the decisions about children since the last one that has none, as "code program"
codes() {
	events '";".join(x["code"] + " " + x["argv"][0] for x in
		e[max(i for i, x in enumerate(e) if x["event"] == "decision" and "parent" not in x) + 1:] if x["event"] == "decision")'
}
with '' "$others"
is 'without intercept a command starts what it likes' \
	"$(started 'sudo starter /usr/bin/cat cat /etc/hosts -- /usr/bin/cat cat /etc/passwd -- /usr/bin/false false')" \
	'/usr/bin/cat: 0;/usr/bin/cat: 0;/usr/bin/false: 1;'
int80=$(started 'sudo starter --by-int80 /usr/bin/cat cat /etc/hosts')      # by the system call of 32-bit programs
with '"noexec": true'
as ai-worker 'sudo starter /usr/bin/cat cat /etc/hosts'
is 'noexec, where it would have no effect (a static program): refused' "$status $out" '1 '
like 'and the administrator is told' "$(host_syslog | tail -n 3)" 'noexec has no effect on /usr/bin/starter'
e2e_policy '{ "id": "env", "effect": "allow", "program": ["/usr/bin/env", "/usr/bin/starts-cat"], "argv": [[], ["cat", "/etc/hosts"]],
	"run": { "noexec": true } },'
as ai-worker 'sudo env cat /etc/hosts'
is 'noexec: a program starts no other' "$out" ''
like 'and gets an error' "$err" 'Permission denied'
printf '#!/bin/sh\ncat /etc/hosts\necho went on\n' | e2e_program starts-cat
as ai-worker 'sudo starts-cat'
is 'nor does a script' "$out" 'went on'

with '"intercept": true' "$others"
started 'sudo starter /usr/bin/cat cat /etc/hosts' >/dev/null
if is_refusal && [[ $(host_syslog | tail -n 5) == *"this sudo cannot do 'intercept'"* ]]; then
	skip 'intercept' 'this sudo has no ptrace mode; that the policy does not load then is seen'
	ptrace=no
else
	ptrace=yes
	# standard input is no terminal, then one
	for how in '"intercept": true, "children": "policy"' '"intercept": true, "use_pty": false'; do
		with "$how" "$others"
		is "$how: children by the policy" \
			"$(started 'sudo starter /usr/bin/cat cat /etc/hosts -- /usr/bin/cat cat /etc/passwd -- /usr/bin/false false -- /usr/bin/some-script x')" \
			'/usr/bin/cat: 0;/usr/bin/cat: not started (250);/usr/bin/false: not started (250);/usr/bin/some-script: 5;'
	done
	is 'each is recorded' "$(codes)" 'rule /usr/bin/cat;no-rule /usr/bin/cat;unknown-program /usr/bin/false;rule /usr/bin/some-script'
	is 'with the decision that it belongs to' "$(events '[x["parent"] == e[-1]["decision_id"] for x in e[-5:-1]], e[-1]["event"]')" \
		"([True, True, True, True], 'exit')"
	is 'relative paths mean nothing' \
		"$(started 'cd /etc && sudo starter /usr/bin/cat cat hosts -- /usr/bin/cat cat ./hosts -- /usr/bin/head head hosts')" \
		'/usr/bin/cat: not started (250);/usr/bin/cat: not started (250);/usr/bin/head: 0;'
	is 'and are unparsed' "$(codes)" 'unparsed /usr/bin/cat;unparsed /usr/bin/cat;rule /usr/bin/head'
	is 'relative programs as well' "$(started 'cd /usr/bin && sudo starter ./cat cat /etc/hosts -- cat cat /etc/hosts')" \
		'./cat: not started (250);cat: not started (250);'
	is 'a rule for another user' "$(started 'sudo starter /usr/bin/true true'; codes)" \
		'/usr/bin/true: not started (250);option-of-sudo /usr/bin/true'
	is 'children of children' "$(started 'sudo starter /usr/bin/dash dash -c "cat /etc/hosts; cat /etc/passwd"'; codes)" \
		'/usr/bin/dash: 126;rule /usr/bin/dash;rule /usr/bin/cat;no-rule /usr/bin/cat;no-rule /bin/cat'
	# What some programs go by: argv[0] is the program's, whatever the starter says
	for name in dash cat ./dash /opt/dash -dash '' /usr/bin/env; do
		as ai-worker "sudo starter /usr/bin/dash '$name' -c 'echo I am \$0'"
		like "another name than the program has: '$name'" "$out" '^I am -?(/usr/bin/\./)?dash'
	done
	is 'no way round by a descriptor' "$(started 'sudo starter --by-descriptor /usr/bin/cat cat /etc/hosts')" \
		'/usr/bin/cat: not started (251);'
	if [ "$int80" = '/usr/bin/cat: 0;' ]; then
		is 'nor by the system call of 32-bit programs' \
			"$(started 'sudo starter --by-int80 /usr/bin/cat cat /etc/hosts')" '/usr/bin/cat: not started (251);'
	else
		skip 'nor by the system call of 32-bit programs' 'this machine runs none'
	fi
	with '"intercept": true, "children": "allow"' "$others"
	is 'children allowed: what the command starts, runs' \
		"$(started 'cd /etc && sudo starter /usr/bin/cat cat passwd -- /usr/bin/false false')" '/usr/bin/cat: 0;/usr/bin/false: 1;'
	is 'and is recorded' "$(codes)" 'rule /usr/bin/cat;rule /usr/bin/false'
	install -m 755 -o ai-worker /usr/bin/true /home/ai-worker/mine
	is 'but root runs no program that others could have written' \
		"$(started 'sudo starter /home/ai-worker/mine mine')" '/home/ai-worker/mine: not started (250);'
	with '"intercept": true, "runas": { "user": "bob" }' "$others"
	is 'as another user than root' "$(started 'sudo starter /usr/bin/true true -- /usr/bin/cat cat /etc/hosts')" \
		'/usr/bin/true: 0;/usr/bin/cat: not started (250);'
fi

# What this sudo cannot do: the policy does not load
if ldd "$(command -v sudo)" | grep -q apparmor && grep -qs Y /sys/module/apparmor/parameters/enabled; then
	with '"apparmor_profile": "unconfined"'
	shows 'apparmor_profile' 'sudo show' 'p["profile"]' unconfined
	with '"apparmor_profile": "no-such-profile"'
	as ai-worker 'sudo show'
	is 'a profile that the kernel does not know: nothing runs' "$status $out" '1 '
else
	with '"apparmor_profile": "docker-default"'
	refused 'apparmor_profile, where sudo or the kernel has none' ai-worker 'sudo show' policy-error
	refused 'the whole policy is refused' ai-worker 'sudo docker restart ollama' policy-error
	like 'and the administrator is told where' "$(host_syslog | tail -n 3)" \
		"policy.json:[0-9]+: .*apparmor_profile.*this sudo cannot do 'apparmor_profile'"
fi
with ''
runs 'with all that taken back it runs' ai-worker 'sudo docker restart ollama' ollama
note "intercept in ptrace mode: $ptrace"
done_testing

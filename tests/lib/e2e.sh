# shellcheck shell=bash
# SPDX-License-Identifier: ISC
#
# What every test in tests/e2e begins with: sourced with the script's arguments, it goes on inside a
# throwaway host with writ installed, a small policy, and a stand-in for docker.
# WRIT_BUILD is the build folder (meson sets it).

set -u
# shellcheck source=tests/lib/tap.sh
. "$(dirname "${BASH_SOURCE[0]}")/tap.sh"
# shellcheck source=tests/lib/host.sh
. "$(dirname "${BASH_SOURCE[0]}")/host.sh"

WRIT_BUILD=${WRIT_BUILD:-$HOST_ROOT/build}
E2E=/run/e2e                    # where the test's programs and the test meet; root's alone

if [ -z "${HOST_INSIDE-}" ]; then
	obstacle=$(host_obstacle)
	[ -z "$obstacle" ] || skip_all "$obstacle"
	HOST_ENCLOSE="--with-parent ${HOST_ENCLOSE-}"
fi
host_enter "$@"
mkdir -m 700 "$E2E" && : >"$E2E/started"
host_install_build "$WRIT_BUILD"
host_load_writ ''
host_standin_docker

# A program of the tests' own, in the policy's path: its text is standard input.
e2e_program() {
	host_install_file 755 "/usr/bin/$1"
}

e2e_program show-arguments <<'EOF'
#!/usr/bin/python3 -I
import os, sys
with open('/run/e2e/started', 'a') as f:
    f.write(' '.join(sys.argv[1:])[:200] + '\n')
print([os.fsencode(a) for a in sys.argv[1:]])
EOF

# The small policy. More rules may be given as JSON, each followed by a comma.
e2e_policy() {
	host_install_file 644 /etc/writ/policy.json <<-EOF
		{
		  "version": 1,
		  "sets": { "containers": ["ollama", "open-webui"] },
		  "rules": [
		    ${1-}
		    {
		      "id": "restart-service", "effect": "allow",
		      "command": ["docker stop", "docker restart"],
		      "options": { "timeout": { "int": [0, 300] } },
		      "operands": { "CONTAINER": { "set": "containers" } }
		    },
		    {
		      "id": "arguments", "effect": "allow",
		      "program": ["/usr/bin/show-arguments"], "argv": [[{ "rest": true }]]
		    },
		    {
		      "id": "no-privileged", "effect": "deny",
		      "command": ["docker run", "docker create"], "when": [{ "option": "privileged" }],
		      "reason": "a privileged container is root on the host",
		      "hint": "leave out --privileged"
		    }
		  ]
		}
	EOF
}
e2e_policy ''

# json EXPRESSION: evaluates Python over standard input, one JSON value a line: e is their list.
json() {
	python3 -c '
import json, sys
e = [json.loads(line) for line in sys.stdin if line.strip()]
print(eval("(" + sys.argv[1] + ")"))' "$1"
}

# events EXPRESSION: the same over the event log.
events() {
	json "$1" </var/log/writ/events.jsonl
}

done_testing() {
	is 'every event fits the schema' "$(host_events_wrong)" ''
	tap_plan
}

# runs NAME USER LINE [OUTPUT]: the line succeeds, and prints that.
runs() {
	as "$2" "$3"
	if [ "$status" -eq 0 ] && { [ $# -lt 4 ] || [ "$out" = "$4" ]; }; then
		pass "$1"
	else
		fail "$1" "line: $3" "status: $status" "out: $out" "err: $err" ${4+"want: $4"}
	fi
}

# The shape of every refusal: status 1, nothing on stdout, on stderr up to three lines that begin with
# "writ: ", the first of them "writ: refused: ", and no control characters.
is_refusal() {
	local line lines=0
	[ "$status" -eq 1 ] && [ -z "$out" ] && [[ $err == 'writ: refused: '?* ]] || return 1
	while IFS= read -r line; do
		lines=$((lines + 1))
		[[ $line == 'writ: '* ]] || return 1
	done <<<"$err"
	[ "$lines" -le 3 ] && ! LC_ALL=C grep -q $'[\x01-\x09\x0b-\x1f\x7f]' <<<"$err"
}

# Since 1.9.17 sudo and sudoers say first that they will lose -R and CHROOT one day.
drop_warning() {
	while [[ $err == 'sudo: the -R option will be removed'* || ${err%%$'\n'*} == *'"CHROOT" is deprecated' ]]; do
		err=${err#*$'\n'}
	done
}

# refused NAME USER LINE [CODE [RULE]]: refused in prose, and again as JSON with that code and rule.
# The line begins with "sudo ". Leaves the prose in err and the decision object in decision.
refused() {
	local prose got want="1 deny ${4:-*} ${5:-*}"
	as "$2" "$3"
	drop_warning
	prose=$err
	if ! is_refusal; then
		fail "$1" "no refusal, or not in the shape of one: $3" "status: $status" "out: $out" "err: $err"
		return
	fi
	as "$2" "export WRIT_OUTPUT=json; $3"
	drop_warning
	# shellcheck disable=SC2034
	decision=$err
	got=$(json '"%d %s %s %s" % (len(e), e[0]["decision"], e[0]["code"], e[0]["rule"])' <<<"$err" 2>&1)
	# shellcheck disable=SC2053
	if [ "$status" -eq 1 ] && [ -z "$out" ] && [[ $got == $want ]]; then
		pass "$1"
	else
		fail "$1" "want: $want" "got: $got" "status: $status" "out: $out" "err: $err"
	fi
	err=$prose
}

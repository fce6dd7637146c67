#!/bin/bash
# SPDX-License-Identifier: ISC
#
# run.sh BUILD [ROUNDS]: what a decision adds to what sudo costs anyway, in a throwaway host.
# One line of an agent's, with a docker that is /bin/true, by: a policy plugin that decides nothing
# (the floor; also with the two plugins of sudoers that stand beside writ), sudoers, and writ with the
# shipped policy; without and with I/O logs; and sudoers and writ with 10,000 rules. The kinds take turns in every round, so that the machine's moods hit all.

set -u
# shellcheck source=tests/lib/host.sh
. "$(dirname "$0")/../lib/host.sh"
build=$1
[ -n "${HOST_INSIDE-}" ] || { obstacle=$(host_obstacle) && [ -z "$obstacle" ]; } || host_die "$obstacle"
host_enter "$@"
host_install_build "$build"
host_standin_docker
rm /usr/bin/docker && cp /usr/bin/true /usr/bin/docker
cc -O2 -shared -fPIC -o /usr/libexec/sudo/floor.so "$HOST_ROOT/tests/bench/floor.c" || exit 1

kinds=$HOST_FILES/kinds
kind() {
	mkdir -p "$kinds/$1" && cp /etc/sudoers "$kinds/$1/sudoers" && cd "$kinds/$1" || exit 1
	: >sudo.conf
	cp "$HOST_ROOT/policies/ai-worker.json" policy.json
}

# The shipped policy with changes, as a Python statement about p
policy() {
	python3 -c '
import json, sys
p = json.load(open("policy.json"))
exec(sys.argv[1])
json.dump(p, open("policy.json", "w"))' "$1"
}

writ_lines() {
	printf 'Plugin %s\n' 'writ_policy writ.so subjects=ai-worker' 'sudoers_io sudoers.so' \
		'sudoers_audit sudoers.so' >sudo.conf
}

six_rules='/usr/bin/docker ps, /usr/bin/docker images, /usr/bin/docker info, /usr/bin/docker start ollama,
	/usr/bin/docker stop ollama, /usr/bin/docker restart ollama'
six_rules=${six_rules//$'\n'/ }
bare='p["defaults"] = {**p.get("defaults", {}), "use_pty": False,
	"iolog": {"stdin": False, "stdout": False, "stderr": False, "tty": False}}
for rule in p["rules"]: rule.get("run", {}).pop("iolog", None)'

kind floor
echo 'Plugin floor_policy floor.so' >sudo.conf
kind floor-with-sudoers
printf 'Plugin %s\n' 'floor_policy floor.so' 'sudoers_io sudoers.so' 'sudoers_audit sudoers.so' >sudo.conf
kind sudoers
echo "ai-worker ALL=(root) NOPASSWD: $six_rules" >>sudoers
kind writ
writ_lines
policy "$bare"

kind writ-10GB
writ_lines
policy "$bare"
echo 10737418240 >log_size

kind floor-logged
{
	echo 'Plugin floor_policy floor.so use_pty=true iolog_path=/var/log/sudo-io/floor/XXXXXX' \
		'iolog_stdin=true iolog_stdout=true iolog_stderr=true iolog_ttyin=true iolog_ttyout=true'
	printf 'Plugin %s\n' 'sudoers_io sudoers.so' 'sudoers_audit sudoers.so'
} >sudo.conf
kind sudoers-logged
printf 'Defaults log_input, log_output, use_pty\nai-worker ALL=(root) NOPASSWD: %s\n' "$six_rules" >>sudoers
kind writ-logged
writ_lines

kind sudoers-10000
for ((n = 0; n < 10000; n++)); do
	echo "ai-worker ALL=(root) NOPASSWD: /usr/bin/docker restart bench-$n"
done >>sudoers
echo "ai-worker ALL=(root) NOPASSWD: /usr/bin/docker restart ollama" >>sudoers
kind writ-10000
writ_lines
policy "$bare"
policy 'p["rules"] = [{"id": f"bench-{n}", "effect": "allow", "command": "docker restart",
	"operands": {"CONTAINER": f"bench-{n}"}} for n in range(10000)] + p["rules"]'

cd / && exec python3 "$HOST_ROOT/tests/bench/measure.py" "$kinds" "${2:-10}"

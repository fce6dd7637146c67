#!/bin/bash
# SPDX-License-Identifier: ISC
#
# What the started process gets comes from the policy: its environment, and how it stands in the world.

# shellcheck source=tests/lib/e2e.sh
. "$(dirname "$0")/../lib/e2e.sh"
e2e_program show-environment <<'EOF'
#!/usr/bin/python3 -I
import os
for name in sorted(os.environ):
    print(f'{name}={os.environ[name]}')
EOF
e2e_program show-process <<'EOF'
#!/bin/sh
echo "umask $(umask)"
echo "cwd $(pwd)"
echo "ids $(id -u) $(id -g) $(id -ru) $(id -G)"
echo "descriptors $(ls /proc/$$/fd | tr "\n" " ")"
echo "name $0"
EOF
rule() {
	printf '{ "id": "%s", "effect": "allow", "program": ["/usr/bin/%s"], "argv": [[]] %s },' "$1" "$1" "${2-}"
}
e2e_policy "$(rule show-environment ', "run": { "env": {
	"keep": ["LANG", "LC_*", "TERM", "TZ", "KEPT_*"], "set": { "DOCKER_CLI_HINTS": "false" } } }')
	$(rule show-process)"

# All that may be there.
always=' HOME LOGNAME PATH SHELL USER MAIL PAGER SYSTEMD_PAGER SYSTEMD_PAGERSECURE LESSSECURE '
always+='SUDO_COMMAND SUDO_GID SUDO_HOME SUDO_TTY SUDO_UID SUDO_USER WRIT_EVENT WRIT_RULE WRIT_SESSION '
always+='DOCKER_CLI_HINTS LANG LC_ALL TERM KEPT_ONE '       # these the rule names

# value NAME: of the last environment shown
value() {
	sed -n "s/^$1=//p" <<<"$out"
}

# shellcheck disable=SC2016
hostile='export DOCKER_HOST=tcp://192.0.2.1 DOCKER_CONFIG=/tmp/c DOCKER_CONTEXT=evil COMPOSE_FILE=/tmp/f
	export LD_PRELOAD_NOT=1 PAGER=/tmp/evil SYSTEMD_PAGER=/tmp/evil SYSTEMD_PAGERSECURE=0 LESSOPEN="|/tmp/evil"
	export SYSTEMD_LOG_LEVEL=debug BASH_ENV=/tmp/evil ENV=/tmp/evil PYTHONPATH=/tmp PERL5OPT=-d IFS=x
	export EDITOR=/tmp/evil SUDO_USER=root SUDO_COMMAND=lies WRIT_SESSION=other WRIT_EVENT=1 WRIT_RULE=mine
	export HOME=/tmp USER=root LOGNAME=root SHELL=/tmp/evil HTTP_PROXY=http://192.0.2.1 GIT_DIR=/tmp
	export PATH=/tmp:$PATH
	export LANG=C.UTF-8 LC_ALL=C TERM=xterm KEPT_ONE=plain KEPT_TWO=/etc/passwd KEPT_THREE=%s TZ=/etc/shadow'
runs 'a program that prints its environment' ai-worker "$hostile; env 'BASH_FUNC_docker%%=() { id; }' sudo show-environment"

while IFS='=' read -r name _; do
	case $always in
	*" $name "*) ;;
	*) fail "a variable that no policy names: $name" ;;
	esac
done <<<"$out"
check 'nothing that the policy does not name' [ "$tap_failed" -eq 0 ]
is 'PATH is the policy'"'"'s' "$(value PATH)" /usr/sbin:/usr/bin:/sbin:/bin
is 'HOME is the target'"'"'s' "$(value HOME)" /root
is 'USER' "$(value USER)" root
is 'LOGNAME' "$(value LOGNAME)" root
is 'SHELL' "$(value SHELL)" "$(getent passwd root | cut -d: -f7)"
is 'PAGER' "$(value PAGER)" cat
is 'SYSTEMD_PAGER' "$(value SYSTEMD_PAGER)" cat
is 'SYSTEMD_PAGERSECURE' "$(value SYSTEMD_PAGERSECURE)" 1
is 'LESSSECURE' "$(value LESSSECURE)" 1
is 'SUDO_USER is who calls' "$(value SUDO_USER)" ai-worker
is 'SUDO_UID' "$(value SUDO_UID)" "$(id -u ai-worker)"
is 'SUDO_GID' "$(value SUDO_GID)" "$(id -g ai-worker)"
is 'SUDO_COMMAND is what runs' "$(value SUDO_COMMAND)" /usr/bin/show-environment
is 'set' "$(value DOCKER_CLI_HINTS)" false
is 'kept: LANG' "$(value LANG)" C.UTF-8
is 'kept: LC_*' "$(value LC_ALL)" C
is 'kept: a plain value' "$(value KEPT_ONE)" plain
is 'WRIT_RULE' "$(value WRIT_RULE)" show-environment
is 'WRIT_EVENT is the decision'"'"'s id' "$(value WRIT_EVENT)" \
	"$(events '[x["id"] for x in e if x["event"] == "decision"][-1]')"
unlike 'WRIT_SESSION is not what the caller says' "$(value WRIT_SESSION)" other

runs 'a duplicated variable, the second one hostile' ai-worker 'env -i KEPT_ONE=1 bash -c '"'"'
	python3 -c "import os; os.execve(\"/usr/bin/sudo\", [\"sudo\", \"show-environment\"], {\"KEPT_ONE\": \"plain\"})"'"'"
is 'an empty environment of the caller is enough' "$(value PATH)" /usr/sbin:/usr/bin:/sbin:/bin
for line in 'sudo -E show-environment' 'sudo --preserve-env=DOCKER_HOST show-environment' \
	'sudo DOCKER_HOST=tcp://192.0.2.1 show-environment'; do
	as ai-worker "$hostile; $line"
	if is_refusal || { [ "$status" -eq 0 ] && [ -z "$(value DOCKER_HOST)" ]; }; then
		pass "refused, or without effect: $line"
	else
		fail "refused, or without effect: $line" "$status" "$out" "$err"
	fi
done

runs 'umask, descriptors, groups of the caller do not matter' ai-worker \
	'cd /tmp; umask 0; exec 7</dev/null 8</etc/hosts; sudo show-process'
like 'umask 022' "$out" 'umask 0022'
like 'the caller'"'"'s directory' "$out" 'cwd /tmp'
like 'root, with its groups' "$out" "ids 0 0 0 $(id -G root)"
unlike 'the caller'"'"'s descriptors are closed' "$out" 'descriptors.* [78]( |$)'
done_testing

#!/bin/bash
# SPDX-License-Identifier: ISC
#
# What an agent is told when it is refused, and by which code.

# shellcheck source=tests/lib/e2e.sh
. "$(dirname "$0")/../lib/e2e.sh"

refused 'a deny rule' ai-worker 'sudo docker run --privileged alpine' rule no-privileged
is 'reason and rule in the first line' "${err%%$'\n'*}" \
	'writ: refused: docker run: a privileged container is root on the host [no-privileged]'
like 'the hint in the second' "$err" $'\nwrit: allowed instead: .*leave out --privileged'
is 'the object names the command in full' "$(json 'e[0]["command"]' <<<"$decision")" 'docker container run'
is 'and the argument vector as typed' "$(json 'e[0]["argv"]' <<<"$decision")" \
	"['docker', 'run', '--privileged', 'alpine']"
keys='decision code rule command program argv runas reason hint nearest policy'
is 'and has every key of a decision' "$(json "[k for k in '$keys'.split() if k not in e[0]]" <<<"$decision")" '[]'

refused 'no rule for this container' ai-worker 'sudo docker restart db' no-rule None
like 'the nearest rule and what it did not cover' "$err" "'db' is not .*ollama"
is 'the nearest rule in the object' "$(json 'e[0]["nearest"]["rule"]' <<<"$decision")" restart-service
refused 'an option that no rule names' ai-worker 'sudo docker restart --signal KILL ollama' no-rule
refused 'an option that docker does not have' ai-worker 'sudo docker restart --no-such ollama' unparsed
refused 'a missing value' ai-worker 'sudo docker restart ollama --time' unparsed
refused 'a group alone' ai-worker 'sudo docker container' unparsed
refused 'a program without a rule' ai-worker 'sudo /usr/bin/id'
refused 'a program that does not exist' ai-worker 'sudo no-such-program' unknown-program
refused 'a relative path' ai-worker 'cd /usr/bin && sudo ./docker restart ollama'

for line in 'sudo -u bob show-arguments' 'sudo -g bob show-arguments' 'sudo -i' 'sudo -s' \
	'sudo -s show-arguments' 'sudo FOO=bar show-arguments' 'sudo -D / show-arguments' \
	'sudo -e /etc/hosts'; do
	refused "an option of sudo: $line" ai-worker "$line" option-of-sudo
done
refused 'sudoedit' ai-worker 'sudoedit /etc/hosts'
is 'none of them ran anything' "$(cat "$E2E/started" 2>/dev/null)" ''

runs 'what is allowed runs all the same' ai-worker 'sudo show-arguments x' "[b'x']"
is 'and writ says nothing then' "$err" ''
as ai-worker 'WRIT_OUTPUT=json sudo show-arguments x'
is 'in JSON mode neither' "$status $out$err" "0 [b'x']"
done_testing

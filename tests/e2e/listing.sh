#!/bin/bash
# SPDX-License-Identifier: ISC
#
# sudo -l for a subject: what may be run, in words that an agent can act on, and nothing else.

# shellcheck source=tests/lib/e2e.sh
. "$(dirname "$0")/../lib/e2e.sh"
e2e_policy '{
  "id": "from-the-office", "effect": "allow", "command": "docker ps",
  "session": { "key": ["SHA256:secretsecretsecretsecretsecretsecretsecretsec"], "from": ["192.0.2.0/24"] }
},'

runs 'sudo -l succeeds' ai-worker 'sudo -l'
listing=$out
like 'it names the commands' "$listing" 'docker restart'
like 'and the containers' "$listing" 'ollama.*open-webui'
like 'and programs with literal arguments' "$listing" show-arguments
like 'and a command that only some sessions may run' "$listing" 'docker ps'
unlike 'no deny rule' "$listing" no-privileged
unlike 'no key' "$listing" SHA256
unlike 'no network' "$listing" '192\.0\.2'
is 'no control characters' "$(tr -d '\t\n[:print:]' <<<"$listing" | LC_ALL=C tr -dc '[:cntrl:]')" ''
runs 'sudo -n -l is the same' ai-worker 'sudo -n -l' "$listing"
runs 'sudo -ll succeeds' ai-worker 'sudo -ll'
unlike 'and shows no deny rule either' "$out" no-privileged

runs 'sudo -l COMMAND: allowed' ai-worker 'sudo -l docker restart ollama'
like 'it prints the command as sudoers does' "$out" '/usr/bin/docker restart ollama'
for line in 'sudo -l docker restart db' 'sudo -l docker run --privileged alpine' 'sudo -l no-such-program'; do
	as ai-worker "$line"
	is "status 1, as sudoers gives: $line" "$status" 1
	unlike 'nothing was run for it' "$out$err" stand-in
done

as ai-worker 'sudo -l -U carol'
is 'a subject sees nobody else'"'"'s rights' "$status" 1
as ai-worker 'sudo -l -U root'
is 'not of root either' "$status" 1
echo 'carol ALL=(ALL) NOPASSWD: ALL' | host_install_file 440 /etc/sudoers.d/carol
as carol 'sudo -l'
like 'for others sudoers answers' "$out" 'User carol may run the following commands.*ALL'
done_testing

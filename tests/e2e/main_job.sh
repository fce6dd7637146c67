#!/bin/bash
# SPDX-License-Identifier: ISC
#
# The main job, line by line, with the shipped policy.

# shellcheck source=tests/lib/e2e.sh
. "$(dirname "$0")/../lib/e2e.sh"
host_install_file 644 /etc/writ/policy.json <"$HOST_ROOT/policies/ai-worker.json"

runs 'docker restart ollama runs' ai-worker 'sudo docker restart ollama' ollama
like 'the program of that name ran' "$err" 'stand-in for docker.*docker restart ollama$'
runs 'docker run --rm alpine echo test runs' ai-worker 'sudo docker run --rm alpine echo test' test
runs 'without a terminal and with -n, as agents call it' ai-worker 'sudo -n docker restart ollama' ollama
runs 'by its full path' ai-worker 'sudo /usr/bin/docker restart ollama' ollama

refused 'a mount of the host root' ai-worker 'sudo docker run -v /:/host alpine' rule
like 'its first line, to the letter' "${err%%$'\n'*}" \
	'^writ: refused: docker run: --volume mounts the host directory / into the container \[no-host-[a-z]+\]$'
like 'its second line says what is allowed' "$err" $'\nwrit: allowed instead: .*sudo -l'
refused 'the same in a cluster with an equals sign' ai-worker 'sudo docker run -itv=/:/host alpine' rule
refused 'the same as --mount' ai-worker \
	'sudo docker run --mount type=bind,source=/,target=/host alpine' rule
refused 'a privileged container' ai-worker 'sudo docker container run --privileged alpine' rule
refused 'a shell in a container' ai-worker 'sudo docker exec ollama bash'
refused 'another container' ai-worker 'sudo docker restart db' no-rule
like 'it says which operand was not covered' "$err" "'db'"
refused 'blanks inside an argument do not make it two' ai-worker \
	"sudo docker run -e 'FOO=bar alpine echo' -v /:/h alpine" rule
refused 'another program' ai-worker 'sudo /bin/cat /etc/shadow'
refused 'a shell' ai-worker 'sudo sh -c id'

runs 'after all that, the first line still runs' ai-worker 'sudo docker restart ollama' ollama
done_testing

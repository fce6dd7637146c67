#!/bin/bash
# SPDX-License-Identifier: ISC
#
# A policy that cannot be loaded, or that somebody else could have written: subjects are refused,
# nobody else notices, and the administrator finds the reason in syslog.

# shellcheck source=tests/lib/e2e.sh
. "$(dirname "$0")/../lib/e2e.sh"
echo 'carol ALL=(ALL) NOPASSWD: /usr/bin/id' | host_install_file 440 /etc/sudoers.d/carol
policy=/etc/writ/policy.json
commands=$(dirname "$(find /usr -path '*/writ/commands/docker.json' | head -n 1)")

# broken NAME [REGEX]: with what was just done to the policy; syslog's new lines match REGEX. Then all
# is put back.
broken() {
	local before name=$1
	before=$(host_syslog | wc -l)
	refused "$name: the subject is refused" ai-worker 'sudo docker restart ollama' policy-error
	unlike "$name: it is told no details of the files" "$err" 'Permission|No such file'
	like "$name: the administrator is told" \
		"$(host_syslog | tail -n +$((before + 1)) | grep -E '^authpriv\.[a-z]+ .*writ')" "${2-.}"
	runs "$name: others are not affected" carol 'sudo -n id -un' root
	restore
}

restore() {
	rm -rf /etc/writ
	e2e_policy ''
	rm -rf "$commands" && cp -a /run/e2e/commands "$commands"
	chmod 755 /etc /etc/writ
}
cp -a "$commands" /run/e2e/commands

runs 'the policy as it should be' ai-worker 'sudo docker restart ollama' ollama

rm $policy && broken 'no policy' 'policy\.json'
rm -r /etc/writ && broken 'no folder'
: >$policy && broken 'an empty file' 'policy\.json'
sed -i 's/"version": 1,/"version": 1,,/' $policy && broken 'a comma too many' 'policy\.json:2'
echo '{ "version": 1, "rules": [], }' >$policy && broken 'a trailing comma' 'policy\.json:1'
sed -i 's/"operands"/"operand"/' $policy && broken 'a misspelt key' 'operands'
sed -i 's/docker restart/docker rstart/' $policy && broken 'a command that does not exist'
sed -i 's/"id": "arguments"/"id": "no-privileged"/' $policy && broken 'an id given twice'
sed -i 's/{ "set": "containers" }/{ "regex": "(" }/' $policy && broken 'a regex that does not compile'
sed -i 's/"version": 1,/"version": 1, "include": ["more.json"],/' $policy && broken 'a missing include' 'more\.json'
sed -i 's/"version": 1/"version": 2/' $policy && broken 'another version' 'version'
printf '{"version":1,"rules":[],"note":"\377"}' >$policy && broken 'not UTF-8'
head -c 100000000 /dev/zero | tr '\0' '[' >$policy && broken '100 MB of nesting'

chmod 666 $policy && broken 'anybody may write it' 'policy\.json'
chown root:ai-worker $policy && chmod 664 $policy && broken 'a group may write it'
chown ai-worker $policy && broken 'it is not root'"'"'s'
mv $policy /tmp/p.json && ln -s /tmp/p.json $policy && broken 'a symbolic link to a file in /tmp'
mkdir -m 755 /run/e2e/way && chown ai-worker /run/e2e/way && chmod 755 /run/e2e &&
	mv $policy /run/e2e/way/p.json && ln -s /run/e2e/way/p.json $policy && broken 'a link to a folder of the subject'
mv $policy $policy.real && ln -s policy.json.real $policy &&
	runs 'a link of root'"'"'s to a file of root'"'"'s is fine (NixOS has them)' ai-worker 'sudo docker restart ollama' ollama
restore
chmod 777 /etc/writ && broken 'anybody may write its folder' '/etc/writ'
chmod 1777 /etc/writ && broken 'sticky or not'
chown ai-worker /etc/writ && broken 'its folder is not root'"'"'s'
chmod 777 /etc && broken 'anybody may write the folder above' '/etc'
rm $policy && mkdir $policy && broken 'a folder in its place'
rm $policy && mkfifo $policy && broken 'a FIFO in its place'

rm "$commands/docker.json" && broken 'no command file' 'docker'
echo '{' >"$commands/docker.json" && broken 'a broken command file' 'docker\.json'
chmod 666 "$commands/docker.json" && broken 'anybody may write a command file' 'docker\.json'
chmod 777 "$commands" && broken 'anybody may write the folder of command files'
host_load_writ policy=/etc/writ/other.json && broken 'policy= names a file that is not there' 'other\.json'
host_load_writ ''
host_load_writ no_such_argument=1 && broken 'an unknown plugin argument' 'no_such_argument'
host_load_writ ''

runs 'with everything back in place it runs' ai-worker 'sudo docker restart ollama' ollama
# Replaced while it is read, as an editor and as an installer do it: a decision by one of the two, or none
cat >"$E2E/flip" <<'EOF'
import os, sys
path, new = '/etc/writ/policy.json', '/etc/writ/policy.new'
with open(path, encoding='utf-8') as f:
    one = f.read()
two = '{ "version": 1, "rules": [] }'
while True:
    for text in (two, one):
        with open(new, 'w', encoding='utf-8') as f:
            f.write(text)
        os.rename(new, path)
    with open(path, 'w', encoding='utf-8') as f:
        f.write(one)
EOF
e2e_policy ''
python3 "$E2E/flip" &
flip=$!
as ai-worker 'for i in {1..80}; do WRIT_OUTPUT=json sudo -n docker restart ollama 2>&1; done'
kill "$flip" && wait "$flip" 2>/dev/null
answers=$(sed -nE 's/^ollama$/ran/p; s/.*"code":"([a-z-]+)".*/\1/p' <<<"$out" | sort -u | tr '\n' ' ')
like 'a policy that is replaced meanwhile: one of the two decides, or nothing runs' "$answers" '^(policy-error )?(ran )?(unknown-program )?$'
is 'every request has its answer' "$(grep -cE '^ollama$|"code":' <<<"$out")" 80
e2e_policy ''
runs 'with the file at rest it runs' ai-worker 'sudo docker restart ollama' ollama
done_testing

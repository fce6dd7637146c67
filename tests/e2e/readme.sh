#!/bin/bash
# SPDX-License-Identifier: ISC
#
# The README's examples, run as they stand there. A block that is run has a comment above it:
#   <!-- tested: file PATH -->      the block becomes that file
#   <!-- tested: run USER -->       the block is a shell script
#   <!-- tested: session USER -->   lines with "$ " are typed, what follows each must come back
#   <!-- tested: undo USER -->      a script as well, run after everything else

# shellcheck source=tests/lib/e2e.sh
. "$(dirname "$0")/../lib/e2e.sh"
host_install_file 644 /etc/sudo.conf </dev/null
rm -rf /etc/writ
sed '/^echo "\[a stand-in/d' "$HOST_LIB/standin-docker" | host_install_file 755 /usr/bin/docker
echo 'carol ALL=(root) NOPASSWD: /usr/bin/id' | host_install_file 440 /etc/sudoers.d/carol

# Blocks as files NUMBER.WHAT.WHO, a path with '+' for '/'
mkdir "$E2E/blocks"
python3 - "$HOST_ROOT/README.md" "$E2E/blocks" <<'EOF'
import re, sys, textwrap
text = open(sys.argv[1], encoding='utf-8').read()
pattern = re.compile(r'^ *<!-- tested: (\w+) (\S+) -->\n( *)```\w*\n(.*?)^\3```$', re.M | re.S)
for number, block in enumerate(pattern.finditer(text), 10):
    what, who, _, body = block.groups()
    with open(f'{sys.argv[2]}/{number}.{what}.{who.replace("/", "+")}', 'w') as out:
        out.write(textwrap.dedent(body))
EOF
is 'no marked block was missed' "$(find "$E2E/blocks" -type f | wc -l)" \
	"$(grep -c '<!-- tested: ' "$HOST_ROOT/README.md")"
check 'there are examples' [ "$(find "$E2E/blocks" -type f | wc -l)" -ge 5 ]

# as_typed USER: standard input is a session; one test for each line typed in it
as_typed() {
	local line typed='' expected=''
	while IFS= read -r line || [ -n "$line" ]; do
		if [[ $line == '$ '* ]]; then
			[ -z "$typed" ] || came_back "$1" "$typed" "$expected"
			typed=${line#\$ } expected=''
		else
			expected+=$line$'\n'
		fi
	done
	came_back "$1" "$typed" "$expected"
}

came_back() {
	as "$1" "($2) 2>&1"
	is "$1: $2" "$out"$'\n' "${3:-$'\n'}"
}

run_block() {
	local what=$1 who=$2 block=$3
	case $what in
	file) host_install_file 644 "${who//+//}" <"$block" && pass "file ${who//+//}" ;;
	session) as_typed "$who" <"$block" ;;
	run | undo) runs "script: $(tail -n 1 "$block")" "$who" "$(cat "$block")" ;;
	*) fail "a block of no known kind: $what" ;;
	esac
}

for block in "$E2E"/blocks/*; do
	IFS=. read -r _ what who <<<"${block##*/}"
	[ "$what" = undo ] || run_block "$what" "${block#*."$what".}" "$block"
done
as carol 'sudo id -un'
is 'with the README followed, others are not affected' "$status $out" '0 root'
check 'and decisions are recorded' [ -s /var/log/writ/events.jsonl ]

for block in "$E2E"/blocks/*.undo.*; do
	run_block undo "${block#*.undo.}" "$block"
done
as carol 'sudo id -un'
is 'backed out: others as ever' "$status $out" '0 root'
as ai-worker 'sudo -n docker restart ollama'
is 'backed out: sudoers decides for the agent' "$status $err" '1 sudo: a password is required'

# The subcommands that the README names, and no link to nowhere
while read -r name; do
	check "./dev $name exists" grep -q "^$name|" "$HOST_ROOT/dev"
done < <(grep -o '\./dev [a-z][a-z]*' "$HOST_ROOT/README.md" | sort -u | cut -d' ' -f2)
while read -r link; do
	check "the link to $link leads somewhere" [ -e "$HOST_ROOT/$link" ]
done < <(grep -o ']([^)#:]*)' "$HOST_ROOT/README.md" | tr -d ']()' | sort -u)
done_testing

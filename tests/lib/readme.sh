# shellcheck shell=bash
# SPDX-License-Identifier: ISC
#
# Blocks of the README that a test of their own runs, each below a comment <!-- tested by TEST: WHAT -->.

# readme_block TEST WHAT: the block's text. Dies if there is none.
readme_block() {
	local text
	text=$(awk -v mark="<!-- tested by $1: $2 -->" '
		$0 == mark { state = 1; next }
		state && /^```/ { if (state++ == 2) exit; next }
		state == 2' "$HOST_ROOT/README.md")
	[ -n "$text" ] || host_die "the README has no block 'tested by $1: $2'"
	printf '%s\n' "$text"
}

# readme_session USER TEST WHAT: types the lines with "$ " as USER; what follows each must come back.
readme_session() {
	local line typed='' expected=''
	while IFS= read -r line; do
		if [[ $line == '$ '* ]]; then
			[ -z "$typed" ] || readme_came_back "$1" "$typed" "$expected"
			typed=${line#\$ } expected=''
		else
			expected+=$line$'\n'
		fi
	done < <(readme_block "$2" "$3")
	readme_came_back "$1" "$typed" "$expected"
}

readme_came_back() {
	as "$1" "($2) 2>&1"
	# shellcheck disable=SC2154
	is "README: $2" "$out"$'\n' "${3:-$'\n'}"
}

# shellcheck shell=bash
# SPDX-License-Identifier: ISC
#
# TAP from bash. Every function takes the name of its test first. A script ends with done_testing; one
# that dies before has no plan and counts as failed.

tap_count=0
tap_failed=0

pass() {
	tap_count=$((tap_count + 1))
	printf 'ok %d - %s\n' "$tap_count" "$(tap_line "$1")"
}

# fail NAME [TEXT...]: what went wrong is shown below it, control characters escaped.
fail() {
	tap_count=$((tap_count + 1))
	tap_failed=$((tap_failed + 1))
	printf 'not ok %d - %s\n' "$tap_count" "$(tap_line "$1")"
	shift
	[ $# -eq 0 ] || note "$@"
}

skip() {
	tap_count=$((tap_count + 1))
	printf 'ok %d - %s # SKIP %s\n' "$tap_count" "$(tap_line "$1")" "$2"
}

# A '#' would begin a directive; a newline would end the line.
tap_line() {
	local line=${1//$'\n'/ }
	printf '%s' "${line//\#/No.}"
}

note() {
	printf '%s\n' "$@" | head -c 4000 | cat -v | sed 's/^/#   /'
}

# is NAME GOT WANT
is() {
	if [ "$2" = "$3" ]; then pass "$1"; else fail "$1" "got:  $2" "want: $3"; fi
}

# like NAME GOT REGEX, unlike NAME GOT REGEX: bash's extended regular expressions, not anchored
like() {
	if [[ $2 =~ $3 ]]; then pass "$1"; else fail "$1" "got:  $2" "want: matches $3"; fi
}

unlike() {
	if [[ $2 =~ $3 ]]; then fail "$1" "got:  $2" "want: does not match $3"; else pass "$1"; fi
}

# check NAME COMMAND...: the command succeeds
check() {
	local name=$1
	shift
	if "$@"; then pass "$name"; else fail "$name" "failed: $*"; fi
}

skip_all() {
	echo "1..0 # SKIP $1"
	exit 0
}

# Each library may have something to say at the end: see e2e.sh.
done_testing() {
	tap_plan
}

tap_plan() {
	echo "1..$tap_count"
	exit $((tap_failed > 0))
}

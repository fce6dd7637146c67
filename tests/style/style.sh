#!/bin/bash
# SPDX-License-Identifier: ISC
#
# How the sources look: clang-format leaves them as they are, shellcheck has nothing to say, man pages are
# clean, and every source names its licence.

set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib/tap.sh

# files PATTERN...: the sources of that kind, NUL-separated
files() {
	local names=()
	for pattern; do names+=(-o -name "$pattern"); done
	find . \( -name .git -o -name 'build*' \) -type d -prune -o -type f \( "${names[@]:1}" \) -print0
}

# clean NAME COMMAND...: ok if the command succeeds and prints nothing
clean() {
	local name=$1 output status
	shift
	output=$("$@" 2>&1)
	status=$?
	if [ "$status" -eq 0 ] && [ -z "$output" ]; then
		pass "$name"
	else
		fail "$name" "$output"
	fi
}

format() {
	files '*.[ch]' | xargs -0 clang-format --dry-run -Werror
}

scripts() {
	{ files '*.sh'; printf '%s\0' dev .ci/run; } | xargs -0 shellcheck --severity=warning --external-sources
}

pages() {
	files '*.[158]' | xargs -0 mandoc -T lint -W warning
}

licences() {
	files '*.[ch]' '*.py' '*.sh' '*.js' '*.css' '*.nix' 'meson.build' | xargs -0 grep -L 'SPDX-License-Identifier: ISC'
	return 0
}

clean "clang-format leaves the C sources as they are" format
clean "shellcheck has nothing to say about the scripts" scripts
clean "the man pages are clean" pages
clean "every source names its licence" licences
done_testing

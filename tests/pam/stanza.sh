#!/bin/bash
# SPDX-License-Identifier: ISC
#
# stanza.sh SOURCE: one and the same line of PAM stands in the manual, in the README, in what is shipped for Debian and
# for NixOS, and in the stacks that the tests log in by. Where one of them changes, all must.

set -u
. "$(dirname "$0")/../lib/tap.sh"
cd "$1" || exit 1

line=$(grep '^session' pam/examples/common-session | tr -s '\t ' ' ')
control=$(sed 's/.*\(\[.*\]\).*/\1/' <<<"$line")
manual=$(mandoc -T utf8 -O width=200 pam/pam_writ.8 | sed 's/.\x08//g' | tr -s ' ')
in_tests=$(HOST_FILES=/nonexistent E2E=/nonexistent bash -c '
	mkfifo() { :; }
	. tests/lib/sshd.sh
	pam_writ_line "subjects=ai-worker,%ai-workers"')

is 'there is one' "$(wc -l <<<"$line")" 1
is 'the manual: its synopsis and its stanza' "$(grep -cF " session $control pam_writ.so" <<<"$manual")" 2
is 'the manual: the stanza' "$(grep -cF " $line" <<<"$manual")" 1
is 'the README' "$(tr -s '\t ' ' ' <README.md | grep -cxF "$line")" 1
is 'the tests' "$in_tests" "$line"
is 'NixOS: the example' "$(grep -cF "control = \"$control\";" pam/examples/nixos.nix)" 1
is 'NixOS: the module' "$(grep -cF "control = \"$control\";" nix/module.nix)" 1

# What each word of it is for. The module's own answers are PAM_SUCCESS and PAM_SESSION_ERR.
for word in success=ok module_unknown=ignore default=bad; do
	like "it says $word" " ${control:1:-1} " " $word "
done
done_testing

#!/bin/bash
# SPDX-License-Identifier: ISC
#
# symbols.sh PAM_WRIT_SO: PAM modules come into the process of whoever logs somebody in. So pam_writ.so shows
# the functions of a module and nothing else, brings few libraries with it, and does nothing when it is
# loaded. (libaudit is none of them: the module works alike without it.)

set -u
. "$(dirname "$0")/../lib/tap.sh"
so=$1

is 'only the functions of a module are visible' \
	"$(nm -D --defined-only "$so" | awk '{ sub(/@.*/, "", $3); if ($2 != "A") print $3 }' | sort | tr '\n' ' ')" \
	'pam_sm_acct_mgmt pam_sm_authenticate pam_sm_chauthtok pam_sm_close_session pam_sm_open_session pam_sm_setcred '
is 'the libraries that it brings' \
	"$(readelf -dW "$so" | sed -n 's/.*(NEEDED).*\[\(lib[a-z]*\)\..*/\1/p' | sort | tr '\n' ' ')" 'libc libnettle libpam '
is 'no data that could be changed' \
	"$(objdump -t "$so" | awk '($4 == ".data" || $4 == ".bss") && $3 == "O" { print $NF }' | grep -v '^__\|^completed' | tr '\n' ' ')" ''
constructors=$(objdump -h "$so" | awk '$2 == ".init_array" { print $3 }')
is 'no constructors but the compiler'"'"'s own' "$((16#${constructors:-0}))" 8
like 'relocations are read-only' "$(readelf -lW "$so")" GNU_RELRO
like 'all symbols are bound when it is loaded' "$(readelf -dW "$so")" 'BIND_NOW|FLAGS.* NOW'
like 'it stays loaded' "$(readelf -dW "$so")" NODELETE
unlike 'no executable stack' "$(readelf -lW "$so")" 'GNU_STACK.* RWE'
done_testing

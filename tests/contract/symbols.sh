#!/bin/bash
# SPDX-License-Identifier: ISC
#
# symbols.sh WRIT_SO: sudo loads plugins into the global scope, so writ.so shows its plugin structs and
# nothing else, and runs nothing when it is loaded.

set -u
. "$(dirname "$0")/../lib/tap.sh"
so=$1

is 'only the plugin structs are visible' \
	"$(nm -D --defined-only "$so" | awk '{ sub(/@.*/, "", $3); if ($2 != "A") print $3 }' | tr '\n' ' ')" \
	'writ_approval writ_audit writ_policy '
constructors=$(objdump -h "$so" | awk '$2 == ".init_array" { print $3 }')
is 'no constructors but the compiler'"'"'s own' "$((16#${constructors:-0}))" 8
like 'relocations are read-only' "$(readelf -lW "$so")" GNU_RELRO
like 'all symbols are bound when it is loaded' "$(readelf -dW "$so")" 'BIND_NOW|FLAGS.* NOW'
unlike 'no executable stack' "$(readelf -lW "$so")" 'GNU_STACK.* RWE'
done_testing

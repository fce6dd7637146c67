#!/bin/sh
# SPDX-License-Identifier: ISC
#
# decisions.sh BUILD [ROUNDS]: what decisions cost on one core, in this process and by `writ check
# --batch`; how much memory policies take; and whether rules for other commands cost anything.

set -eu
build=$1
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# shellcheck disable=SC2046
cc -O2 -std=gnu17 -D_GNU_SOURCE -I"$build" -I"$root" -I"$root/engine" -o "$work/decisions" \
	"$here/decisions.c" "$build/engine/libwrit-engine.a" \
	$(pkg-config --cflags --libs yajl libpcre2-8 nettle)
python3 "$here/decisions.py" "$work" "$build/cli/writ" "$root/policies" "${2:-10}"

#!/bin/sh
# SPDX-License-Identifier: ISC
#
# trail.sh BUILD [ROUNDS]: how long writ log takes over 1,000,000 events, beside grep over the same file.

set -eu
build=$1
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cc -O2 -std=gnu17 -D_GNU_SOURCE -o "$work/trail_events" "$here/trail_events.c"
"$work/trail_events" 1000000 >"$work/events.jsonl"
"$work/trail_events" 100000 >"$work/tenth.jsonl"
python3 "$here/trail.py" "$build/cli/writ" "$work" "${2:-10}"

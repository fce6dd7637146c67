#!/bin/sh
# SPDX-License-Identifier: ISC
#
# with_clients.sh CACHE WHICH COMMAND [ARGUMENT...]: runs the command with "--client PATH" added for
# every real docker client that clients.sh finds (WHICH is all), or for the first, the second, …
# Prints TAP: where there is no client at all the test fails and says why; a second one may be missing.

set -eu

cache=$1 which=$2
shift 2
mkdir -p "$cache"
# Several tests may want the same package at once.
exec 9>"$cache/lock"
flock 9
if ! clients=$(sh "$(dirname "$0")/clients.sh" "$cache"); then
	echo "Bail out! There is no real docker client to compare with (see standard error)."
	exit 1
fi
exec 9>&-
echo "$clients" | sed 's/^/# client: /'

if [ "$which" != all ]; then
	clients=$(echo "$clients" | sed -n "${which}p")
	if [ -z "$clients" ]; then
		echo "1..0 # SKIP there is no docker client number $which here"
		exit 0
	fi
fi
while read -r path _; do
	set -- "$@" --client "$path"
done <<END
$clients
END
exec "$@"

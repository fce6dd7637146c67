#!/bin/sh
# SPDX-License-Identifier: ISC
#
# with_clients.sh CACHE COMMAND [ARGUMENT...]: runs the command with "--client PATH" added for every real
# docker client that clients.sh finds. Prints TAP: where there is none at all the test fails and says why.

set -eu

cache=$1
shift
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

while read -r path _; do
	set -- "$@" --client "$path"
done <<END
$clients
END
exec "$@"

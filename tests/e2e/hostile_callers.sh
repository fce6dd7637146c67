#!/bin/bash
# SPDX-License-Identifier: ISC
#
# Callers that do all they can to their own sudo: each request is refused or runs correctly, with one
# decision in the log, and nothing stays behind (the folder of this name).

# shellcheck source=tests/lib/e2e.sh
. "$(dirname "$0")/../lib/e2e.sh"
install -m 755 "$WRIT_BUILD/tests/e2e/report" /usr/bin/report
e2e_policy '
{ "id": "report", "effect": "allow", "program": "/usr/bin/report", "argv": [[{ "regex": "[a-z0-9-]+" }],
	[{ "regex": "[a-z0-9-]+" }, "7"]] },
{ "id": "cat", "effect": "allow", "command": "cat", "operands": { "FILE": { "path": { "exact": ["/etc/hosts"] } } } },'
# The checkout may lie in one of the folders that are hidden next.
callers=/usr/share/hostile-callers
mkdir "$callers" && cp -r "$HOST_LIB"/*.py "$HOST_ROOT/tests/e2e/hostile_callers" "$callers" || exit 1
# Folders that anybody on the machine itself may be writing to show through here
for folder in /tmp /var/tmp; do
	mount -t tmpfs -o mode=1777 none "$folder"
done
cd / && PYTHONPATH=$callers PYTHONDONTWRITEBYTECODE=1 python3 "$callers/hostile_callers"
exit $?

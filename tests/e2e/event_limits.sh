#!/bin/bash
# SPDX-License-Identifier: ISC
#
# Callers that starve sudo of what it needs to record: what event_log/limits.py does.

# shellcheck source=tests/lib/e2e.sh
. "$(dirname "$0")/../lib/e2e.sh"
e2e_program note <<'EOF2'
#!/bin/sh
echo "$WRIT_EVENT" >>/run/e2e/ran
EOF2
e2e_policy '{ "id": "note", "effect": "allow", "program": ["/usr/bin/note"], "argv": [[{ "rest": true }]] },'
PYTHONPATH=$HOST_LIB PYTHONDONTWRITEBYTECODE=1 \
	exec python3 "$HOST_ROOT/tests/e2e/event_log/limits.py" "$HOST_ROOT/policies/schema"

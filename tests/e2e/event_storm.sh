#!/bin/bash
# SPDX-License-Identifier: ISC
#
# The event log under load: what event_log/storm.py does, with the shipped logrotate file.

# shellcheck source=tests/lib/e2e.sh
. "$(dirname "$0")/../lib/e2e.sh"
mkfifo "$E2E/never"
e2e_program note <<'EOF'
#!/bin/sh
printf '%s\n' "$WRIT_EVENT" >>/run/e2e/ran
[ "$1" = end ] || read -r _ </run/e2e/never
EOF
e2e_policy '{ "id": "note", "effect": "allow", "program": ["/usr/bin/note"], "argv": [[{ "rest": true }]] },'
install -m 755 "$WRIT_BUILD/tests/e2e/event_writer" /usr/libexec/event_writer

PYTHONPATH=$HOST_LIB PYTHONDONTWRITEBYTECODE=1 exec python3 "$HOST_ROOT/tests/e2e/event_log/storm.py" \
	/usr/libexec/event_writer /etc/logrotate.d/writ "$HOST_ROOT/policies/schema" "${WRIT_TEST_SEED-}"

#!/bin/bash
# SPDX-License-Identifier: ISC
#
# One writer of the event log at a time, stopped or killed at every step, and a log of 10 GB: what
# event_log/crash.py does.

# shellcheck source=tests/lib/e2e.sh
. "$(dirname "$0")/../lib/e2e.sh"
install -m 755 "$WRIT_BUILD/tests/e2e/event_writer" /usr/libexec/event_writer
PYTHONPATH=$HOST_LIB PYTHONDONTWRITEBYTECODE=1 exec python3 "$HOST_ROOT/tests/e2e/event_log/crash.py" \
	/usr/libexec/event_writer /etc/logrotate.d/writ "$HOST_ROOT/policies/schema"

#!/bin/bash
# SPDX-License-Identifier: ISC
#
# Files that are exchanged while they are asked for: what pin_race.py does, on a host where a service
# owns a log folder and others have secrets.

# shellcheck source=tests/lib/e2e.sh
. "$(dirname "$0")/../lib/e2e.sh"

for user in svc other; do
	useradd --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin "$user"
done
rm -rf /var/log/svc /var/lib/other
install -d -o svc -g svc -m 755 /var/log/svc
install -d -o other -g other -m 700 /var/lib/other /var/lib/other/SECRET-name
echo SECRET-of-other | install -o other -g other -m 600 /dev/stdin /var/lib/other/token
echo SECRET-of-root | install -m 600 /dev/stdin /root/token
echo SECRET-shadow | install -g shadow -m 640 /dev/stdin /etc/shadow.old
install -d -m 700 /persist/etc/ssh
echo SECRET-host-key | install -m 600 /dev/stdin /persist/etc/ssh/token

PYTHONPATH=$HOST_LIB PYTHONDONTWRITEBYTECODE=1 \
	exec python3 "$HOST_ROOT/tests/e2e/pin_race.py" "$HOST_ROOT/policies/diag.json" ${WRIT_TEST_REQUESTS-}

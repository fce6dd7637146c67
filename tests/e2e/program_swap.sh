#!/bin/bash
# SPDX-License-Identifier: ISC
#
# The program that runs is the one that was decided on: over 10,000 times it is swapped for another one
# while requests go on (program_swap.py).

# shellcheck source=tests/lib/e2e.sh
. "$(dirname "$0")/../lib/e2e.sh"
PYTHONPATH=$HOST_LIB PYTHONDONTWRITEBYTECODE=1 python3 "$HOST_ROOT/tests/e2e/program_swap.py" "$WRIT_BUILD/tests/e2e"
exit $?

# SPDX-License-Identifier: ISC
"""All rules together: importing this fills the table."""

import rules_container  # noqa: F401
import rules_other  # noqa: F401
from rules import RULES, expected_requests  # noqa: F401

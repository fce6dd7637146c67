/* SPDX-License-Identifier: ISC */
/* Programs whose arguments follow no rule that is known here: every word is an operand. */
#include "syntax.h"

int writ_syntax_literal(struct writ_scan *scan)
{
	if (scan->at < scan->argc && writ_scan_may_descend(scan)) {
		int found = writ_scan_descend(scan, scan->argv[scan->at]);

		scan->at += found > 0;
		if (found != 0)
			return found;
	}
	return writ_scan_rest(scan);
}

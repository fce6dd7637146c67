/* SPDX-License-Identifier: ISC */
/*
 * Kleene's three-valued logic. Unsure never satisfies an allow rule and always satisfies a deny
 * rule, under any number of `not`: zeroed memory is NO, and `not` of unsure stays unsure.
 */
#pragma once

enum writ_truth { WRIT_NO = 0, WRIT_UNSURE = 1, WRIT_YES = 2 };

static inline enum writ_truth writ_and(enum writ_truth a, enum writ_truth b)
{
	return a < b ? a : b;
}

static inline enum writ_truth writ_or(enum writ_truth a, enum writ_truth b)
{
	return a > b ? a : b;
}

static inline enum writ_truth writ_not(enum writ_truth a)
{
	return (enum writ_truth)(WRIT_YES - a);
}

/* Two readings of one thing: certain only where they agree. */
static inline enum writ_truth writ_both(enum writ_truth a, enum writ_truth b)
{
	return a == b ? a : WRIT_UNSURE;
}

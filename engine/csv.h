/* SPDX-License-Identifier: ISC */
/*
 * One record of comma-separated values, exactly as Go's encoding/csv reads it: docker takes the
 * values of --mount and of --network so. Leading empty lines are skipped, all after the first
 * record is ignored.
 */
#pragma once

#include <stddef.h>

struct writ_arena;

struct writ_csv {
	const char **fields; /* n ≥ 1 */
	size_t n;
};

/* 0; or -1 with *ret_error ("has a quote in an unquoted field") or, without memory, NULL there. */
int writ_csv_read(struct writ_arena *arena, const char *text, struct writ_csv *ret,
		  const char **ret_error);

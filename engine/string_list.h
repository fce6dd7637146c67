/* SPDX-License-Identifier: ISC */
/* Lists of strings: a pointer and a count. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* Whether text is one of the list's n strings. */
static inline bool writ_strings_have(const char *const *list, size_t n, const char *text)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(list[i], text) == 0)
			return true;
	return false;
}

/* SPDX-License-Identifier: ISC */
#include "submitted.h"

#include <string.h>

#include "strvec.h"

/* Word i of those that are sudo's own, or NULL. */
static const char *word_at(const struct writ_submitted *submitted, int i)
{
	return submitted->argv && i < submitted->optind ? submitted->argv[i] : NULL;
}

/* As sudo tells them from the command, which may be a path with '='. */
static bool is_variable(const char *word)
{
	return *word != '/' && *word != '-' && strchr(word, '=');
}

char **writ_submitted_variables(const struct writ_submitted *submitted, struct writ_arena *arena)
{
	struct writ_strvec vector;
	const char *word;

	writ_strvec_init(&vector, arena);
	for (int i = 1; (word = word_at(submitted, i)); i++)
		if (is_variable(word))
			writ_strvec_add(&vector, word);
	return writ_strvec_take(&vector);
}

bool writ_submitted_preserves(const struct writ_submitted *submitted)
{
	const char *word;

	for (int i = 1; (word = word_at(submitted, i)); i++)
		if (strncmp(word, "--pre", 5) == 0 && strchr(word, '='))
			return true;
	return false;
}

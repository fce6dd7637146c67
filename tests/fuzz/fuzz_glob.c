/* SPDX-License-Identifier: ISC */
/*
 * engine/glob.c against fnmatch(3), where the two agree on what a pattern is: the first line is a
 * pattern, the rest a text. No text with a control character or an invalid byte ever matches.
 */
#include <fnmatch.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "fuzz.h"
#include "glob.h"
#include "text.h"

#define LENGTH_MAX 256

static bool is_ascii(const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s >= 0x80)
			return false;
	return true;
}

/* "[" in a bracket, and a "-" after a range, mean other things to fnmatch here and there. */
static bool is_common(const char *pattern)
{
	const char *bracket = strchr(pattern, '[');

	return is_ascii(pattern) &&
	       (!bracket || (!strchr(bracket + 1, '[') && !strchr(bracket, '-')));
}

static void check(const char *pattern, const char *text)
{
	bool matches = writ_glob_match(pattern, text);
	size_t length = strlen(text);
	enum writ_truth name = writ_glob_match_name(pattern, strlen(pattern), text, length);

	if (matches && writ_text_scan(text, length) != 0)
		abort();
	if (matches != (name == WRIT_YES))
		abort();
	if (writ_glob_check(pattern, NULL) < 0 || !is_common(pattern) || !is_ascii(text))
		return;
	if ((fnmatch(pattern, text, FNM_PATHNAME) == 0) != (name != WRIT_NO))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *newline = memchr(data, '\n', size);
	auto_free char *pattern = NULL, *text = NULL;

	if (!newline || size > LENGTH_MAX)
		return 0;
	pattern = strndup((const char *)data, (size_t)(newline - data));
	text = strndup((const char *)newline + 1, size - (size_t)(newline + 1 - data));
	check(pattern, text);
	return 0;
}

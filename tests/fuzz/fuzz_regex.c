/* SPDX-License-Identifier: ISC */
/*
 * engine/regex.c against PCRE2 itself: the first line is a pattern, the rest a subject.
 *  - on a subject without control characters, the guard changes nothing;
 *  - a pattern that writes no control character never matches one (people: but tab and newline).
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "fuzz.h"
#include "regex.h"
#include "text.h"

#define SUBJECT_MAX 4096

#define OPTIONS                                                                                    \
	(PCRE2_UTF | PCRE2_ANCHORED | PCRE2_ENDANCHORED | PCRE2_DOLLAR_ENDONLY |                   \
	 PCRE2_NO_AUTO_POSSESS | PCRE2_NO_START_OPTIMIZE)

/* The pattern without the guard; UNSURE if PCRE2 gave up. Without its optimisations, one of which
 * takes \N and \R for disjoint though \N matches U+2028. */
static enum writ_truth match_raw(const char *pattern, const char *text, size_t length)
{
	pcre2_match_data *data = pcre2_match_data_create(1, NULL);
	pcre2_code *code;
	PCRE2_SIZE offset;
	int error, r;

	code = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED, OPTIONS, &error, &offset,
			     NULL);
	if (!code || !data)
		abort();
	r = pcre2_match(code, (PCRE2_SPTR)text, length, 0, 0, data, NULL);
	pcre2_code_free(code);
	pcre2_match_data_free(data);
	if (r >= 0)
		return WRIT_YES;
	return r == PCRE2_ERROR_NOMATCH ? WRIT_NO : WRIT_UNSURE;
}

/* Whether nothing in the pattern can stand for a control character explicitly. */
static bool writes_no_control(const char *pattern)
{
	if (writ_text_scan(pattern, strlen(pattern)) != 0)
		return false;
	for (const char *p = strchr(pattern, '\\'); p; p = strchr(p + 2, '\\'))
		if (!p[1] || !strchr("dDwWsShHvVRpPbBAzZ.\\^$|()[]{}*+?-/", p[1]))
			return false;
	return true;
}

static void check(const struct writ_regex *regex, const char *pattern, const char *text,
		  size_t length)
{
	enum writ_truth plain = writ_regex_match(regex, text, length, false);
	enum writ_truth people = writ_regex_match(regex, text, length, true);
	unsigned flags = writ_text_scan(text, length);

	if ((flags & WRIT_TEXT_INVALID) && (plain != WRIT_UNSURE || people != WRIT_UNSURE))
		abort();
	if (flags == 0 && plain != WRIT_UNSURE) {
		enum writ_truth raw = match_raw(pattern, text, length);

		if ((raw != WRIT_UNSURE && raw != plain) ||
		    (people != WRIT_UNSURE && people != plain))
			abort();
	}
	if (!writes_no_control(pattern))
		return;
	if (plain == WRIT_YES && flags != 0)
		abort();
	if (people == WRIT_YES && (flags & WRIT_TEXT_CONTROL))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *newline = memchr(data, '\n', size);
	auto_free char *pattern = NULL;
	struct writ_regex *regex;

	if (!newline || size > SUBJECT_MAX)
		return 0;
	pattern = strndup((const char *)data, (size_t)(newline - data));
	regex = writ_regex_new(pattern, NULL);
	if (!regex)
		return 0;
	check(regex, pattern, (const char *)newline + 1, size - (size_t)(newline + 1 - data));
	writ_regex_free(regex);
	return 0;
}

/* SPDX-License-Identifier: ISC */
#include "regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "cleanup.h"
#include "error.h"
#include "regex_guard.h"

#define OPTIONS                                                                                    \
	(PCRE2_UTF | PCRE2_ANCHORED | PCRE2_ENDANCHORED | PCRE2_DOLLAR_ENDONLY |                   \
	 PCRE2_NEVER_BACKSLASH_C)

/*
 * The subject of a match is an attacker's. Steps: an honest pattern takes a few a byte; a hopeless
 * one ends within about a millisecond for an ordinary argument. Heap: each level of backtracking
 * into a group takes some 150 bytes, so that a longest subject just fits.
 */
#define STEPS_BASE 20000
#define STEPS_PER_BYTE 10
#define DEPTH_LIMIT 200000
#define HEAP_LIMIT_KIB (32 * 1024)

/* From this length on the scratch memory, which grows with the subject, is not kept. */
#define KEEP_SCRATCH_MAX 1024

/* A form of the pattern, compiled when it is first needed: a policy holds many regexes, a decision
 * uses few. */
struct form {
	pcre2_code *code;
	bool people;
};

struct writ_regex {
	char *pattern;
	struct writ_guard guard;
	struct form *plain, *people; /* one and the same where "." does not occur */
	struct form forms[2];
	pcre2_match_context *limits;
	pcre2_match_data *scratch;
};

static pcre2_code *compile(const char *pattern, struct writ_error *err)
{
	pcre2_compile_context *context = pcre2_compile_context_create(NULL);
	pcre2_code *code;
	PCRE2_SIZE offset = 0;
	int number = 0;

	if (!context) {
		writ_error_set(err, "no memory");
		return NULL;
	}
	pcre2_set_newline(context, PCRE2_NEWLINE_LF);
	code = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED, OPTIONS, &number, &offset,
			     context);
	pcre2_compile_context_free(context);
	if (!code) {
		PCRE2_UCHAR message[256];

		if (pcre2_get_error_message(number, message, sizeof(message)) < 0)
			message[0] = '\0';
		writ_error_set(err, "%s at offset %zu", (const char *)message, offset);
	}
	return code;
}

static int regex_compile(struct writ_regex *regex, const char *pattern, struct writ_error *err)
{
	/* As written: its errors are the author's, with the author's offsets. */
	pcre2_code *written = compile(pattern, err);

	if (!written)
		return -1;
	if (writ_regex_guard_check(pattern, &regex->guard, err) < 0) {
		pcre2_code_free(written);
		return -1;
	}
	if (regex->guard.needed)
		pcre2_code_free(written);
	else
		regex->forms[0].code = written;
	regex->plain = &regex->forms[0];
	regex->people = &regex->forms[regex->guard.dots ? 1 : 0];
	regex->people->people = regex->guard.dots;
	regex->pattern = strdup(pattern);
	return regex->pattern ? 0 : writ_error_set(err, "no memory");
}

static int limits_set(struct writ_regex *regex, struct writ_error *err)
{
	regex->limits = pcre2_match_context_create(NULL);
	/* One pair is enough: only whether it matches is asked. */
	regex->scratch = pcre2_match_data_create(1, NULL);
	if (!regex->limits || !regex->scratch)
		return writ_error_set(err, "no memory");
	pcre2_set_depth_limit(regex->limits, DEPTH_LIMIT);
	pcre2_set_heap_limit(regex->limits, HEAP_LIMIT_KIB);
	return 0;
}

struct writ_regex *writ_regex_new(const char *pattern, struct writ_error *err)
{
	struct writ_regex *regex = calloc(1, sizeof(*regex));

	if (!regex) {
		writ_error_set(err, "no memory");
		return NULL;
	}
	if (regex_compile(regex, pattern, err) < 0 || limits_set(regex, err) < 0) {
		writ_regex_free(regex);
		return NULL;
	}
	return regex;
}

void writ_regex_free(struct writ_regex *regex)
{
	if (!regex)
		return;
	free(regex->pattern);
	for (size_t i = 0; i < ARRAY_SIZE(regex->forms); i++)
		pcre2_code_free(regex->forms[i].code);
	pcre2_match_context_free(regex->limits);
	pcre2_match_data_free(regex->scratch);
	free(regex);
}

static void release(void *regex)
{
	writ_regex_free(regex);
}

struct writ_regex *writ_regex_new_in(struct writ_arena *arena, const char *pattern,
				     struct writ_error *err)
{
	struct writ_regex *regex = writ_regex_new(pattern, err);

	if (regex && writ_arena_defer(arena, release, regex) < 0) {
		writ_error_set(err, "out of memory");
		return NULL;
	}
	return regex;
}

/* NULL without memory. */
static const pcre2_code *form_code(struct form *form, const char *pattern)
{
	auto_free char *guarded = NULL;

	if (!form->code) {
		guarded = writ_regex_guard_rewrite(pattern, form->people);
		form->code = guarded ? compile(guarded, NULL) : NULL;
	}
	return form->code;
}

static enum writ_truth run(const struct writ_regex *regex, const pcre2_code *code, const char *text,
			   size_t length)
{
	bool keep = length <= KEEP_SCRATCH_MAX;
	pcre2_match_data *data = keep ? regex->scratch : pcre2_match_data_create(1, NULL);
	int r;

	if (!data)
		return WRIT_UNSURE;
	pcre2_set_match_limit(regex->limits, (uint32_t)(STEPS_BASE + STEPS_PER_BYTE * length));
	r = pcre2_match(code, (PCRE2_SPTR)text, length, 0, 0, data, regex->limits);
	if (!keep)
		pcre2_match_data_free(data);
	if (r >= 0)
		return WRIT_YES;
	return r == PCRE2_ERROR_NOMATCH ? WRIT_NO : WRIT_UNSURE;
}

enum writ_truth writ_regex_match(const struct writ_regex *regex, const char *text, size_t length,
				 bool people)
{
	const pcre2_code *code;

	if (length > WRIT_REGEX_SUBJECT_MAX)
		return WRIT_UNSURE;
	code = form_code(people ? regex->people : regex->plain, regex->pattern);
	return code ? run(regex, code, text, length) : WRIT_UNSURE;
}

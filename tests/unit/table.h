/* SPDX-License-Identifier: ISC */
/*
 * Tables of cases for cmocka: all rows run; a row that fails prints its name, what it got and what
 *it wanted, and the test fails at the end. Include it first.
 *
 *	struct table t = {0};
 *	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
 *		table_string(&t, rows[i].name, "source", source_of(rows[i].text), rows[i].source);
 *	table_done(&t);
 */
#pragma once

/* cmocka.h needs these four before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef ARRAY_SIZE
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#endif

struct table {
	unsigned checks, failed;
};

/* A comment line that TAP readers show; always on stderr, so that it cannot break a line of
 * results. */
static inline void __attribute__((format(printf, 3, 4)))
table_fail(struct table *t, const char *row, const char *format, ...)
{
	va_list args;

	t->failed++;
	fprintf(stderr, "# row '%s': ", row);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
}

/* NULL equals only NULL. */
static inline bool table_string(struct table *t, const char *row, const char *what, const char *got,
				const char *want)
{
	t->checks++;
	if (got == want || (got && want && strcmp(got, want) == 0))
		return true;
	table_fail(t, row, "%s: got %s%s%s, wanted %s%s%s", what, got ? "'" : "",
		   got ? got : "NULL", got ? "'" : "", want ? "'" : "", want ? want : "NULL",
		   want ? "'" : "");
	return false;
}

static inline bool table_int(struct table *t, const char *row, const char *what, int64_t got,
			     int64_t want)
{
	t->checks++;
	if (got == want)
		return true;
	table_fail(t, row, "%s: got %" PRId64 ", wanted %" PRId64, what, got, want);
	return false;
}

static inline bool table_true(struct table *t, const char *row, const char *what, bool holds)
{
	t->checks++;
	if (!holds)
		table_fail(t, row, "%s does not hold", what);
	return holds;
}

/* The text must hold the part (an error message, say). */
static inline bool table_contains(struct table *t, const char *row, const char *what,
				  const char *got, const char *part)
{
	t->checks++;
	if (got && strstr(got, part))
		return true;
	table_fail(t, row, "%s: got '%s', wanted '%s' in it", what, got ? got : "NULL", part);
	return false;
}

/* Ends a test: it fails if any row did, or if nothing was checked at all. */
static inline void table_done(const struct table *t)
{
	if (t->checks == 0)
		fail_msg("no row was checked");
	if (t->failed > 0)
		fail_msg("%u of %u checks failed", t->failed, t->checks);
}

/* SPDX-License-Identifier: ISC */
#include "csv.h"

#include <stdbool.h>
#include <string.h>

#include "arena.h"

/* The text is read line by line: "\r\n" counts as "\n", and a last "\r" without one is dropped. */
struct reader {
	const char *next;    /* the line after this one */
	const char *p, *end; /* what is left of this line, without its newline */
	bool newline;        /* it had one */
	char *out;           /* where the next character of a field goes */
	struct writ_csv *csv;
	const char *error;
};

/* False at the end of the text. */
static bool next_line(struct reader *r)
{
	const char *newline = strchr(r->next, '\n');

	if (!*r->next)
		return false;
	r->p = r->next;
	r->newline = newline != NULL;
	r->end = newline ? newline : r->next + strlen(r->next);
	r->next = newline ? newline + 1 : r->end;
	if (r->end > r->p && r->end[-1] == '\r')
		r->end--;
	return true;
}

static int fail(struct reader *r, const char *error)
{
	r->error = error;
	return -1;
}

static void copy(struct reader *r, const char *end)
{
	size_t n = (size_t)(end - r->p);

	memcpy(r->out, r->p, n);
	r->out += n;
	r->p = end;
}

/* A field that does not begin with a quote may hold none. */
static int read_plain(struct reader *r)
{
	const char *comma = memchr(r->p, ',', (size_t)(r->end - r->p));
	const char *end = comma ? comma : r->end;

	if (memchr(r->p, '"', (size_t)(end - r->p)))
		return fail(r, "has a quote inside a field that does not begin with one");
	copy(r, end);
	return 0;
}

/* A quoted field may go on over several lines; only a comma or the line's end may follow it. */
static int read_quoted(struct reader *r)
{
	r->p++;
	for (;;) {
		const char *quote = memchr(r->p, '"', (size_t)(r->end - r->p));

		if (quote) {
			copy(r, quote);
			r->p++;
			if (r->p == r->end || *r->p == ',')
				return 0;
			if (*r->p != '"')
				return fail(r, "has text behind a closing quote");
			*r->out++ = *r->p++;
			continue;
		}
		copy(r, r->end);
		if (!r->newline)
			return fail(r, "has a quote that is not closed");
		*r->out++ = '\n';
		if (!next_line(r))
			return fail(r, "has a quote that is not closed");
	}
}

static int read_record(struct reader *r)
{
	do {
		if (!next_line(r))
			return fail(r, "is empty");
	} while (r->p == r->end);
	for (;;) {
		r->csv->fields[r->csv->n++] = r->out;
		if ((r->p < r->end && *r->p == '"' ? read_quoted(r) : read_plain(r)) < 0)
			return -1;
		*r->out++ = '\0';
		if (r->p == r->end)
			return 0;
		r->p++; /* the comma */
	}
}

int writ_csv_read(struct writ_arena *arena, const char *text, struct writ_csv *ret,
		  const char **ret_error)
{
	struct reader r = {.next = text, .csv = ret};
	size_t commas = 0;

	for (const char *p = text; *p; p++)
		commas += *p == ',';
	ret->n = 0;
	ret->fields = writ_arena_alloc(arena, commas + 1, sizeof(*ret->fields));
	r.out = writ_arena_alloc(arena, strlen(text) + 1, 1);
	*ret_error = NULL;
	if (!ret->fields || !r.out)
		return -1;
	if (read_record(&r) < 0) {
		*ret_error = r.error;
		return -1;
	}
	return 0;
}

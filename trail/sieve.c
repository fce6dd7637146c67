/* SPDX-License-Identifier: ISC */
#include "sieve.h"

#include <string.h>

#define TIME_LENGTH (WRIT_WHEN_EVENT_SIZE - 1)

void writ_sieve_set_span(struct writ_sieve *sieve, int64_t since, int64_t until)
{
	sieve->bounded = since != WRIT_WHEN_MIN || until != WRIT_WHEN_MAX;
	writ_when_to_event(since, sieve->since);
	writ_when_to_event(until, sieve->until);
}

/* What writ writes as itself, and others at most as \u00XX or, a slash, as \/. */
static bool is_plain(char c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

bool writ_sieve_add(struct writ_sieve *sieve, const char *text, bool opens, bool closes)
{
	size_t best = 0, best_length = 0, all = strlen(text), length = 0;
	char *out;

	/* The longest run of plain characters; an end of the text counts only if it is in it. */
	for (size_t i = 0; i < all; i++) {
		length = is_plain(text[i]) ? length + 1 : 0;
		if (length > best_length) {
			best_length = length;
			best = i + 1 - length;
		}
	}
	opens = opens && best == 0;
	closes = closes && best + best_length == all;
	if (best_length > sizeof(sieve->literal[0].text) - 2) {
		best_length = sizeof(sieve->literal[0].text) - 2;
		closes = false;
	}
	length = best_length + opens + closes;
	if (length < WRIT_SIEVE_LITERAL_MIN || sieve->n == WRIT_SIEVE_LITERALS_MAX)
		return false;
	out = sieve->literal[sieve->n].text;
	if (opens)
		*out++ = '"';
	memcpy(out, text + best, best_length);
	if (closes)
		out[best_length] = '"';
	sieve->literal[sieve->n++].length = length;
	return true;
}

const char *writ_sieve_time(const char *line, size_t length)
{
	static const char begin[] = "{\"time\":\"";
	const size_t n = sizeof(begin) - 1;

	if (length <= n + TIME_LENGTH || memcmp(line, begin, n) != 0 ||
	    line[n + TIME_LENGTH] != '"' || line[n + TIME_LENGTH - 1] != 'Z')
		return NULL;
	return line + n;
}

static bool is_outside(const struct writ_sieve *sieve, const char *line, size_t length)
{
	const char *time = writ_sieve_time(line, length);

	return time && (memcmp(time, sieve->since, TIME_LENGTH) < 0 ||
			memcmp(time, sieve->until, TIME_LENGTH) > 0);
}

/* Every event is an object: other lines are shown to whoever reports them. */
static bool is_odd(const char *line, const char *newline)
{
	if (newline > line && newline[-1] == '\r')
		newline--;
	return newline > line && (line[0] != '{' || newline[-1] != '}');
}

/* Whether the escape at s, of which n bytes are there, may stand for a plain character: \/ and
 * \u0020 to \u007e. */
static bool is_suspicious(const char *s, size_t n)
{
	if (n < 2 || s[1] == '/')
		return true;
	if (s[1] != 'u')
		return false;
	if (n < 6)
		return true;
	if (s[2] != '0' || s[3] != '0' || s[4] < '2' || s[4] > '7')
		return false;
	/* DEL is written so by writ itself. */
	return s[4] != '7' || (s[5] | 0x20) != 'f';
}

static const char *find_escape(const char *s, const char *end)
{
	while (s < end && (s = memchr(s, '\\', (size_t)(end - s)))) {
		if (is_suspicious(s, (size_t)(end - s)))
			return s;
		s += 2;
	}
	return end;
}

static const char *find_literal(const char *text, size_t length, const char *s, const char *end)
{
	const char *found = memmem(s, (size_t)(end - s), text, length);

	return found ? found : end;
}

/* Whether a literal or a suspicious escape stands between line and newline. */
static bool may_match(const struct writ_sieve *sieve, struct writ_sieve_state *state,
		      const char *line, const char *newline, const char *end)
{
	bool may = false;

	for (size_t i = 0; i < sieve->n; i++) {
		if (state->found[i] < line || !state->found[i])
			state->found[i] = find_literal(sieve->literal[i].text,
						       sieve->literal[i].length, line, end);
		may = may || state->found[i] < newline;
	}
	if (state->escape < line || !state->escape)
		state->escape = find_escape(line, end);
	return may || state->escape < newline;
}

const char *writ_sieve_next(const struct writ_sieve *sieve, struct writ_sieve_state *state,
			    const char *line, const char *end, uint64_t *count)
{
	while (line < end) {
		const char *newline = memchr(line, '\n', (size_t)(end - line));
		size_t length = (size_t)(newline - line);

		if (is_odd(line, newline))
			return line;
		if (length > 0 && line[0] == '{' &&
		    !(sieve->bounded && is_outside(sieve, line, length)) &&
		    (sieve->n == 0 || may_match(sieve, state, line, newline, end)))
			return line;
		line = newline + 1;
		++*count;
	}
	return end;
}

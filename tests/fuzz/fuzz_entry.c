/* SPDX-License-Identifier: ISC */
/* trail/entry.c, scan.c, slice.c, sieve.c: lines of an event file. The fast reading means what the
 * JSON reader means, and what a sieve drops no filter would have taken. */
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "entry.h"
#include "error.h"
#include "filter.h"
#include "fuzz.h"
#include "json.h"
#include "sieve.h"

static const char *const keys[] = {
#define X(name, text) text,
	WRIT_ENTRY_FIELDS(X)
#undef X
};

/* Halves of pairs are no characters: what each reader makes of them is its own affair. */
static bool has_surrogate(const char *line, size_t length)
{
	for (size_t i = 0; i + 3 < length; i++)
		if (line[i] == '\\' && line[i + 1] == 'u' && (line[i + 2] | 0x20) == 'd')
			return true;
	return false;
}

static void check_string(struct writ_arena *arena, struct writ_slice slice,
			 const struct writ_json *json)
{
	const char *text = writ_slice_string(arena, slice);

	if (!writ_slice_is_string(slice) || !text || strcmp(text, json->string) != 0 ||
	    !writ_slice_equals(slice, json->string))
		abort();
}

static void check_array(struct writ_arena *arena, struct writ_slice slice,
			const struct writ_json *json, bool strings)
{
	struct writ_slice element;
	size_t at = 0, n = 0;

	writ_each (member, json) {
		if (!writ_slice_element(slice, &at, &element))
			abort();
		if (strings && member->type == WRIT_JSON_STRING)
			check_string(arena, element, member);
		n++;
	}
	if (writ_slice_element(slice, &at, &element) || n != json->length)
		abort();
}

static void check_object(struct writ_arena *arena, struct writ_slice slice,
			 const struct writ_json *json, bool strings)
{
	writ_each (member, json) {
		struct writ_slice value = writ_slice_member(slice, member->key);

		/* Of a key with half a pair in it there is no spelling to ask for. */
		if (value.n == 0 && strings)
			abort();
		if (strings && member->type == WRIT_JSON_STRING)
			check_string(arena, value, member);
	}
}

static void check_fields(struct writ_arena *arena, const struct writ_entry *entry,
			 const struct writ_json *json)
{
	bool strings = !has_surrogate(entry->line, entry->length);

	for (size_t i = 0; i < WRIT_ENTRY_N_FIELDS; i++) {
		const struct writ_json *member = writ_json_get(json, keys[i]);
		struct writ_slice slice = entry->field[i];
		int64_t integer;

		if (!member != (slice.n == 0))
			abort();
		if (!member)
			continue;
		if ((member->type == WRIT_JSON_NULL) != writ_slice_is_null(slice))
			abort();
		if (member->type == WRIT_JSON_STRING && strings)
			check_string(arena, slice, member);
		else if (member->type == WRIT_JSON_ARRAY)
			check_array(arena, slice, member, strings);
		else if (member->type == WRIT_JSON_OBJECT)
			check_object(arena, slice, member, strings);
		else if (member->type == WRIT_JSON_INTEGER &&
			 (writ_slice_integer(slice, &integer) < 0 || integer != member->integer))
			abort();
	}
}

/* Whether the line is an event that the filter takes. */
static bool check_line(struct writ_arena *arena, const struct writ_filter *filter, const char *line,
		       size_t length)
{
	const struct writ_json *json;
	struct writ_entry entry;
	struct writ_error err = {0};

	writ_arena_reset(arena);
	json = writ_json_parse(arena, "line", line, length, NULL);
	if (writ_entry_parse(&entry, line, length, &err) < 0) {
		if (!err.message[0])
			abort();
		/* A line that is an object is an event but for its time. */
		if (json && json->type == WRIT_JSON_OBJECT && !strstr(err.message, "time"))
			abort();
		return false;
	}
	if (!json || json->type != WRIT_JSON_OBJECT)
		abort();
	check_fields(arena, &entry, json);
	return writ_filter_match(filter, &entry);
}

static struct writ_filter *make_filter(struct writ_arena *arena, uint8_t which)
{
	static const struct {
		enum writ_filter_kind kind;
		const char *text;
	} rows[] = {
		{WRIT_FILTER_SESSION, "20261121T224009Z-4f2a9c1d"},
		{WRIT_FILTER_RULE, "a/read"},
		{WRIT_FILTER_DECISION, "deny"},
		{WRIT_FILTER_COMMAND, "docker"},
		{WRIT_FILTER_IOLOG, "ai/x/000001"},
		{WRIT_FILTER_TASK, "t\xc3\xa4sk 1"},
		{WRIT_FILTER_ID, "20261121T224009Z-4f2a9c1d00000000"},
	};
	struct writ_filter *filter = writ_filter_new(arena);

	if (!filter)
		abort();
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if ((which & 7) == i && writ_filter_add(filter, rows[i].kind, rows[i].text) < 0)
			abort();
	/* 2026-11-21 22:40:09 to 22:40:10 */
	if (which & 8)
		writ_filter_set_span(filter, INT64_C(1795300809000000), INT64_C(1795300810000000));
	return filter;
}

/* The first byte chooses a filter; the rest are lines. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct writ_arena *arena = writ_arena_new(), *work = writ_arena_new();
	struct writ_sieve_state state = {0};
	struct writ_filter *filter;
	struct writ_sieve sieve;
	uint64_t passed = 0;
	char *text;

	if (!arena || !work)
		abort();
	filter = make_filter(arena, size > 0 ? data[0] : 0);
	writ_filter_sieve(filter, &sieve);
	/* A copy of exactly that size, so that reading past its end shows. */
	text = malloc(size + 1);
	if (!text)
		abort();
	if (size > 1)
		memcpy(text, data + 1, size - 1);
	text[size ? size - 1 : 0] = '\n';
	for (const char *line = text, *end = text + (size ? size : 1), *kept = text; line < end;) {
		size_t length =
			(size_t)((const char *)memchr(line, '\n', (size_t)(end - line)) - line);

		if (kept <= line)
			kept = writ_sieve_next(&sieve, &state, line, end, &passed);
		if (check_line(work, filter, line, length) && kept != line)
			abort();
		line += length + 1;
		if (kept < line)
			kept = line;
	}
	free(text);
	writ_arena_free(work);
	writ_arena_free(arena);
	return 0;
}

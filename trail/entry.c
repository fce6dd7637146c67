/* SPDX-License-Identifier: ISC */
#include "entry.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "arena.h"
#include "error.h"
#include "json.h"
#include "scan.h"
#include "when.h"

/* Members that are none of ours, compared in pairs. */
#define OTHERS_MAX 16

static const struct {
	const char *key; /* as JSON, with its quotes */
	size_t n;
} names[] = {
#define X(name, text) {"\"" text "\"", sizeof("\"" text "\"") - 1},
	WRIT_ENTRY_FIELDS(X)
#undef X
};

struct reading {
	struct writ_entry *entry;
	size_t next; /* the field that is likely next */
	struct writ_slice other[OTHERS_MAX];
	size_t n_others;
	bool trusted;
};

/* The field of that name, or WRIT_ENTRY_N_FIELDS. */
static size_t find_field(const struct reading *r, struct writ_slice key)
{
	size_t field = r->next;

	for (size_t i = 0; i < WRIT_ENTRY_N_FIELDS; i++) {
		if (field >= WRIT_ENTRY_N_FIELDS)
			field = 0;
		if (names[field].n == key.n && key.s[1] == names[field].key[1] &&
		    memcmp(names[field].key, key.s, key.n) == 0)
			return field;
		field++;
	}
	return WRIT_ENTRY_N_FIELDS;
}

/* With an escape in it; only in trusted text. */
static size_t find_escaped(struct writ_slice key)
{
	for (size_t i = 0; i < WRIT_ENTRY_N_FIELDS; i++)
		if (writ_slice_equals_bytes(key, names[i].key + 1, names[i].n - 2))
			return i;
	return WRIT_ENTRY_N_FIELDS;
}

static bool other(struct reading *r, struct writ_slice key)
{
	if (r->trusted)
		return true;
	if (r->n_others == OTHERS_MAX)
		return false;
	for (size_t i = 0; i < r->n_others; i++)
		if (r->other[i].n == key.n && memcmp(r->other[i].s, key.s, key.n) == 0)
			return false;
	r->other[r->n_others++] = key;
	return true;
}

static bool member(void *data, struct writ_slice key, struct writ_slice value)
{
	struct reading *r = data;
	size_t field = find_field(r, key);

	if (field == WRIT_ENTRY_N_FIELDS && r->trusted)
		field = find_escaped(key);
	if (field == WRIT_ENTRY_N_FIELDS)
		return other(r, key);
	if (r->entry->field[field].n > 0)
		return false;
	r->entry->field[field] = value;
	r->next = field + 1;
	return true;
}

static bool scan(struct writ_entry *entry, bool trusted)
{
	struct writ_scanner scanner = {entry->line, entry->line + entry->length, trusted, 0};
	struct reading reading;

	reading.entry = entry;
	reading.next = 0;
	reading.n_others = 0;
	reading.trusted = trusted;
	memset(entry->field, 0, sizeof(entry->field));
	return writ_scan_object(&scanner, member, &reading) && writ_scan_at_end(&scanner);
}

/* What the scanner gave up on. */
static int scan_slowly(struct writ_entry *entry, struct writ_error *err)
{
	struct writ_arena *arena = writ_arena_new();
	const struct writ_json *json;
	int ret = 0;

	if (!arena)
		return writ_error_set(err, "out of memory");
	json = writ_json_parse(arena, "", entry->line, entry->length, err);
	if (!json)
		ret = -1;
	else if (json->type != WRIT_JSON_OBJECT)
		ret = writ_error_set(err, "no event: %s", writ_json_type_name(json));
	else if (!scan(entry, true))
		ret = writ_error_set(err, "no event");
	writ_arena_free(arena);
	return ret;
}

int writ_entry_parse(struct writ_entry *entry, const char *line, size_t length,
		     struct writ_error *err)
{
	struct writ_slice time;

	entry->line = line;
	entry->length = length;
	if (!scan(entry, false) && scan_slowly(entry, err) < 0)
		return -1;
	time = entry->field[WRIT_ENTRY_TIME];
	if (time.n == 0)
		return writ_error_set(err, "no event: it has no time");
	if (time.n < 2 || writ_when_parse_event(time.s + 1, time.n - 2, &entry->time) < 0)
		return writ_error_set(err, "no event: its time is none");
	return 0;
}

char *writ_entry_string(const struct writ_entry *entry, struct writ_arena *arena,
			enum writ_entry_field field)
{
	return writ_slice_string(arena, entry->field[field]);
}

const char *writ_entry_place(const char *file, uint64_t number, uint64_t offset, char *out,
			     size_t size)
{
	if (number)
		snprintf(out, size, "%s:%" PRIu64, file, number);
	else
		snprintf(out, size, "%s: byte %" PRIu64, file, offset);
	return out;
}

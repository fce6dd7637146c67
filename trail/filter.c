/* SPDX-License-Identifier: ISC */
#include "filter.h"

#include <string.h>

#include "arena.h"
#include "hash.h"
#include "pointer_list.h"
#include "sieve.h"
#include "string_set.h"
#include "when.h"

/* Longer than any command's name or path that is asked for. */
#define TEXT_MAX 4352

struct writ_filter {
	struct writ_arena *arena;
	struct writ_pointer_list texts[WRIT_FILTER_N_KINDS];
	int64_t since, until;
	struct writ_string_set sessions; /* that one of the keys opened */
};

/* Whether an entry holds what the text asks for. */
typedef bool match_fn(const struct writ_entry *entry, const char *text);

static bool field_is(const struct writ_entry *entry, enum writ_entry_field field, const char *text)
{
	return writ_slice_equals(entry->field[field], text);
}

static bool match_decision(const struct writ_entry *entry, const char *text)
{
	if (entry->field[WRIT_ENTRY_DECISION].n > 0)
		return field_is(entry, WRIT_ENTRY_DECISION, text);
	if (strcmp(text, "allow") == 0)
		return field_is(entry, WRIT_ENTRY_EVENT, "accept");
	return strcmp(text, "deny") == 0 && (field_is(entry, WRIT_ENTRY_EVENT, "reject") ||
					     field_is(entry, WRIT_ENTRY_EVENT, "error"));
}

#define MATCH_FIELD(function, name)                                                                \
	static bool function(const struct writ_entry *entry, const char *text)                     \
	{                                                                                          \
		return field_is(entry, WRIT_ENTRY_##name, text);                                   \
	}

MATCH_FIELD(match_event, EVENT)
MATCH_FIELD(match_session, SESSION)
MATCH_FIELD(match_rule, RULE)
MATCH_FIELD(match_user, USER)
MATCH_FIELD(match_host, HOST)
MATCH_FIELD(match_code, CODE)

/* The last part of a path. */
static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static bool match_command(const struct writ_entry *entry, const char *text)
{
	char name[TEXT_MAX];
	size_t length = strlen(text), at = 0;
	struct writ_slice first;
	bool cut;

	if (field_is(entry, WRIT_ENTRY_PROGRAM, text))
		return true;
	if (writ_slice_copy(entry->field[WRIT_ENTRY_COMMAND], name, sizeof(name), &cut) >= 0)
		return strncmp(name, text, length) == 0 &&
		       (name[length] == ' ' || name[length] == '\0');
	return writ_slice_element(entry->field[WRIT_ENTRY_ARGV], &at, &first) &&
	       writ_slice_copy(first, name, sizeof(name), &cut) >= 0 && !cut &&
	       strcmp(base_name(name), text) == 0;
}

static bool match_id(const struct writ_entry *entry, const char *text)
{
	return field_is(entry, WRIT_ENTRY_ID, text) ||
	       field_is(entry, WRIT_ENTRY_DECISION_ID, text) ||
	       field_is(entry, WRIT_ENTRY_PARENT, text);
}

static bool match_iolog(const struct writ_entry *entry, const char *text)
{
	char path[TEXT_MAX];
	size_t length = strlen(text);
	ptrdiff_t n;
	bool cut;

	if (field_is(entry, WRIT_ENTRY_IOLOG, text))
		return true;
	n = writ_slice_copy(entry->field[WRIT_ENTRY_IOLOG_PATH], path, sizeof(path), &cut);
	return n > 0 && !cut && (size_t)n > length && path[(size_t)n - length - 1] == '/' &&
	       strcmp(path + (size_t)n - length, text) == 0;
}

static bool match_task(const struct writ_entry *entry, const char *text)
{
	return writ_slice_equals(writ_slice_member(entry->field[WRIT_ENTRY_CLAIMS], "WRIT_TASK"),
				 text);
}

/* What is matched here is the session-open; the rest by its session. */
static bool match_key(const struct writ_entry *entry, const char *text)
{
	return field_is(entry, WRIT_ENTRY_EVENT, "session-open") &&
	       writ_slice_equals(writ_slice_member(entry->field[WRIT_ENTRY_KEY], "fingerprint"),
				 text);
}

/* By kind; which lines a sieve may drop: those without the text as (the beginning or end of) a JSON
 * string. The higher the rank, the fewer lines such a text is in. */
static const struct {
	match_fn *match;
	bool opens, closes;
	int rank;
} kinds[WRIT_FILTER_N_KINDS] = {
	[WRIT_FILTER_DECISION] = {match_decision, true, true, 2},
	[WRIT_FILTER_EVENT] = {match_event, true, true, 3},
	[WRIT_FILTER_SESSION] = {match_session, true, true, 9},
	[WRIT_FILTER_RULE] = {match_rule, true, true, 7},
	[WRIT_FILTER_USER] = {match_user, true, true, 4},
	[WRIT_FILTER_HOST] = {match_host, true, true, 1},
	[WRIT_FILTER_CODE] = {match_code, true, true, 5},
	[WRIT_FILTER_COMMAND] = {match_command, false, false, 6},
	[WRIT_FILTER_ID] = {match_id, true, true, 11},
	[WRIT_FILTER_IOLOG] = {match_iolog, false, true, 10},
	[WRIT_FILTER_TASK] = {match_task, true, true, 8},
	[WRIT_FILTER_KEY] = {match_key, true, true, 0},
};

struct writ_filter *writ_filter_new(struct writ_arena *arena)
{
	struct writ_filter *filter = writ_arena_alloc(arena, 1, sizeof(*filter));

	if (!filter)
		return NULL;
	filter->arena = arena;
	filter->since = WRIT_WHEN_MIN;
	filter->until = WRIT_WHEN_MAX;
	return filter;
}

int writ_filter_add(struct writ_filter *filter, enum writ_filter_kind kind, const char *text)
{
	return writ_pointer_list_add(filter->arena, &filter->texts[kind], text);
}

void writ_filter_set_span(struct writ_filter *filter, int64_t since, int64_t until)
{
	filter->since = since;
	filter->until = until;
}

int64_t writ_filter_since(const struct writ_filter *filter)
{
	return filter->since;
}

int64_t writ_filter_until(const struct writ_filter *filter)
{
	return filter->until;
}

bool writ_filter_needs_sessions(const struct writ_filter *filter)
{
	return filter->texts[WRIT_FILTER_KEY].n > 0;
}

static bool match_any(const struct writ_filter *filter, enum writ_filter_kind kind,
		      const struct writ_entry *entry)
{
	const struct writ_pointer_list *texts = &filter->texts[kind];

	for (size_t i = 0; i < texts->n; i++)
		if (kinds[kind].match(entry, texts->items[i]))
			return true;
	return false;
}

/* Whether the entry belongs to one of the sessions learned. */
static bool is_of_session(const struct writ_filter *filter, const struct writ_entry *entry)
{
	char id[TEXT_MAX];
	bool cut;

	return filter->sessions.n > 0 &&
	       writ_slice_copy(entry->field[WRIT_ENTRY_SESSION], id, sizeof(id), &cut) >= 0 &&
	       !cut && writ_string_set_has(&filter->sessions, id);
}

int writ_filter_learn(struct writ_filter *filter, const struct writ_entry *entry)
{
	const char *id;

	if (!match_any(filter, WRIT_FILTER_KEY, entry) || is_of_session(filter, entry) ||
	    !writ_slice_is_string(entry->field[WRIT_ENTRY_SESSION]))
		return 0;
	id = writ_entry_string(entry, filter->arena, WRIT_ENTRY_SESSION);
	return id ? writ_string_set_add(filter->arena, &filter->sessions, id) : -1;
}

bool writ_filter_match(const struct writ_filter *filter, const struct writ_entry *entry)
{
	if (entry->time < filter->since || entry->time > filter->until)
		return false;
	for (size_t kind = 0; kind < WRIT_FILTER_N_KINDS; kind++) {
		if (filter->texts[kind].n == 0)
			continue;
		if (kind == WRIT_FILTER_KEY
			    ? !is_of_session(filter, entry)
			    : !match_any(filter, (enum writ_filter_kind)kind, entry))
			return false;
	}
	return true;
}

/* What match_decision looks for. */
static bool sift_decision(struct writ_sieve *sieve, const char *text)
{
	if (strcmp(text, "allow") == 0)
		return writ_sieve_add(sieve, text, true, true) &&
		       writ_sieve_add(sieve, "accept", true, true);
	return writ_sieve_add(sieve, text, true, true) &&
	       writ_sieve_add(sieve, "reject", true, true) &&
	       writ_sieve_add(sieve, "error", true, true);
}

/* No session at all is in no line, which a sieve cannot say. */
static bool sift_sessions(const struct writ_string_set *sessions, struct writ_sieve *sieve)
{
	for (size_t i = 0; i < sessions->n_slots; i++)
		if (sessions->slots[i] && !writ_sieve_add(sieve, sessions->slots[i], true, true))
			return false;
	return sessions->n > 0;
}

static bool sift(const struct writ_filter *filter, enum writ_filter_kind kind,
		 struct writ_sieve *sieve)
{
	const struct writ_pointer_list *texts = &filter->texts[kind];
	bool good = true;

	sieve->n = 0;
	if (kind == WRIT_FILTER_KEY)
		return sift_sessions(&filter->sessions, sieve);
	for (size_t i = 0; good && i < texts->n; i++)
		good = kind == WRIT_FILTER_DECISION
			       ? sift_decision(sieve, texts->items[i])
			       : writ_sieve_add(sieve, texts->items[i], kinds[kind].opens,
						kinds[kind].closes);
	return good;
}

void writ_filter_sieve(const struct writ_filter *filter, struct writ_sieve *ret)
{
	int best = -1;

	memset(ret, 0, sizeof(*ret));
	writ_sieve_set_span(ret, filter->since, filter->until);
	for (size_t kind = 0; kind < WRIT_FILTER_N_KINDS; kind++) {
		struct writ_sieve sieve;

		if (filter->texts[kind].n == 0 || kinds[kind].rank <= best)
			continue;
		if (!sift(filter, (enum writ_filter_kind)kind, &sieve))
			continue;
		best = kinds[kind].rank;
		ret->n = sieve.n;
		memcpy(ret->literal, sieve.literal, sizeof(ret->literal));
	}
}

/* SPDX-License-Identifier: ISC */
#include "lookup.h"

#include <stdbool.h>
#include <string.h>

#include "arena.h"
#include "error.h"
#include "filter.h"
#include "trail.h"

/* Longer ids are nobody's. */
#define ID_SIZE 128

struct search {
	const struct writ_trail_options *where;
	const char *word;
	struct writ_arena *arena;
	struct writ_lookup *ret;
	struct writ_error *err;
};

static int no_memory(struct writ_error *err)
{
	return writ_error_set(err, "out of memory");
}

static bool is_event(const struct writ_entry *entry, const char *kind)
{
	return writ_slice_equals(entry->field[WRIT_ENTRY_EVENT], kind);
}

static int found(struct search *s, enum writ_lookup_kind kind, const struct writ_entry *entry,
		 enum writ_entry_field field)
{
	s->ret->id = writ_entry_string(entry, s->arena, field);
	if (!s->ret->id)
		return 0;
	s->ret->kind = kind;
	return 1;
}

/* The request or session that an event belongs to. 1 if there is one. */
static int found_event(struct search *s, const struct writ_entry *entry)
{
	if (is_event(entry, "session-open") || is_event(entry, "session-close"))
		return found(s, WRIT_LOOKUP_SESSION, entry, WRIT_ENTRY_SESSION);
	if (is_event(entry, "exit"))
		return found(s, WRIT_LOOKUP_REQUEST, entry, WRIT_ENTRY_DECISION_ID);
	return found(s, WRIT_LOOKUP_REQUEST, entry, WRIT_ENTRY_ID);
}

/* An event by its whole id. Where only others refer to it (its own line is in a file that is gone),
 * the id is that of a request all the same. */
static int take_id(struct search *s, const struct writ_entry *entry)
{
	if (writ_slice_equals(entry->field[WRIT_ENTRY_ID], s->word))
		return found_event(s, entry);
	s->ret->kind = WRIT_LOOKUP_REQUEST;
	s->ret->id = s->word;
	return 0;
}

static int take_session(struct search *s, const struct writ_entry *entry)
{
	return found(s, WRIT_LOOKUP_SESSION, entry, WRIT_ENTRY_SESSION);
}

static int take_iolog(struct search *s, const struct writ_entry *entry)
{
	s->ret->iolog = s->word;
	return found(s, WRIT_LOOKUP_REQUEST, entry, WRIT_ENTRY_ID);
}

static void add_near(struct search *s, const char *id)
{
	struct writ_lookup *ret = s->ret;

	for (size_t i = 0; i < ret->n_near; i++)
		if (strcmp(ret->near[i], id) == 0)
			return;
	if (ret->n_near < WRIT_LOOKUP_NEAR_MAX) {
		ret->near[ret->n_near] = writ_arena_strdup(s->arena, id);
		ret->n_near += ret->near[ret->n_near] != NULL;
	}
}

static bool begins(const struct search *s, const struct writ_entry *entry,
		   enum writ_entry_field field, char id[ID_SIZE])
{
	bool cut;

	return writ_slice_copy(entry->field[field], id, ID_SIZE, &cut) > 0 && !cut &&
	       strncmp(id, s->word, strlen(s->word)) == 0;
}

/* By the beginning of an id: all that there are must be seen. */
static int take_beginning(struct search *s, const struct writ_entry *entry)
{
	char id[ID_SIZE];

	if (begins(s, entry, WRIT_ENTRY_ID, id)) {
		add_near(s, id);
		if (s->ret->kind == WRIT_LOOKUP_NOTHING)
			found_event(s, entry);
	}
	if (begins(s, entry, WRIT_ENTRY_SESSION, id)) {
		add_near(s, id);
		if (s->ret->kind == WRIT_LOOKUP_NOTHING)
			found(s, WRIT_LOOKUP_SESSION, entry, WRIT_ENTRY_SESSION);
	}
	return 0;
}

/* Shows take every entry that the filter lets through, until it says 1. 0, or -1 with err. */
static int scan(struct search *s, struct writ_filter *filter,
		int (*take)(struct search *s, const struct writ_entry *entry))
{
	struct writ_trail_options options = *s->where;
	struct writ_entry entry;
	struct writ_trail *trail;
	int got;

	options.filter = filter;
	trail = writ_trail_open(&options, s->err);
	if (!trail)
		return -1;
	while ((got = writ_trail_next(trail, &entry, s->err)) > 0)
		if (take(s, &entry))
			break;
	writ_trail_free(trail);
	return got < 0 ? -1 : 0;
}

static int scan_exact(struct search *s, enum writ_filter_kind kind,
		      int (*take)(struct search *s, const struct writ_entry *entry))
{
	struct writ_filter *filter = writ_filter_new(s->arena);

	if (!filter || writ_filter_add(filter, kind, s->word) < 0)
		return no_memory(s->err);
	return scan(s, filter, take);
}

int writ_lookup(const struct writ_trail_options *where, const char *word, struct writ_arena *arena,
		struct writ_lookup *ret, struct writ_error *err)
{
	static const struct {
		enum writ_filter_kind kind;
		int (*take)(struct search *s, const struct writ_entry *entry);
	} exact[] = {
		{WRIT_FILTER_ID, take_id},
		{WRIT_FILTER_SESSION, take_session},
		{WRIT_FILTER_IOLOG, take_iolog},
	};
	struct search s = {where, word, arena, ret, err};

	*ret = (struct writ_lookup) {0};
	for (size_t i = 0; i < sizeof(exact) / sizeof(exact[0]); i++) {
		if (scan_exact(&s, exact[i].kind, exact[i].take) < 0)
			return -1;
		if (ret->kind != WRIT_LOOKUP_NOTHING)
			return 0;
	}
	ret->iolog = NULL;
	if (*word == '\0' || scan(&s, NULL, take_beginning) < 0)
		return *word ? -1 : 0;
	if (ret->n_near > 1)
		ret->kind = WRIT_LOOKUP_AMBIGUOUS;
	return 0;
}

/* SPDX-License-Identifier: ISC */
#include "report_events.h"

#include <string.h>

#include "arena.h"
#include "error.h"
#include "filter.h"
#include "report.h"
#include "string_set.h"
#include "trail.h"
#include "when.h"

/* How much of a line that is no event is shown, in bytes. */
#define BAD_TEXT_MAX 1024

/* A session's opening is written a moment after its id was made. */
#define SESSION_SLACK INT64_C(60000000)

struct collector {
	struct writ_arena *arena, *scratch; /* scratch: until the next entry */
	const struct writ_report_options *options;
	struct writ_report_events *events;
	size_t bytes; /* of the lines that are kept */
	struct writ_string_set ids, requests, sessions;
	int64_t first; /* when the first of the sessions was opened, or earlier */
	bool failed;   /* out of memory */
};

static bool has(const struct writ_string_set *set, const char *text)
{
	return text && writ_string_set_has(set, text);
}

/* Adds a copy of the text. */
static void add(struct collector *c, struct writ_string_set *set, const char *text)
{
	char *copy;

	if (!text || writ_string_set_has(set, text))
		return;
	copy = writ_arena_strdup(c->arena, text);
	if (!copy || writ_string_set_add(c->arena, set, copy) < 0)
		c->failed = true;
}

/* A member that is looked at and forgotten. */
static const char *look(struct collector *c, const struct writ_entry *entry,
			enum writ_entry_field which)
{
	return writ_entry_string(entry, c->scratch, which);
}

static bool is_kind(const struct writ_entry *entry, const char *kind)
{
	return writ_slice_equals(entry->field[WRIT_ENTRY_EVENT], kind);
}

/* The ids begin with the second in which they were made: "20261121T224009Z-4f2a9c1d". */
static int64_t opened(const char *session)
{
	char text[WRIT_WHEN_EVENT_SIZE] = "0000-00-00T00:00:00.000000Z";
	static const unsigned char to[] = {0, 1, 2, 3, 5, 6, 8, 9, 10, 11, 12, 14, 15, 17, 18};
	int64_t when;

	if (strlen(session) < sizeof(to) + 1)
		return WRIT_WHEN_MIN;
	for (size_t i = 0; i < sizeof(to); i++)
		text[to[i]] = session[i];
	if (writ_when_parse_event(text, strlen(text), &when) < 0)
		return WRIT_WHEN_MIN;
	return when - SESSION_SLACK;
}

static struct writ_report_event *new_event(struct collector *c)
{
	struct writ_report_events *events = c->events;

	if (events->n == events->allocated) {
		size_t more = events->allocated ? events->allocated * 2 : 256;
		struct writ_report_event *items = writ_arena_alloc(c->arena, more, sizeof(*items));

		if (!items)
			return NULL;
		if (events->n)
			memcpy(items, events->items, events->n * sizeof(*items));
		events->items = items;
		events->allocated = more;
	}
	return &events->items[events->n++];
}

static char *place(struct collector *c, const char *file, uint64_t number, uint64_t offset)
{
	char text[512];

	writ_entry_place(file, number, offset, text, sizeof(text));
	return writ_arena_strdup(c->arena, text);
}

static void take(struct collector *c, const struct writ_entry *entry, bool context)
{
	struct writ_report_event *event = new_event(c);

	if (!event) {
		c->failed = true;
		return;
	}
	event->line = writ_arena_strndup(c->arena, entry->line, entry->length);
	event->length = entry->length;
	event->place = place(c, entry->file, entry->number, entry->offset);
	event->context = context;
	c->bytes += entry->length;
	c->failed |= !event->line || !event->place;
	add(c, &c->ids, look(c, entry, WRIT_ENTRY_ID));
}

/* An event that was asked for. */
static void ask(struct collector *c, const struct writ_entry *entry)
{
	const char *id = look(c, entry, WRIT_ENTRY_ID), *session;
	int64_t when;

	/* What a server was sent twice is one event. */
	if (has(&c->ids, id) ||
	    (c->options->wanted && !c->options->wanted(c->options->data, entry)))
		return;
	if (c->events->n >= WRIT_REPORT_EVENTS_MAX ||
	    c->bytes + entry->length > WRIT_REPORT_LINES_MAX) {
		c->events->left_out++;
		return;
	}
	take(c, entry, false);
	session = look(c, entry, WRIT_ENTRY_SESSION);
	if (session) {
		when = opened(session);
		if (when < c->first)
			c->first = when;
		add(c, &c->sessions, session);
	}
	if (!is_kind(entry, "exit") && !is_kind(entry, "session-open") &&
	    !is_kind(entry, "session-close")) {
		if (entry->time < c->first)
			c->first = entry->time;
		add(c, &c->requests, id);
	}
}

static void belong(struct collector *c, const struct writ_entry *entry)
{
	bool is_exit = is_kind(entry, "exit");
	const char *to = look(c, entry, is_exit ? WRIT_ENTRY_DECISION_ID : WRIT_ENTRY_SESSION);

	if (has(is_exit ? &c->requests : &c->sessions, to) &&
	    !has(&c->ids, look(c, entry, WRIT_ENTRY_ID)))
		take(c, entry, true);
}

static void note_bad(void *data, const struct writ_bad_line *line)
{
	struct collector *c = data;
	struct writ_report_events *events = c->events;
	struct writ_report_bad *bad;

	if (events->n_bad == WRIT_REPORT_BAD_MAX) {
		events->bad_left_out++;
		return;
	}
	bad = &events->bad[events->n_bad++];
	bad->place = line->line ? place(c, line->file, line->number, line->offset)
				: writ_arena_strdup(c->arena, line->file);
	bad->why = writ_arena_strdup(c->arena, line->why);
	bad->length = line->length < BAD_TEXT_MAX ? line->length : BAD_TEXT_MAX;
	bad->text = writ_arena_alloc(c->arena, bad->length, 1);
	if (!bad->place || !bad->why || !bad->text) {
		c->failed = true;
		return;
	}
	if (bad->length)
		memcpy((char *)bad->text, line->line, bad->length);
}

/* Shows each entry of the trail to what. */
static int read_through(struct collector *c, const struct writ_trail_options *options,
			void (*what)(struct collector *, const struct writ_entry *),
			struct writ_error *err)
{
	struct writ_trail *trail = writ_trail_open(options, err);
	struct writ_entry entry;
	int got;

	if (!trail)
		return -1;
	while ((got = writ_trail_next(trail, &entry, err)) > 0 && !c->failed) {
		writ_arena_reset(c->scratch);
		what(c, &entry);
	}
	writ_trail_free(trail);
	if (c->failed)
		return writ_error_set(err, "out of memory");
	return got;
}

static int read_context(struct collector *c, struct writ_error *err)
{
	static const char *const kinds[] = {"exit", "session-open", "session-close"};
	struct writ_trail_options options = *c->options->trail;

	if (!c->requests.n && !c->sessions.n)
		return 0;
	options.filter = writ_filter_new(c->arena);
	options.bad = NULL;
	if (!options.filter)
		return writ_error_set(err, "out of memory");
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (writ_filter_add(options.filter, WRIT_FILTER_EVENT, kinds[i]) < 0)
			return writ_error_set(err, "out of memory");
	writ_filter_set_span(options.filter, c->first, WRIT_WHEN_MAX);
	return read_through(c, &options, belong, err);
}

int writ_report_events_read(struct writ_arena *arena, const struct writ_report_options *options,
			    struct writ_report_events *ret, struct writ_error *err)
{
	struct collector c = {
		.arena = arena, .options = options, .events = ret, .first = WRIT_WHEN_MAX};
	struct writ_trail_options trail = *options->trail;
	int status;

	memset(ret, 0, sizeof(*ret));
	ret->bad = writ_arena_alloc(arena, WRIT_REPORT_BAD_MAX, sizeof(*ret->bad));
	c.scratch = writ_arena_new();
	if (!ret->bad || !c.scratch)
		return writ_error_set(err, "out of memory");
	trail.bad = note_bad;
	trail.data = &c;
	status = read_through(&c, &trail, ask, err);
	if (status == 0)
		status = read_context(&c, err);
	writ_arena_free(c.scratch);
	return status;
}

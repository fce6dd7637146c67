/* SPDX-License-Identifier: ISC */
#include "join.h"

#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "cleanup.h"
#include "error.h"
#include "filter.h"
#include "pointer_list.h"
#include "trail.h"

/* Events of one command that are kept from audit plugins: one for each plugin, and sudo's own. */
#define AUDIT_MAX 32
/* Longer ids are nobody's. */
#define ID_SIZE 128

/* A line kept aside, in case the next one shows that it is wanted. */
struct aside {
	char *line;
	size_t length, size;
	const char *file;
	uint64_t offset, number;
	bool there;
};

struct join {
	const struct writ_trail_options *where;
	const char *id;
	struct writ_arena *arena;
	struct writ_error *err;
	struct writ_join_request *request;
	struct writ_join_session *session;
	struct writ_pointer_list children, audit;
	struct aside before;
	bool passed; /* the request's own line */
	bool no_memory;
};

static bool is(const struct writ_entry *entry, enum writ_entry_field field, const char *text)
{
	return writ_slice_equals(entry->field[field], text);
}

/* A copy that outlives the trail. */
static const struct writ_entry *copy(struct join *join, const struct writ_entry *entry)
{
	struct writ_entry *ret = writ_arena_alloc(join->arena, 1, sizeof(*ret));
	char *line = writ_arena_strndup(join->arena, entry->line, entry->length);
	char *file = entry->file ? writ_arena_strdup(join->arena, entry->file) : NULL;

	if (!ret || !line || (entry->file && !file) ||
	    writ_entry_parse(ret, line, entry->length, NULL) < 0) {
		join->no_memory = true;
		return NULL;
	}
	ret->file = file;
	ret->offset = entry->offset;
	ret->number = entry->number;
	return ret;
}

bool writ_join_allowed(const struct writ_entry *decision)
{
	return decision && (is(decision, WRIT_ENTRY_DECISION, "allow") ||
			    is(decision, WRIT_ENTRY_EVENT, "accept"));
}

static void keep_first(struct join *join, const struct writ_entry **slot,
		       const struct writ_entry *entry)
{
	if (!*slot)
		*slot = copy(join, entry);
}

/* Shows take every entry that the filter lets through. 0, or -1 with err. */
static int scan(struct join *join, enum writ_filter_kind kind, const char *text,
		void (*take)(struct join *join, const struct writ_entry *entry))
{
	struct writ_trail_options options = *join->where;
	struct writ_entry entry;
	struct writ_trail *trail;
	int got = 0;

	options.filter = writ_filter_new(join->arena);
	if (!options.filter || writ_filter_add(options.filter, kind, text) < 0)
		return writ_error_set(join->err, "out of memory");
	trail = writ_trail_open(&options, join->err);
	if (!trail)
		return -1;
	while (!join->no_memory && (got = writ_trail_next(trail, &entry, join->err)) > 0)
		take(join, &entry);
	writ_trail_free(trail);
	if (join->no_memory)
		return writ_error_set(join->err, "out of memory");
	return got < 0 ? -1 : 0;
}

static void take_child(struct join *join, const struct writ_entry *entry)
{
	const struct writ_entry *child;

	if (join->request->all_children++ >= WRIT_JOIN_MAX)
		return;
	child = copy(join, entry);
	if (child && writ_pointer_list_add(join->arena, &join->children, child) < 0)
		join->no_memory = true;
}

/* The request's own line, and what refers to it. */
static void take_of_request(struct join *join, const struct writ_entry *entry)
{
	struct writ_join_request *r = join->request;

	if (is(entry, WRIT_ENTRY_ID, join->id)) {
		keep_first(join, &r->decision, entry);
		r->copies++;
	} else if (is(entry, WRIT_ENTRY_DECISION_ID, join->id)) {
		keep_first(join, &r->exit, entry);
	} else if (is(entry, WRIT_ENTRY_PARENT, join->id)) {
		take_child(join, entry);
	}
}

static void set_aside(struct join *join, const struct writ_entry *entry)
{
	struct aside *aside = &join->before;

	if (entry->length > aside->size) {
		char *line = realloc(aside->line, entry->length);

		if (!line) {
			join->no_memory = true;
			return;
		}
		aside->line = line;
		aside->size = entry->length;
	}
	memcpy(aside->line, entry->line, entry->length);
	aside->length = entry->length;
	aside->offset = entry->offset;
	aside->number = entry->number;
	aside->there = true;
	/* The name goes with the trail; there are few. */
	if (!aside->file || strcmp(aside->file, entry->file) != 0)
		aside->file = writ_arena_strdup(join->arena, entry->file);
	join->no_memory |= !aside->file;
}

/* The session's open and close, and the decisions next to the request's. */
static void take_around(struct join *join, const struct writ_entry *entry)
{
	struct writ_join_request *r = join->request;

	if (is(entry, WRIT_ENTRY_EVENT, "session-open"))
		keep_first(join, &r->open, entry);
	else if (is(entry, WRIT_ENTRY_EVENT, "session-close"))
		keep_first(join, &r->close, entry);
	else if (is(entry, WRIT_ENTRY_ID, join->id))
		join->passed = true;
	else if (!is(entry, WRIT_ENTRY_EVENT, "decision") || is(entry, WRIT_ENTRY_PARENT, join->id))
		return;
	else if (join->passed)
		keep_first(join, &r->after, entry);
	else
		set_aside(join, entry);
}

static void take_parent(struct join *join, const struct writ_entry *entry)
{
	char *parent = writ_entry_string(join->request->decision, join->arena, WRIT_ENTRY_PARENT);

	if (parent && is(entry, WRIT_ENTRY_ID, parent))
		keep_first(join, &join->request->parent, entry);
}

static void take_audit(struct join *join, const struct writ_entry *entry)
{
	const struct writ_entry *event;

	if (writ_slice_is_string(entry->field[WRIT_ENTRY_DECISION]) ||
	    is(entry, WRIT_ENTRY_ID, join->id) || join->audit.n >= AUDIT_MAX)
		return;
	event = copy(join, entry);
	if (event && writ_pointer_list_add(join->arena, &join->audit, event) < 0)
		join->no_memory = true;
}

static void take_exit_of(struct join *join, const struct writ_entry *entry)
{
	if (is(entry, WRIT_ENTRY_EVENT, "exit"))
		keep_first(join, &join->request->exit, entry);
}

/* What the I/O log is known by in the events of the command: its TSID, or the folder's path, whose
 * first slash the filter supplies. */
static const char *log_name(struct join *join)
{
	const struct writ_entry *decision = join->request->decision;
	const char *name = NULL;

	if (decision)
		name = writ_entry_string(decision, join->arena, WRIT_ENTRY_IOLOG);
	if (decision && !name)
		name = writ_entry_string(decision, join->arena, WRIT_ENTRY_IOLOG_PATH);
	return name && *name == '/' ? name + 1 : name;
}

/* sudo tells of a command more than once (the policy's word, the front end's), and the exit names
 * one of these events. */
static int join_audit(struct join *join)
{
	struct writ_join_request *r = join->request;
	const char *name = log_name(join), *id;

	if (name && scan(join, WRIT_FILTER_IOLOG, name, take_audit) < 0)
		return -1;
	r->audit = (const struct writ_entry **)join->audit.items;
	r->n_audit = join->audit.n;
	for (size_t i = 0; !r->exit && i < r->n_audit; i++) {
		id = writ_entry_string(r->audit[i], join->arena, WRIT_ENTRY_ID);
		if (id && scan(join, WRIT_FILTER_ID, id, take_exit_of) < 0)
			return -1;
	}
	return 0;
}

static int join_around(struct join *join, const char *session)
{
	struct aside *aside = &join->before;
	struct writ_entry before;

	if (scan(join, WRIT_FILTER_SESSION, session, take_around) < 0)
		return -1;
	if (!aside->there || !join->passed)
		return 0;
	before = (struct writ_entry) {
		.line = aside->line,
		.length = aside->length,
		.file = aside->file,
		.offset = aside->offset,
		.number = aside->number,
	};
	join->request->before = copy(join, &before);
	return join->no_memory ? writ_error_set(join->err, "out of memory") : 0;
}

int writ_join_request(const struct writ_trail_options *where, const char *id,
		      struct writ_arena *arena, struct writ_join_request *ret,
		      struct writ_error *err)
{
	struct join join = {.where = where, .id = id, .arena = arena, .err = err, .request = ret};
	const struct writ_entry *any;
	const char *session, *parent;
	int r = 0;

	*ret = (struct writ_join_request) {0};
	if (scan(&join, WRIT_FILTER_ID, id, take_of_request) < 0)
		return -1;
	ret->children = (const struct writ_entry **)join.children.items;
	ret->n_children = join.children.n;
	any = ret->decision ? ret->decision : ret->exit;
	if (!any)
		return 0;
	session = writ_entry_string(any, arena, WRIT_ENTRY_SESSION);
	if (session)
		r = join_around(&join, session);
	free(join.before.line);
	parent = writ_entry_string(any, arena, WRIT_ENTRY_PARENT);
	if (r == 0 && parent && ret->decision)
		r = scan(&join, WRIT_FILTER_ID, parent, take_parent);
	return r < 0 ? r : join_audit(&join);
}

static void count(struct writ_join_session *session, const struct writ_entry *entry)
{
	if (writ_join_allowed(entry))
		session->allowed++;
	else
		session->denied++;
}

static void take_exit(struct join *join, const struct writ_entry *entry)
{
	struct writ_join_session *s = join->session;
	char id[ID_SIZE];
	bool cut;

	if (writ_slice_copy(entry->field[WRIT_ENTRY_DECISION_ID], id, sizeof(id), &cut) < 0)
		return;
	/* It is most often one of the last ones. */
	for (size_t i = s->n_requests; i-- > 0;)
		if (is(s->requests[i].decision, WRIT_ENTRY_ID, id)) {
			keep_first(join, &s->requests[i].exit, entry);
			return;
		}
}

static void take_of_session(struct join *join, const struct writ_entry *entry)
{
	struct writ_join_session *s = join->session;

	if (is(entry, WRIT_ENTRY_EVENT, "session-open")) {
		keep_first(join, &s->open, entry);
	} else if (is(entry, WRIT_ENTRY_EVENT, "session-close")) {
		keep_first(join, &s->close, entry);
	} else if (is(entry, WRIT_ENTRY_EVENT, "exit")) {
		take_exit(join, entry);
	} else if (is(entry, WRIT_ENTRY_EVENT, "decision")) {
		count(s, entry);
		if (s->n_requests < WRIT_JOIN_MAX)
			s->requests[s->n_requests++].decision = copy(join, entry);
	}
}

int writ_join_session(const struct writ_trail_options *where, const char *id,
		      struct writ_arena *arena, struct writ_join_session *ret,
		      struct writ_error *err)
{
	struct join join = {.where = where, .id = id, .arena = arena, .err = err, .session = ret};

	*ret = (struct writ_join_session) {.id = id};
	ret->requests = writ_arena_alloc(arena, WRIT_JOIN_MAX, sizeof(*ret->requests));
	if (!ret->requests)
		return writ_error_set(err, "out of memory");
	return scan(&join, WRIT_FILTER_SESSION, id, take_of_session);
}

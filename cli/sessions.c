/* SPDX-License-Identifier: ISC */
/* writ sessions: who logged in, from where, with which key, and what became of it. */
#include "sessions.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "arena.h"
#include "cleanup.h"
#include "cli.h"
#include "config.h"
#include "entry.h"
#include "error.h"
#include "filter.h"
#include "json_write.h"
#include "prose.h"
#include "table.h"
#include "trail_options.h"
#include "when.h"

struct args {
	struct cli_trail_args trail;
	bool active, json, utc;
};

static const struct cli_option options[] = {
	{"active", NULL, offsetof(struct args, active), "only those that are open, or live on"},
	CLI_TRAIL_OPTION(struct args, trail, since, "TIME", "not closed before that time"),
	CLI_TRAIL_OPTION(struct args, trail, until, "TIME", "opened by that time"),
	CLI_TRAIL_OPTION(struct args, trail, user, "NAME...", "whose account"),
	CLI_TRAIL_OPTION(struct args, trail, host, "NAME...", "where"),
	CLI_TRAIL_OPTION(struct args, trail, key, "FINGERPRINT...", "opened by this SSH key"),
	CLI_TRAIL_OPTION(struct args, trail, session, "ID...", "this one"),
	CLI_TRAIL_OPTION(struct args, trail, events, "FILE...",
			 "event files, or folders of them (" WRIT_EVENT_DIR ")"),
	{"json", NULL, offsetof(struct args, json), "a JSON object a session"},
	{"utc", NULL, offsetof(struct args, utc), "times in UTC, not in the local zone"},
};

struct listing {
	const struct args *args;
	struct cli_table table;
	struct writ_json_writer *writer;
	struct writ_entry open, close; /* of the session at hand; zeroed if it has none */
	size_t found;
};

static bool is_active(const struct writ_trail_session *session)
{
	return session->state == WRIT_SESSION_OPEN || session->state == WRIT_SESSION_LINGERS;
}

static bool any_equals(const struct cli_values *values, struct writ_slice slice)
{
	for (size_t i = 0; i < values->n; i++)
		if (writ_slice_equals(slice, values->items[i]))
			return true;
	return values->n == 0;
}

/* Reads the lines of a session again. */
static void load(struct listing *l, const struct writ_trail_session *session)
{
	memset(&l->open, 0, sizeof(l->open));
	memset(&l->close, 0, sizeof(l->close));
	if (session->open.n > 0)
		writ_entry_parse(&l->open, session->open.s, session->open.n, NULL);
	if (session->close.n > 0)
		writ_entry_parse(&l->close, session->close.s, session->close.n, NULL);
}

/* The member of the session-open, or else of the session-close. */
static struct writ_slice get(const struct listing *l, enum writ_entry_field field)
{
	return l->open.field[field].n > 0 ? l->open.field[field] : l->close.field[field];
}

static struct writ_slice fingerprint(const struct listing *l)
{
	return writ_slice_member(get(l, WRIT_ENTRY_KEY), "fingerprint");
}

/* How long it was there: what a span is held against. */
static bool is_chosen(const struct listing *l, const struct writ_trail_session *session,
		      int64_t since, int64_t until)
{
	const struct cli_trail_args *t = &l->args->trail;
	int64_t opened = session->opened == WRIT_WHEN_MIN ? session->first : session->opened;
	int64_t over = session->closed;

	if (over == WRIT_WHEN_MAX && !is_active(session))
		over = session->last;
	if (l->args->active && !is_active(session))
		return false;
	return over >= since && opened <= until && any_equals(&t->user, get(l, WRIT_ENTRY_USER)) &&
	       any_equals(&t->host, get(l, WRIT_ENTRY_HOST)) && any_equals(&t->key, fingerprint(l));
}

static bool has_id(const struct cli_values *ids, const char *id)
{
	for (size_t i = 0; i < ids->n; i++)
		if (strcmp(ids->items[i], id) == 0)
			return true;
	return ids->n == 0;
}

#define ID_WIDTH 25
#define USER_WIDTH 12
#define STATE_WIDTH 7

static void head(struct listing *l)
{
	struct cli_table *t = &l->table;

	if (!t->terminal || l->args->json)
		return;
	cli_table_cell(t, CLI_HEAD, ID_WIDTH, "SESSION");
	cli_table_cell(t, CLI_HEAD, cli_table_time_width(t), t->utc ? "OPENED (UTC)" : "OPENED");
	cli_table_cell(t, CLI_HEAD, STATE_WIDTH, "STATE");
	cli_table_cell(t, CLI_HEAD, USER_WIDTH, "USER");
	cli_table_rest(t, CLI_HEAD, "WHAT");
	cli_table_end(t);
}

static void labelled(struct cli_table *t, const char *label, struct writ_slice slice)
{
	if (!writ_slice_is_string(slice))
		return;
	cli_table_text(t, label);
	cli_table_slice(t, slice);
}

static void print(struct listing *l, const struct writ_trail_session *session)
{
	static const enum cli_colour colours[] = {
		[WRIT_SESSION_OPEN] = CLI_GOOD,     [WRIT_SESSION_LINGERS] = CLI_GOOD,
		[WRIT_SESSION_CLOSED] = CLI_FAINT,  [WRIT_SESSION_LOST] = CLI_BAD,
		[WRIT_SESSION_UNKNOWN] = CLI_ALARM,
	};
	struct cli_table *t = &l->table;
	char counts[100];

	cli_table_cell(t, CLI_PLAIN, ID_WIDTH, cli_show(t->arena, session->id));
	cli_table_time(t, session->opened == WRIT_WHEN_MIN ? session->first : session->opened);
	cli_table_cell(t, colours[session->state], STATE_WIDTH,
		       writ_session_state_to_string(session->state));
	cli_table_name(t, CLI_PLAIN, USER_WIDTH, get(l, WRIT_ENTRY_USER));
	cli_table_slice(t, get(l, WRIT_ENTRY_SERVICE));
	if (l->args->trail.events.n > 0)
		labelled(t, " on host ", get(l, WRIT_ENTRY_HOST));
	labelled(t, " from ", get(l, WRIT_ENTRY_FROM));
	labelled(t, " with ", fingerprint(l));
	labelled(t, " by ", writ_slice_member(get(l, WRIT_ENTRY_BY), "user"));
	snprintf(counts, sizeof(counts), "; %" PRIu64 " allowed, %" PRIu64 " refused",
		 session->allowed, session->denied);
	cli_table_text(t, counts);
	cli_table_end(t);
}

/* A member of the record as it stands in its line. */
static void add(struct listing *l, const char *key, enum writ_entry_field field)
{
	char *text = writ_slice_string(l->table.arena, get(l, field));

	writ_json_add_string(l->writer, key, text);
}

static void add_time(struct listing *l, const char *key, int64_t when)
{
	char text[WRIT_WHEN_EVENT_SIZE];

	writ_when_to_event(when, text);
	writ_json_add_string(l->writer, key,
			     when == WRIT_WHEN_MIN || when == WRIT_WHEN_MAX ? NULL : text);
}

static void print_json(struct listing *l, const struct writ_trail_session *session)
{
	struct writ_arena *arena = l->table.arena;
	struct writ_json_writer *w = l->writer;
	const char *line;
	size_t length;

	writ_json_writer_reset(w);
	writ_json_object_begin(w, NULL);
	writ_json_add_string(w, "session", session->id);
	writ_json_add_string(w, "state", writ_session_state_to_string(session->state));
	add(l, "user", WRIT_ENTRY_USER);
	add(l, "host", WRIT_ENTRY_HOST);
	add(l, "service", WRIT_ENTRY_SERVICE);
	add(l, "from", WRIT_ENTRY_FROM);
	add(l, "tty", WRIT_ENTRY_TTY);
	writ_json_add_string(w, "key", writ_slice_string(arena, fingerprint(l)));
	writ_json_add_string(
		w, "by",
		writ_slice_string(arena, writ_slice_member(get(l, WRIT_ENTRY_BY), "user")));
	add_time(l, "opened", session->opened);
	add_time(l, "closed", session->closed);
	writ_json_add_int(w, "allowed", (int64_t)session->allowed);
	writ_json_add_int(w, "denied", (int64_t)session->denied);
	writ_json_object_end(w);
	line = writ_json_writer_text(w, &length);
	if (line)
		fwrite(line, 1, length, stdout);
	putchar('\n');
	writ_arena_reset(arena);
}

static enum cli_status list(struct listing *l, struct writ_sessions *sessions,
			    const struct writ_filter *chosen)
{
	writ_sessions_settle(sessions, WRIT_SESSION_DIR);
	head(l);
	for (const struct writ_trail_session *s = writ_sessions_first(sessions); s; s = s->next) {
		if (!has_id(&l->args->trail.session, s->id))
			continue;
		load(l, s);
		if (!is_chosen(l, s, writ_filter_since(chosen), writ_filter_until(chosen)))
			continue;
		l->found++;
		if (l->args->json)
			print_json(l, s);
		else
			print(l, s);
	}
	cli_trail_bad_lines();
	return l->found > 0 ? CLI_YES : CLI_NO;
}

/* All of the trail is read: a session's beginning and end are at any distance from each other. */
static enum cli_status read_trail(struct listing *l, struct writ_sessions *sessions,
				  const struct writ_filter *chosen)
{
	struct writ_trail_options how = {0};
	struct writ_trail *trail = cli_trail_open(&l->args->trail, &how);
	struct writ_error err = {0};
	struct writ_entry entry;
	int got;

	if (!trail)
		return CLI_FAILED;
	while ((got = writ_trail_next(trail, &entry, &err)) > 0)
		if (writ_sessions_take(sessions, &entry) < 0) {
			got = writ_error_set(&err, "out of memory");
			break;
		}
	writ_trail_free(trail);
	return got < 0 ? cli_error(&err) : list(l, sessions, chosen);
}

static enum cli_status run(const struct cli_command *self, int argc, char **argv)
{
	struct args args = {0};
	struct listing l = {.args = &args, .writer = writ_json_writer_new()};
	struct writ_sessions *sessions = writ_sessions_new();
	struct writ_arena *arena = writ_arena_new();
	const struct writ_filter *chosen = NULL;
	enum cli_status status = CLI_FAILED;

	if (cli_options_read(self, argc, argv, &args, &argc, &status)) {
		if (argc > 0)
			status = cli_usage_error(self, "%s: sessions are chosen by options",
						 argv[0]);
		else if (!l.writer || !sessions || !arena || !cli_table_init(&l.table, args.utc))
			status = cli_error(&(struct writ_error) {.message = "out of memory"});
		else
			chosen = cli_trail_filter(self, &args.trail, arena, &status);
		if (chosen)
			status = read_trail(&l, sessions, chosen);
	}
	cli_table_done(&l.table);
	writ_json_writer_free(l.writer);
	writ_sessions_free(sessions);
	writ_arena_free(arena);
	cli_trail_args_done(&args.trail);
	return status;
}

const struct cli_command cli_sessions = {
	.name = "sessions",
	.operands = "",
	.doc = "who logged in, and what became of it",
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.mixed = true,
	.run = run,
};

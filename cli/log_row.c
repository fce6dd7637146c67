/* SPDX-License-Identifier: ISC */
#include "log_row.h"

#include <stdio.h>
#include <string.h>

#include "arena.h"
#include "cleanup.h"
#include "entry.h"
#include "table.h"

/* Narrower than these, a row has no room for wide columns, or for the session. */
#define WIDE 100
#define NARROW 64
#define WIDE_WITH_SESSION 130

void cli_log_columns_init(struct cli_log_columns *columns, const struct cli_table *table,
			  bool hosts)
{
	bool wide = !table->width || table->width >= WIDE;

	bool narrow = table->width && table->width < NARROW;

	columns->host = hosts && !narrow ? wide ? 14 : 8 : 0;
	columns->session = !table->width || table->width >= WIDE_WITH_SESSION ? 25 : 0;
	columns->user = wide ? 12 : 9;
	columns->event = 6;
	columns->rule = narrow ? 0 : wide ? 18 : 12;
}

static bool is(const struct writ_entry *entry, enum writ_entry_field field, const char *text)
{
	return writ_slice_equals(entry->field[field], text);
}

static struct writ_slice get(const struct writ_entry *entry, enum writ_entry_field field)
{
	return entry->field[field];
}

static void put(struct cli_table *t, const char *text)
{
	cli_table_rest(t, CLI_PLAIN, text);
}

/* "as daemon", where that is not root. */
static void put_runas(struct cli_table *t, const struct writ_entry *e)
{
	struct writ_slice runas = get(e, WRIT_ENTRY_RUNAS);

	if (writ_slice_is_null(runas) || writ_slice_equals(runas, "root"))
		return;
	put(t, "  (as ");
	cli_table_slice(t, runas);
	put(t, ")");
}

static void put_command(struct cli_table *t, const struct writ_entry *e)
{
	struct writ_slice word;
	size_t at = 0;

	if (writ_slice_element(get(e, WRIT_ENTRY_ARGV), &at, &word))
		cli_table_words(t, get(e, WRIT_ENTRY_ARGV));
	else
		cli_table_slice(t, get(e, WRIT_ENTRY_PROGRAM));
	if (get(e, WRIT_ENTRY_ARGV_SHA256).n > 0)
		put(t, " … (cut)");
	put_runas(t, e);
}

/* A number as it stands in the line. */
static void put_number(struct cli_table *t, struct writ_slice slice)
{
	cli_table_text(t, writ_arena_strndup(t->arena, slice.s, slice.n));
}

/* "1.234567" as it stands, without what is behind the third decimal. */
static void put_seconds(struct cli_table *t, struct writ_slice slice)
{
	const char *point = memchr(slice.s, '.', slice.n);

	if (point && (size_t)(point - slice.s) + 4 < slice.n)
		slice.n = (size_t)(point - slice.s) + 4;
	put_number(t, slice);
	put(t, " s");
}

static void put_exit(struct cli_table *t, const struct writ_entry *e)
{
	struct writ_slice status = get(e, WRIT_ENTRY_STATUS), signal = get(e, WRIT_ENTRY_SIGNAL);

	if (!writ_slice_is_null(status)) {
		put(t, "status ");
		put_number(t, status);
	} else if (!writ_slice_is_null(signal)) {
		put(t, "killed by signal ");
		put_number(t, signal);
	} else {
		put(t, "not started: ");
		cli_table_slice(t, get(e, WRIT_ENTRY_ERROR));
	}
	if (!writ_slice_is_null(get(e, WRIT_ENTRY_SECONDS))) {
		put(t, " after ");
		put_seconds(t, get(e, WRIT_ENTRY_SECONDS));
	}
	put(t, ", of ");
	cli_table_slice(t, get(e, WRIT_ENTRY_DECISION_ID));
}

/* A word before a text, if there is such a text. */
static void put_labelled(struct cli_table *t, const char *label, struct writ_slice slice)
{
	if (writ_slice_is_null(slice))
		return;
	put(t, label);
	cli_table_slice(t, slice);
}

static void put_open(struct cli_table *t, const struct writ_entry *e)
{
	struct writ_slice key = get(e, WRIT_ENTRY_KEY);

	cli_table_slice(t, get(e, WRIT_ENTRY_SERVICE));
	put_labelled(t, " from ", get(e, WRIT_ENTRY_FROM));
	put_labelled(t, " on ", get(e, WRIT_ENTRY_TTY));
	put_labelled(t, " with ", writ_slice_member(key, "fingerprint"));
	put_labelled(t, " by ", writ_slice_member(get(e, WRIT_ENTRY_BY), "user"));
}

static void put_close(struct cli_table *t, const struct writ_entry *e)
{
	cli_table_slice(t, get(e, WRIT_ENTRY_CLOSED));
	if (!writ_slice_is_null(get(e, WRIT_ENTRY_SECONDS))) {
		put(t, " after ");
		put_seconds(t, get(e, WRIT_ENTRY_SECONDS));
	}
}

static void put_audit(struct cli_table *t, const struct writ_entry *e)
{
	cli_table_slice(t, get(e, WRIT_ENTRY_PLUGIN));
	put(t, ": ");
	put_command(t, e);
}

static void put_other(struct cli_table *t, const struct writ_entry *e)
{
	cli_table_text(t, writ_arena_strndup(t->arena, e->line, e->length));
}

/* How each kind of event is shown: its word, its colour, and what happened. */
static const struct kind {
	const char *event, *word;
	enum cli_colour colour;
	void (*what)(struct cli_table *t, const struct writ_entry *e);
} kinds[] = {
	{"decision", NULL, CLI_GOOD, put_command},
	{"exit", "exit", CLI_PLAIN, put_exit},
	{"session-open", "open", CLI_FAINT, put_open},
	{"session-close", "close", CLI_FAINT, put_close},
	{"accept", "accept", CLI_GOOD, put_audit},
	{"reject", "reject", CLI_BAD, put_audit},
	{"error", "error", CLI_ALARM, put_audit},
};

static struct kind kind_of(const struct writ_entry *e)
{
	struct kind other = {NULL, "?", CLI_PLAIN, put_other};

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (!is(e, WRIT_ENTRY_EVENT, kinds[i].event))
			continue;
		other = kinds[i];
		break;
	}
	if (other.what == put_command) {
		bool allowed = is(e, WRIT_ENTRY_DECISION, "allow");

		/* Anything but an allow is shown as the opposite. */
		other.word = allowed ? "allow" : "deny";
		other.colour = allowed ? CLI_GOOD : CLI_BAD;
	}
	return other;
}

void cli_log_head(struct cli_table *t, const struct cli_log_columns *columns)
{
	if (!t->terminal)
		return;
	cli_table_cell(t, CLI_HEAD, cli_table_time_width(t), t->utc ? "TIME (UTC)" : "TIME");
	if (columns->host)
		cli_table_cell(t, CLI_HEAD, columns->host, "HOST");
	if (columns->session)
		cli_table_cell(t, CLI_HEAD, columns->session, "SESSION");
	cli_table_cell(t, CLI_HEAD, columns->user, "USER");
	cli_table_cell(t, CLI_HEAD, columns->event, "EVENT");
	if (columns->rule)
		cli_table_cell(t, CLI_HEAD, columns->rule, "RULE");
	cli_table_rest(t, CLI_HEAD, "WHAT");
	cli_table_end(t);
}

void cli_log_row(struct cli_table *t, const struct cli_log_columns *columns,
		 const struct writ_entry *e)
{
	struct kind kind = kind_of(e);
	bool has_rule = !writ_slice_is_null(get(e, WRIT_ENTRY_RULE));
	struct writ_slice why = {0};

	cli_table_time(t, e->time);
	if (columns->host)
		cli_table_name(t, CLI_PLAIN, columns->host, get(e, WRIT_ENTRY_HOST));
	if (columns->session)
		cli_table_name(t, CLI_PLAIN, columns->session, get(e, WRIT_ENTRY_SESSION));
	cli_table_name(t, CLI_PLAIN, columns->user, get(e, WRIT_ENTRY_USER));
	cli_table_cell(t, kind.colour, columns->event, kind.word);
	if (columns->rule)
		cli_table_name(t, has_rule ? CLI_PLAIN : CLI_FAINT, columns->rule,
			       get(e, has_rule ? WRIT_ENTRY_RULE : WRIT_ENTRY_CODE));
	kind.what(t, e);
	if (kind.colour == CLI_BAD || kind.colour == CLI_ALARM)
		why = get(e, WRIT_ENTRY_REASON);
	if (!t->terminal)
		put_labelled(t, "  # ", why);
	cli_table_end(t);
	if (t->terminal && writ_slice_is_string(why))
		cli_table_paragraph(t, cli_table_time_width(t) + 1,
				    writ_slice_string(t->arena, why));
}

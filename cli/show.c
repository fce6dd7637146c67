/* SPDX-License-Identifier: ISC */
/* writ show: everything about one request or session, joined from events and I/O logs. */
#include "show.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "cleanup.h"
#include "cli.h"
#include "config.h"
#include "entry.h"
#include "error.h"
#include "iolog_entry.h"
#include "iolog_tree.h"
#include "lookup.h"
#include "trail.h"

struct args {
	bool json;
	const char *iolog_dir;
	struct cli_values events;
};

static const struct cli_option options[] = {
	{"json", NULL, offsetof(struct args, json), "print one JSON object"},
	{"events", "FILE...", offsetof(struct args, events), "event files (" WRIT_EVENT_DIR ")"},
	{"iolog-dir", "DIR", offsetof(struct args, iolog_dir), "the I/O logs (" WRIT_IOLOG_DIR ")"},
};

/* Reads the log to its end, for its length and its faults. */
static void measure(struct cli_show_iolog *iolog)
{
	struct writ_iolog_record record;

	while (writ_iolog_next(iolog->reader, &record))
		iolog->length = record.offset;
}

/* Finds the I/O log of a request, or why there is none. 0, or -1 without memory. */
static int find_log(struct cli_show *show)
{
	const struct writ_entry *entry = show->request.decision;
	struct cli_show_iolog *iolog = &show->iolog;
	struct writ_iolog_tree *tree = writ_iolog_tree_new(iolog->dir);
	struct writ_error err = {0};
	int found = 0;

	if (!tree)
		return -1;
	if (entry)
		iolog->named = writ_iolog_entry_tsid(entry, iolog->dir, show->arena);
	/* What sudo intercepted is in the log of the command that started it. */
	if (!iolog->named && show->request.parent && writ_join_allowed(entry)) {
		entry = show->request.parent;
		iolog->of_parent = true;
		iolog->named = writ_iolog_entry_tsid(entry, iolog->dir, show->arena);
	}
	if (entry)
		found = writ_iolog_entry_open(tree, entry, show->arena, &iolog->reader,
					      &iolog->tsid, &err);
	else
		found = writ_iolog_event_open(tree, show->id, show->arena, &iolog->reader,
					      &iolog->tsid, &err);
	writ_iolog_tree_free(tree);
	if (found > 0)
		measure(iolog);
	else
		iolog->tsid = NULL;
	if (found < 0)
		iolog->why = writ_arena_strdup(show->arena, err.message);
	return 0;
}

static enum cli_status print(const struct args *args, struct cli_show *show)
{
	if (!args->json)
		cli_show_text(show);
	else if (cli_show_json(show) < 0)
		return cli_error(&(struct writ_error) {.message = "out of memory"});
	return CLI_YES;
}

static enum cli_status show_request(const struct args *args, const struct writ_trail_options *where,
				    struct cli_show *show)
{
	struct writ_error err = {0};

	if (writ_join_request(where, show->id, show->arena, &show->request, &err) < 0)
		return cli_error(&err);
	if (!show->iolog.reader && find_log(show) < 0)
		return cli_error(&(struct writ_error) {.message = "out of memory"});
	return print(args, show);
}

static enum cli_status show_session(const struct args *args, const struct writ_trail_options *where,
				    struct cli_show *show, const char *id)
{
	struct writ_error err = {0};

	if (writ_join_session(where, id, show->arena, &show->session, &err) < 0)
		return cli_error(&err);
	return print(args, show);
}

/* A word that is in no event: the TSID of a log that no event names (a server's own, say), which
 * may name its event itself. */
static enum cli_status show_log(const struct args *args, const struct writ_trail_options *where,
				struct cli_show *show, const char *word)
{
	const struct writ_iolog_info *info;

	show->iolog.reader = writ_iolog_open(args->iolog_dir, word, NULL);
	if (!show->iolog.reader) {
		struct writ_error err = {0};

		writ_error_set(&err, "no event, session or I/O log is named %s", word);
		cli_error(&err);
		return CLI_NO;
	}
	measure(&show->iolog);
	info = writ_iolog_info(show->iolog.reader);
	show->iolog.tsid = word;
	show->id = info->event ? info->event : "";
	return show_request(args, where, show);
}

static enum cli_status ambiguous(const struct writ_lookup *lookup, const char *word)
{
	struct writ_error err = {0};

	writ_error_set(&err, "several ids begin with %s:", word);
	cli_error(&err);
	for (size_t i = 0; i < lookup->n_near; i++) {
		writ_error_set(&err, "  %s", lookup->near[i]);
		cli_error(&err);
	}
	return CLI_FAILED;
}

static enum cli_status show(const struct args *args, const char *word, struct cli_show *show)
{
	struct writ_trail_options where = {.paths = args->events.items, .n_paths = args->events.n};
	struct writ_lookup lookup;
	struct writ_error err = {0};

	if (writ_lookup(&where, word, show->arena, &lookup, &err) < 0)
		return cli_error(&err);
	switch (lookup.kind) {
	case WRIT_LOOKUP_REQUEST:
		show->id = lookup.id;
		return show_request(args, &where, show);
	case WRIT_LOOKUP_SESSION:
		return show_session(args, &where, show, lookup.id);
	case WRIT_LOOKUP_AMBIGUOUS:
		return ambiguous(&lookup, word);
	case WRIT_LOOKUP_NOTHING:
	default:
		return show_log(args, &where, show, word);
	}
}

static enum cli_status run(const struct cli_command *self, int argc, char **argv)
{
	struct args args = {.iolog_dir = WRIT_IOLOG_DIR};
	struct cli_show what = {0};
	enum cli_status status;

	if (!cli_options_read(self, argc, argv, &args, &argc, &status))
		return status;
	what.iolog.dir = args.iolog_dir;
	what.arena = writ_arena_new();
	if (argc != 1)
		status = cli_usage_error(self, argc == 0 ? "nothing to be shown is named"
							 : "more than one thing is named");
	else if (!what.arena)
		status = cli_error(&(struct writ_error) {.message = "out of memory"});
	else
		status = show(&args, argv[0], &what);
	writ_iolog_close(what.iolog.reader);
	writ_arena_free(what.arena);
	free(args.events.items);
	return status;
}

const struct cli_command cli_show_command = {
	.name = "show",
	.operands = "ID | TSID",
	.doc = "everything about one request or session",
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.mixed = true,
	.run = run,
};

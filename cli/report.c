/* SPDX-License-Identifier: ISC */
/* writ report: a part of the audit trail as a page. */
#include "report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arena.h"
#include "cli.h"
#include "config.h"
#include "error.h"
#include "filter.h"
#include "trail.h"
#include "when.h"

struct args {
	const char *since, *until, *iolog_dir;
	struct cli_values events, by[WRIT_FILTER_N_KINDS];
};

#define BY(name, value, kind, doc)                                                                 \
	{                                                                                          \
		name, value "...", offsetof(struct args, by[kind]), doc                            \
	}

static const struct cli_option options[] = {
	BY("session", "ID", WRIT_FILTER_SESSION, "what belongs to this login session"),
	{"since", "TIME", offsetof(struct args, since),
	 "not what is older, as journalctl takes it"},
	{"until", "TIME", offsetof(struct args, until), "not what is newer"},
	BY("decision", "WORD", WRIT_FILTER_DECISION, "allow or deny"),
	BY("rule", "ID", WRIT_FILTER_RULE, "decided by this rule"),
	BY("code", "WORD", WRIT_FILTER_CODE, "with this code, such as no-rule"),
	BY("command", "NAME", WRIT_FILTER_COMMAND, "this command, or what is below it"),
	BY("user", "NAME", WRIT_FILTER_USER, "of this subject"),
	BY("host", "NAME", WRIT_FILTER_HOST, "on this host"),
	BY("key", "FINGERPRINT", WRIT_FILTER_KEY, "in sessions that this key opened"),
	BY("event", "KIND", WRIT_FILTER_EVENT, "decision, exit, session-open, …"),
	BY("id", "ID", WRIT_FILTER_ID, "this event, and what refers to it"),
	{"events", "FILE...", offsetof(struct args, events),
	 "other event files, or folders of them"},
	{"iolog-dir", "DIR", offsetof(struct args, iolog_dir), "the I/O logs (" WRIT_IOLOG_DIR ")"},
};

static int add_span(struct writ_filter *filter, const struct args *args, struct writ_error *err)
{
	int64_t now = writ_when_now(), since = WRIT_WHEN_MIN, until = WRIT_WHEN_MAX;

	if ((args->since && writ_when_parse(args->since, now, &since, err) < 0) ||
	    (args->until && writ_when_parse(args->until, now, &until, err) < 0))
		return -1;
	writ_filter_set_span(filter, since, until);
	return 0;
}

static int fill(struct writ_filter *filter, const struct args *args, struct writ_error *err)
{
	for (int kind = 0; kind < WRIT_FILTER_N_KINDS; kind++)
		for (size_t i = 0; i < args->by[kind].n; i++)
			if (writ_filter_add(filter, (enum writ_filter_kind)kind,
					    args->by[kind].items[i]) < 0)
				return writ_error_set(err, "out of memory");
	return add_span(filter, args, err);
}

static enum cli_status write_report(const struct args *args, int argc, char *const *argv)
{
	struct writ_arena *arena = writ_arena_new();
	struct writ_trail_options trail = {.paths = args->events.items, .n_paths = args->events.n};
	struct writ_report_options report = {.trail = &trail,
					     .iolog_dir = args->iolog_dir,
					     .arguments = (const char *const *)argv,
					     .n_arguments = (size_t)argc};
	struct writ_error err = {0};
	int status = -1;

	trail.filter = arena ? writ_filter_new(arena) : NULL;
	if (!trail.filter)
		writ_error_set(&err, "out of memory");
	else if (fill(trail.filter, args, &err) == 0)
		status = writ_report_write(&report, stdout, &err);
	writ_arena_free(arena);
	if (status < 0)
		return cli_error(&err);
	return status ? CLI_YES : CLI_NO;
}

static enum cli_status run(const struct cli_command *self, int argc, char **argv)
{
	struct args args = {.iolog_dir = WRIT_IOLOG_DIR};
	enum cli_status status;
	int n = argc;

	/* The page shows the words as they were given; reading the options moves operands only. */
	if (!cli_options_read(self, argc, argv, &args, &n, &status))
		return status;
	if (n > 0)
		status = cli_usage_error(self, "%s is no option", argv[0]);
	else if (!args.since && args.by[WRIT_FILTER_SESSION].n == 0)
		status = cli_usage_error(self, "--session or --since must say what it is about");
	else if (isatty(STDOUT_FILENO))
		status = cli_usage_error(self, "the page is for a file: > report.html");
	else
		status = write_report(&args, argc, argv);
	free(args.events.items);
	for (size_t i = 0; i < WRIT_FILTER_N_KINDS; i++)
		free(args.by[i].items);
	return status;
}

const struct cli_command cli_report = {
	.name = "report",
	.operands = "> FILE",
	.doc = "a session, or a time, as one page of HTML with its recordings",
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.run = run,
};

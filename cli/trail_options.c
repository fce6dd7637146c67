/* SPDX-License-Identifier: ISC */
#include "trail_options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "error.h"
#include "filter.h"
#include "when.h"

static bool read_time(const struct cli_command *command, const char *name, const char *text,
		      int64_t otherwise, int64_t *ret)
{
	struct writ_error err = {0};

	*ret = otherwise;
	if (!text || writ_when_parse(text, writ_when_now(), ret, &err) == 0)
		return true;
	cli_usage_error(command, "--%s: %s", name, err.message);
	return false;
}

static bool check_decisions(const struct cli_command *command, const struct cli_values *values)
{
	for (size_t i = 0; i < values->n; i++)
		if (strcmp(values->items[i], "allow") != 0 &&
		    strcmp(values->items[i], "deny") != 0) {
			cli_usage_error(command, "--decision: %s is neither allow nor deny",
					values->items[i]);
			return false;
		}
	return true;
}

struct writ_filter *cli_trail_filter(const struct cli_command *command,
				     const struct cli_trail_args *args, struct writ_arena *arena,
				     enum cli_status *ret_status)
{
	const struct {
		enum writ_filter_kind kind;
		const struct cli_values *values;
	} rows[] = {
		{WRIT_FILTER_DECISION, &args->decision}, {WRIT_FILTER_SESSION, &args->session},
		{WRIT_FILTER_KEY, &args->key},           {WRIT_FILTER_RULE, &args->rule},
		{WRIT_FILTER_COMMAND, &args->command},   {WRIT_FILTER_CODE, &args->code},
		{WRIT_FILTER_USER, &args->user},         {WRIT_FILTER_HOST, &args->host},
		{WRIT_FILTER_EVENT, &args->event},       {WRIT_FILTER_ID, &args->id},
		{WRIT_FILTER_IOLOG, &args->iolog},       {WRIT_FILTER_TASK, &args->task},
	};
	struct writ_filter *filter = writ_filter_new(arena);
	bool good = filter != NULL;
	int64_t since, until;

	*ret_status = CLI_FAILED;
	if (!check_decisions(command, &args->decision) ||
	    !read_time(command, "since", args->since, WRIT_WHEN_MIN, &since) ||
	    !read_time(command, "until", args->until, WRIT_WHEN_MAX, &until))
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		for (size_t j = 0; good && j < rows[i].values->n; j++)
			good = writ_filter_add(filter, rows[i].kind, rows[i].values->items[j]) == 0;
	if (!good) {
		cli_error(&(struct writ_error) {.message = "out of memory"});
		return NULL;
	}
	writ_filter_set_span(filter, since, until);
	return filter;
}

struct writ_trail *cli_trail_open(const struct cli_trail_args *args,
				  struct writ_trail_options *options)
{
	struct writ_error err = {0};
	struct writ_trail *trail;

	options->paths = args->events.items;
	options->n_paths = args->events.n;
	options->whole = args->whole;
	if (!options->bad)
		options->bad = cli_trail_bad_line;
	errno = 0;
	trail = writ_trail_open(options, &err);
	if (trail)
		return trail;
	if (errno == EACCES)
		fputs("writ: event files are for root and the group adm to read\n", stderr);
	cli_error(&err);
	return NULL;
}

static size_t bad_lines;

void cli_trail_bad_line(void *data, const struct writ_bad_line *bad)
{
	struct writ_error err = {0};
	char place[512];

	(void)data;
	if (bad_lines++ >= CLI_BAD_LINES_MAX)
		return;
	if (bad->line)
		writ_entry_place(bad->file, bad->number, bad->offset, place, sizeof(place));
	else
		snprintf(place, sizeof(place), "%s", bad->file);
	writ_error_set(&err, "%s: %s%s", place, bad->why,
		       bad->line ? " (the line is skipped)" : "");
	fflush(stdout);
	cli_error(&err);
}

size_t cli_trail_bad_lines(void)
{
	if (bad_lines > CLI_BAD_LINES_MAX)
		fprintf(stderr, "writ: %zu more lines are no events\n",
			bad_lines - CLI_BAD_LINES_MAX);
	return bad_lines;
}

void cli_trail_args_done(struct cli_trail_args *args)
{
	struct cli_values *all[] = {&args->decision, &args->session, &args->key,   &args->rule,
				    &args->command,  &args->code,    &args->user,  &args->host,
				    &args->event,    &args->id,      &args->iolog, &args->task,
				    &args->events};

	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		free(all[i]->items);
}

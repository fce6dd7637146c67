/* SPDX-License-Identifier: ISC */
/* writ log: what happened, by any of its circumstances. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arena.h"
#include "cleanup.h"
#include "cli.h"
#include "config.h"
#include "error.h"
#include "filter.h"
#include "log_last.h"
#include "log_output.h"
#include "log_row.h"
#include "log_verify.h"
#include "table.h"
#include "trail_options.h"

struct args {
	struct cli_trail_args trail;
	const char *output_contains, *iolog_dir, *lines;
	bool json, count, utc, follow, verify;
};

static const struct cli_option options[] = {
	CLI_TRAIL_OPTIONS(struct args, trail),
	{"output-contains", "TEXT", offsetof(struct args, output_contains),
	 "commands whose output held the text"},
	{"iolog-dir", "DIR", offsetof(struct args, iolog_dir), "the I/O logs (" WRIT_IOLOG_DIR ")"},
	{"lines", "N", offsetof(struct args, lines), "only the last N"},
	{"follow", NULL, offsetof(struct args, follow),
	 "go on with what happens from now on; --since or --lines: after what was"},
	{"verify", NULL, offsetof(struct args, verify),
	 "is anything missing? Goes with --since, --until, --events, --iolog-dir"},
	{"count", NULL, offsetof(struct args, count), "print only how many"},
	{"json", NULL, offsetof(struct args, json),
	 "print the events as they stand in their files"},
	{"utc", NULL, offsetof(struct args, utc), "times in UTC, not in the local zone"},
};

struct log {
	const struct args *args;
	struct writ_filter *filter;
	struct cli_table table;
	struct cli_log_columns columns;
	struct cli_log_output *output; /* --output-contains, or NULL */
	struct cli_log_last *last;     /* --lines, or NULL */
	size_t found;
};

static void print(struct log *log, const struct writ_entry *entry,
		  const struct writ_search_hit *hits, size_t n_hits)
{
	if (log->args->json && hits) {
		cli_log_output_print_json(entry, hits, n_hits);
	} else if (log->args->json) {
		fwrite(entry->line, 1, entry->length, stdout);
		putchar('\n');
	} else {
		cli_log_row(&log->table, &log->columns, entry);
		cli_log_output_print(&log->table, hits, n_hits);
	}
}

/* What to do with an entry that the filter took. 0, or -1 with err. */
static int show(struct log *log, const struct writ_entry *entry, struct writ_error *err)
{
	const struct writ_search_hit *hits = NULL;
	size_t n_hits = 0;

	if (log->output) {
		n_hits = cli_log_output_find(log->output, entry, &hits);
		if (n_hits == 0)
			return 0;
	}
	log->found++;
	if (log->args->count)
		return 0;
	if (log->last)
		return cli_log_last_add(log->last, entry, err);
	print(log, entry, hits, n_hits);
	return 0;
}

/* What --lines kept. Where output is searched, the hits are looked up again: only these few. */
static int show_last(struct log *log, struct writ_error *err)
{
	struct writ_entry entry;
	int got;

	if (!log->last || log->args->count)
		return 0;
	while ((got = cli_log_last_next(log->last, &entry, err)) > 0) {
		const struct writ_search_hit *hits = NULL;
		size_t n = log->output ? cli_log_output_find(log->output, &entry, &hits) : 0;

		print(log, &entry, hits, n);
	}
	return got;
}

/* Shows all there is now. 0, or -1 with err. */
static int show_all(struct log *log, struct writ_trail *trail, struct writ_error *err)
{
	struct writ_entry entry;
	int got;

	while ((got = writ_trail_next(trail, &entry, err)) > 0)
		if (show(log, &entry, err) < 0 || ferror(stdout))
			return -1;
	if (got < 0 || show_last(log, err) < 0)
		return -1;
	return 0;
}

/* Shows what comes, until nobody reads it any more. */
static int follow(struct log *log, struct writ_trail *trail, struct writ_error *err)
{
	int got;

	/* What was, counts only up to now. */
	cli_log_last_free(log->last);
	log->last = NULL;
	while (fflush(stdout) == 0 && (got = writ_trail_wait(trail, STDOUT_FILENO, err)) > 0)
		if (show_all(log, trail, err) < 0)
			return -1;
	return ferror(stdout) ? -1 : got;
}

static enum cli_status read_trail(struct log *log, struct writ_trail *trail)
{
	struct writ_error err = {0};

	if (!log->args->json && !log->args->count)
		cli_log_head(&log->table, &log->columns);
	if (show_all(log, trail, &err) < 0 || (log->args->follow && follow(log, trail, &err) < 0)) {
		/* Output that does not get out is main's to report. */
		return ferror(stdout) ? CLI_FAILED : cli_error(&err);
	}
	if (log->args->count)
		printf("%zu\n", log->found);
	cli_trail_bad_lines();
	if (log->output && cli_log_output_unread(log->output) > 0)
		return CLI_FAILED;
	return log->found > 0 ? CLI_YES : CLI_NO;
}

/* The number of --lines; false after a usage error. */
static bool read_lines(const struct cli_command *self, const char *text, struct log *log)
{
	char *end;
	unsigned long n;

	if (!text)
		return true;
	errno = 0;
	n = strtoul(text, &end, 10);
	if (errno || *end || text[0] < '0' || text[0] > '9' || n > CLI_LOG_LAST_MAX) {
		cli_usage_error(self, "--lines: %s is no number of lines", text);
		return false;
	}
	log->last = cli_log_last_new(n);
	if (!log->last)
		cli_error(&(struct writ_error) {.message = "out of memory"});
	return log->last != NULL;
}

static enum cli_status run_log(const struct cli_command *self, struct log *log,
			       struct writ_arena *arena)
{
	const struct args *args = log->args;
	struct writ_trail_options how = {0};
	struct writ_trail *trail;
	enum cli_status status;

	log->filter = how.filter = cli_trail_filter(self, &args->trail, arena, &status);
	if (!log->filter)
		return status;
	if (args->follow && args->count)
		return cli_usage_error(self, "--follow has no end to count to");
	if (!read_lines(self, args->lines, log))
		return CLI_FAILED;
	if (args->output_contains) {
		log->output = cli_log_output_new(args->output_contains, args->iolog_dir);
		if (!log->output)
			return CLI_FAILED;
	}
	how.follow = args->follow;
	how.from_now = args->follow && !args->trail.since && !args->lines;
	trail = cli_trail_open(&args->trail, &how);
	if (!trail)
		return CLI_FAILED;
	status = read_trail(log, trail);
	writ_trail_free(trail);
	return status;
}

/* What is missing has no rule and no user: only a time and a place. */
static bool has_conditions(const struct args *args)
{
	const struct cli_trail_args *t = &args->trail;

	return t->decision.n || t->session.n || t->key.n || t->rule.n || t->command.n ||
	       t->code.n || t->user.n || t->host.n || t->event.n || t->id.n || t->iolog.n ||
	       t->task.n || args->output_contains || args->lines || args->follow || args->count;
}

static enum cli_status run_verify(const struct cli_command *self, const struct args *args,
				  struct writ_arena *arena)
{
	enum cli_status status;
	struct cli_verify verify = {
		.events = args->trail.events,
		.iolog_dir = args->iolog_dir,
		.json = args->json,
		.utc = args->utc,
	};
	const struct writ_filter *filter;

	if (has_conditions(args))
		return cli_usage_error(self, "--verify looks at everything: it goes with --since, "
					     "--until, --events, --iolog-dir, --json only");
	filter = cli_trail_filter(self, &args->trail, arena, &status);
	if (!filter)
		return status;
	verify.since = writ_filter_since(filter);
	verify.until = writ_filter_until(filter);
	return cli_log_verify(&verify);
}

static enum cli_status run(const struct cli_command *self, int argc, char **argv)
{
	struct args args = {.iolog_dir = WRIT_IOLOG_DIR};
	struct log log = {.args = &args};
	struct writ_arena *arena = writ_arena_new();
	enum cli_status status = CLI_FAILED;

	if (cli_options_read(self, argc, argv, &args, &argc, &status)) {
		if (argc > 0) {
			status = cli_usage_error(self, "%s: events are chosen by options", argv[0]);
		} else if (args.verify && arena) {
			status = run_verify(self, &args, arena);
		} else if (!arena || !cli_table_init(&log.table, args.utc)) {
			status = cli_error(&(struct writ_error) {.message = "out of memory"});
		} else {
			cli_log_columns_init(&log.columns, &log.table, args.trail.events.n > 0);
			status = run_log(self, &log, arena);
		}
	}
	cli_log_output_free(log.output);
	cli_log_last_free(log.last);
	cli_table_done(&log.table);
	writ_arena_free(arena);
	cli_trail_args_done(&args.trail);
	return status;
}

const struct cli_command cli_log = {
	.name = "log",
	.operands = "",
	.doc = "what was asked, decided and done",
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.letters = "                  nf    ",
	.mixed = true,
	.run = run,
};

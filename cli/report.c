/* SPDX-License-Identifier: ISC */
/* writ report: a part of the audit trail as a page. */
#include "report.h"

#include <stdio.h>
#include <unistd.h>

#include "arena.h"
#include "cleanup.h"
#include "cli.h"
#include "config.h"
#include "error.h"
#include "log_output.h"
#include "trail_options.h"

struct args {
	struct cli_trail_args trail;
	const char *output_contains, *iolog_dir;
};

static const struct cli_option options[] = {
	CLI_TRAIL_OPTIONS(struct args, trail),
	{"output-contains", "TEXT", offsetof(struct args, output_contains),
	 "commands whose output held the text"},
	{"iolog-dir", "DIR", offsetof(struct args, iolog_dir), "the I/O logs (" WRIT_IOLOG_DIR ")"},
};

/* A page of all that ever happened is nobody's question. */
static bool is_question(const struct cli_trail_args *args)
{
	return args->since || args->session.n || args->key.n || args->id.n || args->iolog.n;
}

static bool output_holds(void *data, const struct writ_entry *entry)
{
	const struct writ_search_hit *hits;

	return cli_log_output_find(data, entry, &hits) > 0;
}

static enum cli_status write_page(const struct args *args, struct writ_filter *filter,
				  struct cli_log_output *output, int argc, char *const *argv)
{
	struct writ_trail_options trail = {
		.paths = args->trail.events.items,
		.n_paths = args->trail.events.n,
		.filter = filter,
		.whole = args->trail.whole,
	};
	struct writ_report_options report = {
		.trail = &trail,
		.iolog_dir = args->iolog_dir,
		.wanted = output ? output_holds : NULL,
		.data = output,
		.arguments = (const char *const *)argv,
		.n_arguments = (size_t)argc,
	};
	struct writ_error err = {0};
	int status = writ_report_write(&report, stdout, &err);

	if (status < 0)
		return cli_error(&err);
	/* What could not be searched is named on standard error. */
	if (output && cli_log_output_unread(output) > 0)
		return CLI_FAILED;
	return status > 0 ? CLI_YES : CLI_NO;
}

static enum cli_status report(const struct cli_command *self, const struct args *args, int argc,
			      char *const *argv)
{
	struct writ_arena *arena = writ_arena_new();
	struct cli_log_output *output = NULL;
	struct writ_filter *filter;
	enum cli_status status = CLI_FAILED;

	if (!arena)
		return cli_error(&(struct writ_error) {.message = "out of memory"});
	filter = cli_trail_filter(self, &args->trail, arena, &status);
	if (filter && args->output_contains)
		output = cli_log_output_new(args->output_contains, args->iolog_dir);
	if (filter && !args->output_contains == !output)
		status = write_page(args, filter, output, argc, argv);
	cli_log_output_free(output);
	writ_arena_free(arena);
	return status;
}

static enum cli_status run(const struct cli_command *self, int argc, char **argv)
{
	struct args args = {.iolog_dir = WRIT_IOLOG_DIR};
	enum cli_status status;
	int n;

	/* No operands, so the words stay as they were given: the page shows them. */
	if (cli_options_read(self, argc, argv, &args, &n, &status)) {
		if (n > 0)
			status = cli_usage_error(self, "%s: events are chosen by options", argv[0]);
		else if (!is_question(&args.trail))
			status = cli_usage_error(self, "what about? Give --session, --since, "
						       "--key, --id or --iolog");
		else if (isatty(STDOUT_FILENO))
			status = cli_usage_error(self, "the page is for a file: > report.html");
		else
			status = report(self, &args, argc, argv);
	}
	cli_trail_args_done(&args.trail);
	return status;
}

const struct cli_command cli_report = {
	.name = "report",
	.operands = "> FILE",
	.doc = "a session, or a time, as one page of HTML with its recordings",
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.run = run,
};

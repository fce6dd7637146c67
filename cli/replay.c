/* SPDX-License-Identifier: ISC */
/* writ replay: what a command showed, by sudoreplay(8) or as a cast for asciinema's players. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arena.h"
#include "cast.h"
#include "cleanup.h"
#include "cli.h"
#include "config.h"
#include "error.h"
#include "iolog.h"
#include "iolog_of.h"
#include "program.h"
#include "trail.h"

struct args {
	bool cast, input;
	const char *iolog_dir;
	struct cli_values events;
	/* sudoreplay's */
	const char *speed, *max_wait, *filter;
	bool no_prompt, no_resize, suspend_wait, follow;
};

static const struct cli_option options[] = {
	{"cast", NULL, offsetof(struct args, cast), "write an asciicast (version 2) instead"},
	{"input", NULL, offsetof(struct args, input),
	 "with --cast: also what was typed or piped in"},
	{"iolog-dir", "DIR", offsetof(struct args, iolog_dir), "the I/O logs (" WRIT_IOLOG_DIR ")"},
	{"events", "FILE...", offsetof(struct args, events), "event files (" WRIT_EVENT_DIR ")"},
	{"speed", "FACTOR", offsetof(struct args, speed), "so many times as fast"},
	{"max-wait", "SECONDS", offsetof(struct args, max_wait), "longest pause"},
	{"filter", "STREAMS", offsetof(struct args, filter),
	 "which of stdin, stdout, stderr, ttyin, ttyout, with commas"},
	{"non-interactive", NULL, offsetof(struct args, no_prompt), "no keys; write to stdout"},
	{"no-resize", NULL, offsetof(struct args, no_resize), "leave the terminal's size"},
	{"suspend-wait", NULL, offsetof(struct args, suspend_wait), "wait while it was suspended"},
	{"follow", NULL, offsetof(struct args, follow), "go on while the log is written"},
};
static const char letters[] = "  d smfnRSF";
_Static_assert(sizeof(letters) == ARRAY_SIZE(options) + 1, "a letter or a blank for each option");

/* sudoreplay's arguments: at most a letter and a value for each option, the folder, the offset. */
struct vector {
	const char *items[2 * ARRAY_SIZE(options) + 8];
	size_t n;
};

static void add(struct vector *vector, const char *letter, const char *value)
{
	if (!value)
		return;
	vector->items[vector->n++] = letter;
	vector->items[vector->n++] = value;
}

static void add_flag(struct vector *vector, const char *letter, bool flag)
{
	if (flag)
		vector->items[vector->n++] = letter;
}

/* Becomes sudoreplay. The log is given as the folder itself (-d) and "." in it: an "@" in its name,
 * which a user's name may have, would else begin an offset, and six letters would be three folders.
 */
static enum cli_status run_sudoreplay(const struct args *args, struct writ_arena *arena,
				      const char *log_path, const char *offset)
{
	struct vector vector = {{"sudoreplay", "-d", log_path}, 3};
	struct writ_error err = {0};
	const char *path;
	char log[128] = ".";

	add(&vector, "-s", args->speed);
	add(&vector, "-m", args->max_wait);
	add(&vector, "-f", args->filter);
	add_flag(&vector, "-n", args->no_prompt);
	add_flag(&vector, "-R", args->no_resize);
	add_flag(&vector, "-S", args->suspend_wait);
	add_flag(&vector, "-F", args->follow);
	if (offset)
		snprintf(log, sizeof(log), ".@%s", offset);
	vector.items[vector.n++] = "--";
	vector.items[vector.n++] = log;
	path = program_find(arena, "sudoreplay", &err);
	if (!path)
		return cli_error(&err);
	execv(path, (char *const *)vector.items);
	writ_error_errno(&err, errno, "%s", path);
	return cli_error(&err);
}

/* What is wrong with the log, so that nobody takes the cast for whole. */
static void report_faults(const struct writ_iolog_reader *reader)
{
	for (size_t i = 0; writ_iolog_fault(reader, i); i++)
		fprintf(stderr, "writ replay: %s\n", writ_iolog_fault(reader, i));
}

static enum cli_status write_cast(const struct args *args, struct writ_iolog_reader *reader)
{
	struct writ_error err = {0};

	if (writ_cast_write(reader, args->input, stdout, &err) < 0)
		return cli_error(&err);
	report_faults(reader);
	return CLI_YES;
}

static enum cli_status replay(const struct args *args, struct writ_arena *arena, const char *word)
{
	struct writ_trail_options where = {.paths = args->events.items, .n_paths = args->events.n};
	struct cli_iolog_of found;
	struct writ_error err = {0};
	enum cli_status status = cli_iolog_of(&where, args->iolog_dir, word, &found, &err);

	if (status != CLI_YES) {
		cli_error(&err);
		return status;
	}
	if (args->cast && found.offset) {
		writ_error_set(&err, "a cast cannot begin at an offset");
		status = cli_error(&err);
	} else if (args->cast) {
		status = write_cast(args, found.reader);
	} else {
		status = run_sudoreplay(args, arena, writ_iolog_path(found.reader), found.offset);
	}
	writ_iolog_close(found.reader);
	return status;
}

static enum cli_status run(const struct cli_command *self, int argc, char **argv)
{
	struct args args = {.iolog_dir = WRIT_IOLOG_DIR};
	struct writ_arena *arena = NULL;
	bool of_sudoreplay;
	enum cli_status status;

	if (!cli_options_read(self, argc, argv, &args, &argc, &status))
		return status;
	of_sudoreplay = args.speed || args.max_wait || args.filter || args.no_prompt ||
			args.no_resize || args.suspend_wait || args.follow;
	if (argc != 1)
		status = cli_usage_error(self, argc == 0 ? "no I/O log is named"
							 : "more than one I/O log is named");
	else if (args.input && !args.cast)
		status = cli_usage_error(self, "--input goes with --cast");
	else if (args.cast && of_sudoreplay)
		status = cli_usage_error(self, "sudoreplay's options do not go with --cast");
	else if (!(arena = writ_arena_new()))
		status = cli_error(&(struct writ_error) {.message = "out of memory"});
	else
		status = replay(&args, arena, argv[0]);
	writ_arena_free(arena);
	free(args.events.items);
	return status;
}

const struct cli_command cli_replay = {
	.name = "replay",
	.operands = "TSID[@SECONDS] | EVENT",
	.doc = "what a command showed on its terminal, with its timing",
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.letters = letters,
	.mixed = true,
	.run = run,
};

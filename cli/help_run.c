/* SPDX-License-Identifier: ISC */
#include "help_run.h"

#include <string.h>

#include "arena.h"
#include "error.h"
#include "program.h"

#define SECONDS_MAX 10
#define OUTPUT_MAX ((size_t)1 << 20)

/* Nothing of the caller's: no configuration, no colours, no pager, no daemon. */
static const char *const environment[] = {
	"PATH=/usr/sbin:/usr/bin:/sbin:/bin",
	"HOME=/nonexistent",
	"LC_ALL=C",
	"TERM=dumb",
	"COLUMNS=200",
	"PAGER=cat",
	"NO_COLOR=1",
	"DOCKER_BUILDKIT=0",
	"DOCKER_CLI_HINTS=false",
	NULL,
};

const char *help_run(struct writ_arena *arena, const char *program, const char *const *words,
		     size_t n, struct writ_error *err)
{
	const char *argv[HELP_RUN_ARGS_MAX + 3];
	const char *slash = strrchr(program, '/');
	const struct program run = {
		.path = program,
		.argv = argv,
		.environment = environment,
		.seconds = SECONDS_MAX,
		.output_max = OUTPUT_MAX,
		.together = true,
	};
	struct program_result result;

	if (n > HELP_RUN_ARGS_MAX) {
		writ_error_set(err, "%s cannot be started", program);
		return NULL;
	}
	argv[0] = slash ? slash + 1 : program;
	for (size_t i = 0; i < n; i++)
		argv[i + 1] = words[i];
	argv[n + 1] = "--help";
	argv[n + 2] = NULL;
	if (program_run(arena, &run, &result, err) < 0)
		return NULL;
	if (result.too_long) {
		writ_error_set(err, "it did not end within %d seconds", SECONDS_MAX);
		return NULL;
	}
	return writ_arena_strdup(arena, result.out);
}

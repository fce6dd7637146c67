/* SPDX-License-Identifier: ISC */
/*
 * engine/path*.c and files.c: lines of a rule, imagined files, the working directory and, to the
 * end, a path.
 *  - no descriptor stays open;
 *  - `under` and `not_under` are each other's opposite;
 *  - without imagined files, what is found is where realpath(3) says.
 */
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arena.h"
#include "cleanup.h"
#include "fuzz.h"
#include "json.h"
#include "path.h"
#include "path_resolve.h"

#define LENGTH_MAX 4096

static int lowest_descriptor(void)
{
	auto_close int fd = open("/", O_PATH | O_CLOEXEC);

	return fd;
}

static void check_opposite(struct writ_arena *arena, const struct writ_path_rule *rule,
			   const char *text, struct writ_path_context context)
{
	const struct writ_path_rule under = {.under = rule->under, .n_under = rule->n_under};
	const struct writ_path_rule not_under = {
		.not_under = rule->under,
		.n_not_under = rule->n_under,
	};

	context.deny = true;
	context.cleaned = false;
	if (rule->n_under > 0 &&
	    writ_path_match(arena, &under, text, &context) !=
		    writ_not(writ_path_match(arena, &not_under, text, &context)))
		abort();
}

static void check_resolved(struct writ_arena *arena, const struct writ_path_context *context,
			   const char *text)
{
	struct writ_resolved resolved;
	char real[PATH_MAX];

	writ_path_resolve(arena, context->files, context->cwd, text, &resolved, NULL);
	if (resolved.state == WRIT_RESOLVED_UNSURE)
		return;
	if (resolved.text[0] != '/' || resolved.n_places == 0 || resolved.places[0].end != 0 ||
	    writ_resolved_last(&resolved)->end > strlen(resolved.text))
		abort();
	/* Below /proc things come and go. */
	if (context->files || text[0] != '/' || resolved.state != WRIT_RESOLVED_FOUND ||
	    strstr(resolved.text, "proc"))
		return;
	if (!realpath(text, real) || strcmp(real, resolved.text) != 0)
		abort();
}

static void check(struct writ_arena *arena, const char *rule_text, const char *files_text,
		  const char *cwd, const char *text)
{
	const struct writ_json *rule_json =
		writ_json_parse(arena, "rule", rule_text, strlen(rule_text), NULL);
	const struct writ_json *files_json =
		writ_json_parse(arena, "files", files_text, strlen(files_text), NULL);
	struct writ_path_context context = {.cwd = cwd};
	struct writ_path_rule rule;

	if (files_json)
		context.files = writ_files_parse(arena, files_json, NULL);
	check_resolved(arena, &context, text);
	if (!rule_json || writ_path_rule_parse(arena, rule_json, &rule, NULL) < 0)
		return;
	for (int i = 0; i < 4; i++) {
		context.deny = i & 1;
		context.cleaned = i & 2;
		writ_path_match(arena, &rule, text, &context);
		writ_path_match_text(arena, &rule, text, &context);
	}
	check_opposite(arena, &rule, text, context);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_free char *copy = NULL;
	char *rest, *rule, *files, *cwd;
	struct writ_arena *arena;
	int before = lowest_descriptor();

	if (size > LENGTH_MAX)
		return 0;
	copy = strndup((const char *)data, size);
	arena = writ_arena_new();
	if (!copy || !arena)
		abort();
	rest = copy;
	rule = strsep(&rest, "\n");
	files = strsep(&rest, "\n");
	cwd = strsep(&rest, "\n");
	if (rest)
		check(arena, rule, files, cwd, rest);
	writ_arena_free(arena);
	if (lowest_descriptor() != before)
		abort();
	return 0;
}

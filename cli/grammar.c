/* SPDX-License-Identifier: ISC */
#include "grammar.h"

#include <string.h>

#include "arena.h"
#include "cleanup.h"
#include "error.h"
#include "help_page.h"
#include "help_run.h"

struct args {
	const char *program;
};

static const struct cli_option options[] = {
	{"program", "PATH", offsetof(struct args, program), "check: the program to compare with"},
};

/* cobra answers a command that it does not know with its parent's help; docker hands a plugin's
 * name to the plugin. */
static bool is_about(const struct help_page *page, const char *program, const char *const *words,
		     size_t n)
{
	const char *slash = strrchr(program, '/'), *name = slash ? slash + 1 : program;
	const char *at = page->usage;

	if (!at || strncmp(at, name, strlen(name)) != 0)
		return false;
	at += strlen(name);
	for (size_t i = 0; i < n; i++) {
		size_t length = strlen(words[i]);

		if (*at != ' ' || strncmp(at + 1, words[i], length) != 0)
			return false;
		at += 1 + length;
	}
	return *at == ' ' || *at == '\0';
}

const struct help_page *grammar_page(struct writ_arena *arena, const char *program,
				     const char *const *words, size_t n, struct writ_error *err)
{
	const char *text = help_run(arena, program, words, n, err);
	const struct help_page *page = text ? help_page_parse(arena, text, n > 0) : NULL;

	if (text && !page)
		writ_error_set(err, "out of memory");
	if (page && n > 0 && !is_about(page, program, words, n)) {
		writ_error_set(err, "its help is about something else");
		return NULL;
	}
	return page;
}

static enum cli_status run(const struct cli_command *self, int argc, char **argv)
{
	struct args args = {0};
	struct writ_arena *arena;
	enum cli_status status = CLI_YES;
	bool import, check;

	if (!cli_options_read(self, argc, argv, &args, &argc, &status))
		return status;
	import = argc == 2 && strcmp(argv[0], "import") == 0;
	check = argc == 2 && strcmp(argv[0], "check") == 0;
	if (!check && !(import && !args.program))
		return cli_usage_error(self, "expected: check FILE, or import PROGRAM");
	arena = writ_arena_new();
	if (!arena)
		return cli_error(&(struct writ_error) {.message = "out of memory"});
	status = import ? grammar_import(arena, argv[1])
			: grammar_check(arena, argv[1], args.program);
	writ_arena_free(arena);
	return status;
}

const struct cli_command cli_grammar = {
	.name = "grammar",
	.operands = "check FILE | import PROGRAM",
	.doc = "compare or draft command files by what programs say of themselves",
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.mixed = true,
	.run = run,
};

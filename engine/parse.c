/* SPDX-License-Identifier: ISC */
#include "parsed.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "arena.h"
#include "error.h"
#include "syntax.h"
#include "text.h"

static writ_syntax_reader *const readers[] = {
	[WRIT_SYNTAX_LITERAL] = writ_syntax_literal, [WRIT_SYNTAX_PFLAG] = writ_syntax_pflag,
	[WRIT_SYNTAX_GETOPT] = writ_syntax_getopt,   [WRIT_SYNTAX_GETOPT_LONG] = writ_syntax_getopt,
	[WRIT_SYNTAX_GOFLAG] = writ_syntax_goflag,   [WRIT_SYNTAX_CLAP] = writ_syntax_clap,
};

int writ_scan_no_memory(struct writ_scan *scan)
{
	return writ_error_set(scan->err, "out of memory");
}

bool writ_scan_may_descend(const struct writ_scan *scan)
{
	return scan->command->n_subcommands > 0 && scan->n_words == 0;
}

int writ_scan_no_command(struct writ_scan *scan, const char *word)
{
	const struct writ_command *command = scan->command;
	const char *nearest;

	if (writ_command_sub(command, word))
		return writ_scan_fail(scan, ": '%s' is not read as a command here",
				      writ_scan_show(scan, word));
	nearest = writ_text_nearest(word, command->subcommand_names, command->n_subcommands);
	return writ_scan_fail(scan, " has no command %s%s%s%s", writ_scan_show(scan, word),
			      nearest ? " (did you mean " : "", nearest ? nearest : "",
			      nearest ? "?)" : "");
}

int writ_scan_descend(struct writ_scan *scan, const char *word)
{
	const struct writ_command *sub = writ_command_sub(scan->command, word);

	if (!sub) /* even a command that runs alone may take no operands */
		return scan->command->n_operands > 0 ? 0 : writ_scan_no_command(scan, word);
	if (scan->n_typed == WRIT_SCAN_DEPTH)
		return writ_scan_fail(scan, ": the commands are nested too deeply");
	scan->command = sub;
	scan->typed[scan->n_typed++] = word;
	return 1;
}

int writ_parse(struct writ_arena *arena, const struct writ_command *root, char *const *argv,
	       size_t argc, struct writ_parsed *ret, struct writ_error *err)
{
	struct writ_parsed parsed = {0};
	struct writ_scan scan = {
		.arena = arena,
		.err = err,
		.parsed = &parsed,
		.argv = argv,
		.argc = argc,
		.at = 1,
		.command = root,
		.typed[0] = root->name,
		.n_typed = 1,
	};
	int more;

	if (argc == 0)
		return writ_error_set(err, "the argument vector is empty");
	do
		more = readers[scan.command->syntax](&scan);
	while (more > 0);
	if (more < 0)
		return -1;
	if (!scan.command->runnable)
		return writ_scan_fail(&scan, " needs a command of its own");
	if (writ_scan_assign(&scan) < 0)
		return -1;
	parsed.command = scan.command;
	*ret = parsed;
	return 0;
}

int writ_scan_fail(struct writ_scan *scan, const char *format, ...)
{
	char typed[200] = "", what[sizeof(scan->err->message)];
	size_t used = 0;
	va_list args;

	if (!scan->err)
		return -1;
	for (size_t i = 0; i < scan->n_typed && used < sizeof(typed); i++)
		used += (size_t)snprintf(typed + used, sizeof(typed) - used, "%s%s",
					 i > 0 ? " " : "", scan->typed[i]);
	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	return writ_error_set(scan->err, "%s%s", typed, what);
}

int writ_scan_fail_value(struct writ_scan *scan, const char *name)
{
	char why[sizeof(scan->err->message)];

	if (!scan->err)
		return -1;
	memcpy(why, scan->err->message, sizeof(why));
	return writ_scan_fail(scan, ": %s: %s", name, why);
}

const char *writ_scan_show(const struct writ_scan *scan, const char *text)
{
	const char *shown = writ_text_show(scan->arena, text, 80);

	return shown ? shown : "…";
}

const char *writ_scan_spell(const struct writ_scan *scan, const struct writ_option *option)
{
	bool single = !option->long_form || option->owner->syntax == WRIT_SYNTAX_GOFLAG;
	const char *spelled;

	if (option->word)
		return option->name;
	if (single && option->short_letter)
		spelled = writ_arena_printf(scan->arena, "-%c", option->short_letter);
	else
		spelled = writ_arena_printf(scan->arena, "%s%s", single ? "-" : "--", option->name);
	return spelled ? spelled : option->name;
}

/* The nearest long name of those that can be given here, or NULL. */
static const char *nearest_option(struct writ_scan *scan, const char *name)
{
	const char **names;
	size_t n = 0;

	for (const struct writ_command *c = scan->command; c; c = c->parent)
		n += c->n_names;
	names = writ_arena_alloc(scan->arena, n, sizeof(*names));
	n = 0;
	for (const struct writ_command *c = scan->command; names && c; c = c->parent)
		for (size_t i = 0; i < c->n_names; i++)
			if (c->names[i].option->long_form &&
			    (c == scan->command || !c->names[i].option->here))
				names[n++] = c->names[i].name;
	return names ? writ_text_nearest(name, names, n) : NULL;
}

int writ_scan_unknown_long(struct writ_scan *scan, const char *dashes, const char *name,
			   size_t length)
{
	const char *word, *nearest;

	if (!scan->err)
		return -1;
	word = writ_arena_strndup(scan->arena, name, length);
	if (!word)
		return writ_scan_no_memory(scan);
	nearest = nearest_option(scan, word);
	return writ_scan_fail(scan, " has no option %s%s%s%s%s%s", dashes,
			      writ_scan_show(scan, word), nearest ? " (did you mean " : "",
			      nearest ? dashes : "", nearest ? nearest : "", nearest ? "?)" : "");
}

int writ_scan_unknown_short(struct writ_scan *scan, char letter)
{
	const char text[] = {letter, '\0'};

	return writ_scan_fail(scan, " has no option -%s", writ_scan_show(scan, text));
}

int writ_scan_no_value(struct writ_scan *scan, const struct writ_option *option)
{
	return writ_scan_fail(scan, ": %s takes no value", writ_scan_spell(scan, option));
}

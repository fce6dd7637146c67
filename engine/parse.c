/* SPDX-License-Identifier: ISC */
#include "parsed.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "arena.h"
#include "error.h"
#include "syntax.h"
#include "text.h"

/* Occurrences that the array of options first has place for; it doubles from there. */
#define FIRST_ROOM 8

static writ_syntax_reader *const readers[] = {
	[WRIT_SYNTAX_LITERAL] = writ_syntax_literal, [WRIT_SYNTAX_PFLAG] = writ_syntax_pflag,
	[WRIT_SYNTAX_GETOPT] = writ_syntax_getopt,   [WRIT_SYNTAX_GETOPT_LONG] = writ_syntax_getopt,
	[WRIT_SYNTAX_GOFLAG] = writ_syntax_goflag,
};

static int no_memory(struct writ_scan *scan)
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

static struct writ_occurrence *new_occurrence(struct writ_scan *scan)
{
	struct writ_parsed *parsed = scan->parsed;

	if (parsed->n_options == scan->room) {
		size_t room = scan->room ? scan->room * 2 : FIRST_ROOM;
		struct writ_occurrence *larger =
			writ_arena_alloc(scan->arena, room, sizeof(*larger));

		if (!larger)
			return NULL;
		if (parsed->n_options > 0)
			memcpy(larger, parsed->options, parsed->n_options * sizeof(*larger));
		parsed->options = larger;
		scan->room = room;
	}
	return &parsed->options[parsed->n_options++];
}

/* The message of a value that its type does not read, with the option's or operand's name before
 * it. */
static int fail_value(struct writ_scan *scan, const char *name)
{
	char why[sizeof(scan->err->message)];

	if (!scan->err)
		return -1;
	memcpy(why, scan->err->message, sizeof(why));
	return writ_scan_fail(scan, ": %s: %s", name, why);
}

int writ_scan_option(struct writ_scan *scan, const struct writ_option *option, const char *text)
{
	struct writ_occurrence *occurrence = new_occurrence(scan);
	const struct writ_value_type *type = option->type ? option->type : &writ_type_bool;

	if (!occurrence)
		return no_memory(scan);
	occurrence->option = option;
	scan->parsed->present |= writ_option_bit(option);
	if (!text && option->type) {
		occurrence->absent = true;
		occurrence->value = (struct writ_value) {.type = type, .text = "", .normal = ""};
		return 0;
	}
	if (writ_value_read(scan->arena, &occurrence->value, type, text ? text : "true",
			    scan->err) < 0)
		return fail_value(scan, writ_scan_spell(scan, option));
	return 0;
}

int writ_scan_option_next(struct writ_scan *scan, const struct writ_option *option)
{
	if (scan->at == scan->argc)
		return writ_scan_fail(scan, ": %s needs a value", writ_scan_spell(scan, option));
	return writ_scan_option(scan, option, scan->argv[scan->at++]);
}

int writ_scan_operand(struct writ_scan *scan, char *word)
{
	if (!scan->collected) {
		scan->collected = writ_arena_alloc(scan->arena, scan->argc, sizeof(char *));
		if (!scan->collected)
			return no_memory(scan);
		scan->words = scan->collected;
	}
	scan->collected[scan->n_words++] = word;
	return 0;
}

int writ_scan_rest(struct writ_scan *scan)
{
	if (scan->n_words == 0) {
		scan->words = scan->argv + scan->at;
		scan->n_words = scan->argc - scan->at;
		scan->at = scan->argc;
		return 0;
	}
	while (scan->at < scan->argc)
		if (writ_scan_operand(scan, scan->argv[scan->at++]) < 0)
			return -1;
	return 0;
}

/* The required operand that the words do not reach. */
static int missing(struct writ_scan *scan)
{
	const struct writ_command *command = scan->command;
	size_t left = scan->n_words;

	for (size_t i = 0; i < command->n_operands; i++)
		if (!command->operands[i].optional && left-- == 0)
			return writ_scan_fail(scan, ": %s is missing", command->operands[i].name);
	return writ_scan_fail(scan, ": an operand is missing");
}

static int too_many(struct writ_scan *scan, const char *word)
{
	const char *shown = writ_scan_show(scan, word);

	if (scan->command->n_operands == 0)
		return writ_scan_fail(scan, " takes no operand, but '%s' is given", shown);
	return writ_scan_fail(scan, ": '%s' is an operand too many", shown);
}

/* n words from the first on are this operand. */
static int add_operands(struct writ_scan *scan, const struct writ_operand *operand, size_t first,
			size_t n)
{
	struct writ_parsed *parsed = scan->parsed;

	if (operand->command && n > 0) {
		struct writ_parsed_operand *added = &parsed->operands[parsed->n_operands++];

		added->operand = operand;
		added->rest = scan->words + first;
		added->n_rest = n;
		return 0;
	}
	for (size_t i = 0; i < n; i++) {
		struct writ_parsed_operand *added = &parsed->operands[parsed->n_operands++];

		added->operand = operand;
		if (writ_value_read(scan->arena, &added->value, operand->type,
				    scan->words[first + i], scan->err) < 0)
			return fail_value(scan, operand->name);
	}
	return 0;
}

/* Words go to the operands in order: to each required one a word, to optional ones while words are
 * to spare, to the repeated one (behind which none is optional) all the rest. */
static int assign_operands(struct writ_scan *scan)
{
	const struct writ_command *command = scan->command;
	size_t required = 0, spare, at = 0;

	for (size_t i = 0; i < command->n_operands; i++)
		required += !command->operands[i].optional;
	if (scan->n_words < required)
		return missing(scan);
	spare = scan->n_words - required;
	if (scan->n_words == 0)
		return 0;
	scan->parsed->operands =
		writ_arena_alloc(scan->arena, scan->n_words, sizeof(*scan->parsed->operands));
	if (!scan->parsed->operands)
		return no_memory(scan);
	for (size_t i = 0; i < command->n_operands; i++) {
		const struct writ_operand *operand = &command->operands[i];
		size_t extra = operand->repeat ? spare : operand->optional && spare > 0 ? 1 : 0;
		size_t take = extra + !operand->optional;

		spare -= extra;
		if (add_operands(scan, operand, at, take) < 0)
			return -1;
		at += take;
	}
	return at < scan->n_words ? too_many(scan, scan->words[at]) : 0;
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
	if (assign_operands(&scan) < 0)
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

const char *writ_scan_show(const struct writ_scan *scan, const char *text)
{
	const char *shown = writ_text_show(scan->arena, text, 80);

	return shown ? shown : "…";
}

const char *writ_scan_spell(const struct writ_scan *scan, const struct writ_option *option)
{
	bool single = !option->long_form || option->owner->syntax == WRIT_SYNTAX_GOFLAG;
	const char *spelled;

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
		return no_memory(scan);
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

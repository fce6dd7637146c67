/* SPDX-License-Identifier: ISC */
/* Words that are no options, and the operands that they belong to. */
#include <string.h>

#include "arena.h"
#include "syntax.h"

int writ_scan_operand(struct writ_scan *scan, char *word)
{
	if (!scan->collected) {
		scan->collected = writ_arena_alloc(scan->arena, scan->argc, sizeof(char *));
		if (!scan->collected)
			return writ_scan_no_memory(scan);
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

/* Whether an option was given that stands for the operand, as grep's -e does. */
static bool is_replaced(const struct writ_scan *scan, const struct writ_operand *operand)
{
	for (size_t i = 0; i < scan->parsed->n_options; i++)
		if (scan->parsed->options[i].option->instead_of == operand)
			return true;
	return false;
}

/* Whether ordinary words go to the operand. */
static bool is_open(const struct writ_scan *scan, const struct writ_operand *operand)
{
	return !operand->dashes && !is_replaced(scan, operand);
}

/* The required operand that the n words do not reach. */
static int missing(struct writ_scan *scan, size_t n)
{
	const struct writ_command *command = scan->command;

	for (size_t i = 0; i < command->n_operands; i++)
		if (!command->operands[i].optional && is_open(scan, &command->operands[i]) &&
		    n-- == 0)
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
			return writ_scan_fail_value(scan, operand->name);
	}
	return 0;
}

/* The first n words go to the operands in order: to each required one a word, to optional ones
 * while words are to spare, to the repeated one (behind which none is optional) all the rest. */
static int assign(struct writ_scan *scan, size_t n)
{
	const struct writ_command *command = scan->command;
	size_t required = 0, spare, at = 0;

	for (size_t i = 0; i < command->n_operands; i++)
		required += !command->operands[i].optional && is_open(scan, &command->operands[i]);
	if (n < required)
		return missing(scan, n);
	spare = n - required;
	for (size_t i = 0; i < command->n_operands && n > 0; i++) {
		const struct writ_operand *operand = &command->operands[i];
		size_t extra = operand->repeat ? spare : operand->optional && spare > 0 ? 1 : 0;
		size_t take = extra + !operand->optional;

		if (!is_open(scan, operand))
			continue;
		spare -= extra;
		if (add_operands(scan, operand, at, take) < 0)
			return -1;
		at += take;
	}
	return at < n ? too_many(scan, scan->words[at]) : 0;
}

int writ_scan_assign(struct writ_scan *scan)
{
	const struct writ_command *command = scan->command;
	const struct writ_operand *last =
		command->n_operands > 0 ? &command->operands[command->n_operands - 1] : NULL;
	size_t n = scan->n_words;

	if (n > 0) {
		scan->parsed->operands =
			writ_arena_alloc(scan->arena, n, sizeof(*scan->parsed->operands));
		if (!scan->parsed->operands)
			return writ_scan_no_memory(scan);
	}
	if (!last || !last->dashes || !scan->dashed)
		return assign(scan, n);
	if (assign(scan, scan->n_before) < 0)
		return -1;
	return add_operands(scan, last, scan->n_before, n - scan->n_before);
}

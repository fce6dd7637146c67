/* SPDX-License-Identifier: ISC */
/* Options that were given, whatever the syntax. */
#include <string.h>

#include "arena.h"
#include "error.h"
#include "regex.h"
#include "syntax.h"
#include "text.h"

/* Occurrences that the array of options first has place for; it doubles from there. */
#define FIRST_ROOM 8

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

/* Whether the option's value could be taken for the word that negates: programs have not always
 * read it as a value there. */
static bool is_negation(const struct writ_scan *scan, const char *text)
{
	const char *negation = scan->command->program->negation;

	return negation && text && strcmp(text, negation) == 0;
}

/* The option is what the word before it makes of it. NULL with an error. */
static const struct writ_option *take_negation(struct writ_scan *scan,
					       const struct writ_option *option)
{
	scan->negated = false;
	if (!option->negated)
		writ_scan_fail(scan, ": %s cannot be negated", writ_scan_spell(scan, option));
	return option->negated;
}

/* From here on the options of a module are there, or of one that the file does not know. */
static void load_module(struct writ_scan *scan, const char *name)
{
	if (!writ_command_add_module(scan->command, name, &scan->modules))
		scan->unknown_module = true;
	scan->loaded = true;
}

enum writ_truth writ_scan_is_next(struct writ_scan *scan, const struct writ_option *option)
{
	const char *word = scan->at < scan->argc ? scan->argv[scan->at] : NULL;
	enum writ_truth truth;

	if (!word)
		return WRIT_NO;
	truth = writ_regex_match(option->next, word, strlen(word), false);
	/* A pattern never matches a control character that it does not write; the program may. */
	if (truth == WRIT_NO && writ_text_scan(word, strlen(word)) != 0)
		truth = WRIT_UNSURE;
	if (truth == WRIT_UNSURE)
		writ_scan_fail(scan, ": whether '%s' belongs to %s cannot be told",
			       writ_scan_show(scan, word), writ_scan_spell(scan, option));
	return truth;
}

/* The word behind an option's value, where the option has one. */
static int read_second(struct writ_scan *scan, const struct writ_option *second)
{
	enum writ_truth truth = second->next ? writ_scan_is_next(scan, second) : WRIT_YES;

	if (truth == WRIT_UNSURE)
		return -1;
	return truth == WRIT_NO ? 0 : writ_scan_option_next(scan, second);
}

/* What was given into the occurrence. */
static int read_text(struct writ_scan *scan, struct writ_occurrence *occurrence, const char *text)
{
	const struct writ_option *option = occurrence->option;
	const struct writ_value_type *type = option->type ? option->type : &writ_type_bool;

	if (!text && option->type) {
		occurrence->absent = true;
		occurrence->value = (struct writ_value) {.type = type, .text = "", .normal = ""};
		return 0;
	}
	if (is_negation(scan, text))
		return writ_scan_fail(scan, ": '%s' is no value of %s", text,
				      writ_scan_spell(scan, option));
	if (writ_value_read(scan->arena, &occurrence->value, type, text ? text : "true",
			    scan->err) < 0)
		return writ_scan_fail_value(scan, writ_scan_spell(scan, option));
	return 0;
}

int writ_scan_option(struct writ_scan *scan, const struct writ_option *option, const char *text)
{
	struct writ_occurrence *occurrence;

	if (scan->negated && !(option = take_negation(scan, option)))
		return -1;
	occurrence = new_occurrence(scan);
	if (!occurrence)
		return writ_scan_no_memory(scan);
	occurrence->option = option;
	scan->parsed->present |= writ_option_bit(option);
	if (read_text(scan, occurrence, text) < 0)
		return -1;
	if (option->loads && text)
		load_module(scan, text);
	return option->second && text ? read_second(scan, option->second) : 0;
}

int writ_scan_option_next(struct writ_scan *scan, const struct writ_option *option)
{
	if (scan->at == scan->argc)
		return writ_scan_fail(scan, ": %s needs %s", writ_scan_spell(scan, option),
				      option->word ? "to be given" : "a value");
	return writ_scan_option(scan, option, scan->argv[scan->at++]);
}

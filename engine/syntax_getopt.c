/* SPDX-License-Identifier: ISC */
/*
 * glibc's getopt_long, without POSIXLY_CORRECT (the environment is the policy's), and getopt, which
 * programs with short options alone use in POSIX's way; Python's getopt reads as getopt_long with
 * "interspersed": false does.
 *
 * Verbs are subcommands. Where options may follow operands, they may follow the verb too; where
 * not, the verb ends them, unless it has options of its own, which are then read anew.
 */
#include <string.h>

#include "syntax.h"

/* An option that was given without its optional value: the next word may be it. */
static int take_optional(struct writ_scan *scan, const struct writ_option *option)
{
	enum writ_truth truth = option->next ? writ_scan_is_next(scan, option) : WRIT_NO;

	if (truth == WRIT_UNSURE)
		return -1;
	return truth == WRIT_NO ? writ_scan_option(scan, option, NULL)
				: writ_scan_option_next(scan, option);
}

/* The one option that the name abbreviates: NULL if there is none, or with *ret_ambiguous several.
 * Names of one option are no ambiguity. */
static const struct writ_option *find_abbreviated(const struct writ_scan *scan, const char *name,
						  size_t length, bool *ret_ambiguous)
{
	const struct writ_option *found = NULL;

	*ret_ambiguous = false;
	for (const struct writ_command *c = scan->command; c; c = c->parent) {
		for (size_t i = writ_command_names_from(c, name, length);
		     i < c->n_names && strncmp(c->names[i].name, name, length) == 0; i++) {
			const struct writ_option *option = c->names[i].option;

			if (!option->long_form || option->of_module ||
			    (c != scan->command && option->here))
				continue;
			if (found && found != option)
				*ret_ambiguous = true;
			found = option;
		}
	}
	return *ret_ambiguous ? NULL : found;
}

/* Whether the option is there: those of modules are only behind what loads one of them, and not
 * beside one that the file does not know, which could have others of the same name. */
static bool is_there(const struct writ_scan *scan, const struct writ_option *option)
{
	return !option->of_module ||
	       (writ_modules_meet(&option->modules, &scan->modules) && !scan->unknown_module);
}

/* The option meant by a long name; an exact one wins. NULL with an error. */
static const struct writ_option *find_long(struct writ_scan *scan, const char *word,
					   const char *name, size_t length)
{
	const struct writ_option *exact = writ_command_long(scan->command, name, length), *option;
	bool ambiguous;

	if (exact && is_there(scan, exact))
		return exact;
	option = find_abbreviated(scan, name, length, &ambiguous);
	if (exact && !option)
		writ_scan_fail(scan, ": %s is an option of a module that is not named before it",
			       writ_scan_spell(scan, exact));
	else if (ambiguous)
		writ_scan_fail(scan, ": '%s' could be several options", writ_scan_show(scan, word));
	else if (!option)
		writ_scan_unknown_long(scan, "--", name, length);
	else if (!scan->command->complete || scan->loaded)
		writ_scan_fail(scan, ": '%s' must be written in full (%s?)",
			       writ_scan_show(scan, word), writ_scan_spell(scan, option));
	else
		return option;
	return NULL;
}

/* name or name=value, as it stands in the word, and abbreviations. */
static int read_long(struct writ_scan *scan, const char *word, const char *name)
{
	size_t length = strcspn(name, "=");
	const struct writ_option *option = find_long(scan, word, name, length);

	if (!option)
		return -1;
	if (name[length] && !option->type)
		return writ_scan_no_value(scan, option);
	if (name[length])
		return writ_scan_option(scan, option, name + length + 1);
	if (!option->type)
		return writ_scan_option(scan, option, NULL);
	return option->optional ? take_optional(scan, option) : writ_scan_option_next(scan, option);
}

/* -W name, -Wname: the same as --name. */
static int read_w(struct writ_scan *scan, const char *attached)
{
	const char *name = attached;

	if (!*name && scan->at == scan->argc)
		return writ_scan_fail(scan, ": -W needs the name of an option");
	if (!*name)
		name = scan->argv[scan->at++];
	return read_long(scan, name, name);
}

/* -abc, -ovalue, -abo value; an optional value only attached, or as `next` says. */
static int read_cluster(struct writ_scan *scan, const char *word)
{
	for (const char *p = word + 1; *p; p++) {
		const struct writ_option *option;

		if (*p == 'W' && scan->command->w_is_long)
			return read_w(scan, p + 1);
		option = writ_command_short(scan->command, *p);
		if (!option)
			return writ_scan_unknown_short(scan, *p);
		if (option->type && p[1])
			return writ_scan_option(scan, option, p + 1);
		if (option->type)
			return option->optional ? take_optional(scan, option)
						: writ_scan_option_next(scan, option);
		if (writ_scan_option(scan, option, NULL) < 0)
			return -1;
	}
	return 0;
}

static bool is_option(const char *word)
{
	return word[0] == '-' && word[1];
}

/* The program's negation: an option must follow, and no "--". */
static int read_negation(struct writ_scan *scan)
{
	const char *word = scan->at < scan->argc ? scan->argv[scan->at] : "";

	if (!is_option(word) || strcmp(word, "--") == 0)
		return writ_scan_fail(scan, ": '%s' stands before no option",
				      scan->command->program->negation);
	scan->negated = true;
	return 0;
}

/* Where GNU tail looks for its obsolete forms: in the sole first argument, before at most one file.
 */
static bool is_obsolete_place(const struct writ_scan *scan)
{
	size_t behind = scan->argc - scan->at - 1;
	const char *second = behind > 0 ? scan->argv[scan->at + 1] : NULL;

	return behind == 0 || (behind == 1 && !is_option(second)) ||
	       (behind <= 2 && strcmp(second, "--") == 0);
}

/* The first argument of a command with `digits`: -N is that option; what else tail would take for
 * an obsolete form ("+5", "-5f", "-cf") is not read. */
static int read_digits(struct writ_scan *scan)
{
	const char *word = scan->argv[scan->at], *p = word + 1;
	size_t digits;

	if ((word[0] != '-' && word[0] != '+') || !is_obsolete_place(scan))
		return 0;
	digits = strspn(p, "0123456789");
	if (word[0] == '-' && digits > 0 && !p[digits]) {
		scan->at++;
		return writ_scan_option(scan, scan->command->digits, p);
	}
	if (word[0] == '-' && (!*p || strcmp(p, "c") == 0 || strcmp(p, "f") == 0))
		return 0;
	p += digits;
	p += *p && strchr("bcl", *p);
	p += *p == 'f';
	if (!*p)
		return writ_scan_fail(scan, ": '%s' is an obsolete form",
				      writ_scan_show(scan, word));
	return 0;
}

/* A word that is no option: a verb, or an operand. */
static int read_word(struct writ_scan *scan, char *word)
{
	bool interspersed = scan->command->interspersed;

	if (writ_scan_may_descend(scan)) {
		int found = writ_scan_descend(scan, word);

		if (found > 0 && !interspersed)
			scan->verbatim = scan->command->n_options == 0;
		if (found != 0)
			return found;
	}
	if (scan->verbatim || !interspersed) {
		scan->at--;
		return writ_scan_rest(scan);
	}
	return writ_scan_operand(scan, word);
}

int writ_syntax_getopt(struct writ_scan *scan)
{
	bool has_long = scan->command->syntax == WRIT_SYNTAX_GETOPT_LONG;
	const char *negation = scan->command->program->negation;

	if (scan->command->digits && scan->at < scan->argc && !scan->verbatim &&
	    read_digits(scan) < 0)
		return -1;
	while (scan->at < scan->argc) {
		char *word = scan->argv[scan->at++];
		int status;

		if (!scan->verbatim && negation && strcmp(word, negation) == 0)
			status = read_negation(scan);
		else if (scan->verbatim || !is_option(word))
			status = read_word(scan, word);
		else if (strcmp(word, "--") == 0) {
			scan->verbatim = true;
			status = 0;
		} else
			status = has_long && word[1] == '-' ? read_long(scan, word, word + 2)
							    : read_cluster(scan, word);
		if (status != 0)
			return status;
	}
	return 0;
}

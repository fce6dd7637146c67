/* SPDX-License-Identifier: ISC */
/*
 * Rust's clap, version 4 (parser/parser.rs), as programs use it that are declared by its derive
 * macros: --name value, --name=value, -nvalue, -n=value, -n value, clusters. No abbreviations. A
 * value in the next word never looks like an option, "-" alone apart. Options may follow operands;
 * behind "--" all is operands. An option that does not repeat is given once, and one that commands
 * below inherit ("global") at one level: clap keeps only one level's values.
 *
 * Optional values are those of require_equals. A word behind a value is num_args = 2.
 */
#include <string.h>

#include "syntax.h"

static bool is_option(const char *word)
{
	return word[0] == '-' && word[1];
}

/* Whether the option may be given now; options from `level` on were given to this very command. */
static int check_repeat(struct writ_scan *scan, const struct writ_option *option, size_t level)
{
	for (size_t i = 0; i < scan->parsed->n_options; i++)
		if (scan->parsed->options[i].option == option && (i < level || !option->repeat))
			return writ_scan_fail(scan, ": %s is given more than once",
					      writ_scan_spell(scan, option));
	return 0;
}

/* The words that the option takes are the next ones, and none looks like an option. */
static int read_next(struct writ_scan *scan, const struct writ_option *option)
{
	size_t at = scan->at;

	for (const struct writ_option *o = option; o; o = o->second, at++)
		if (at == scan->argc || is_option(scan->argv[at]))
			return writ_scan_fail(scan, ": %s needs a value",
					      writ_scan_spell(scan, option));
	return writ_scan_option_next(scan, option);
}

/* What was given with the option in one word. */
static int read_attached(struct writ_scan *scan, const struct writ_option *option, const char *text)
{
	if (option->second)
		return writ_scan_fail(scan, ": the values of %s are words of their own",
				      writ_scan_spell(scan, option));
	return writ_scan_option(scan, option, text);
}

static int read_long(struct writ_scan *scan, const char *word, size_t level)
{
	const char *name = word + 2;
	size_t length = strcspn(name, "=");
	const struct writ_option *option = writ_command_long(scan->command, name, length);

	if (!option)
		return writ_scan_unknown_long(scan, "--", name, length);
	if (check_repeat(scan, option, level) < 0)
		return -1;
	if (name[length] && !option->type)
		return writ_scan_no_value(scan, option);
	if (name[length])
		return read_attached(scan, option, name + length + 1);
	if (!option->type || option->optional)
		return writ_scan_option(scan, option, NULL);
	return read_next(scan, option);
}

static int read_cluster(struct writ_scan *scan, const char *word, size_t level)
{
	for (const char *p = word + 1; *p; p++) {
		const struct writ_option *option = writ_command_short(scan->command, *p);

		if (!option)
			return writ_scan_unknown_short(scan, *p);
		if (check_repeat(scan, option, level) < 0)
			return -1;
		if (option->type && p[1] == '=')
			return read_attached(scan, option, p + 2);
		if (option->type && !option->optional)
			return p[1] ? read_attached(scan, option, p + 1) : read_next(scan, option);
		if (writ_scan_option(scan, option, NULL) < 0)
			return -1;
	}
	return 0;
}

/* A command's name, or an operand. A name behind an operand means one thing or the other depending
 * on what stands between: it is not read. */
static int read_word(struct writ_scan *scan, char *word)
{
	if (!scan->dashed && writ_scan_may_descend(scan)) {
		int found = writ_scan_descend(scan, word);

		if (found != 0)
			return found;
	}
	if (writ_command_sub(scan->command, word))
		return writ_scan_no_command(scan, word);
	return writ_scan_operand(scan, word);
}

int writ_syntax_clap(struct writ_scan *scan)
{
	size_t level = scan->parsed->n_options;

	while (scan->at < scan->argc) {
		char *word = scan->argv[scan->at++];
		int status = 0;

		if (scan->dashed || !is_option(word)) {
			status = read_word(scan, word);
		} else if (strcmp(word, "--") == 0) {
			scan->dashed = true;
			scan->n_before = scan->n_words;
		} else {
			status = word[1] == '-' ? read_long(scan, word, level)
						: read_cluster(scan, word, level);
		}
		if (status != 0)
			return status;
	}
	return 0;
}

/* SPDX-License-Identifier: ISC */
/*
 * spf13/pflag under spf13/cobra, as docker sets them up (pflag's flag.go; cobra's
 * Command.Traverse): the program's own options first, then each level by its own options and its
 * parents' persistent ones.
 *
 * --help is an option like any other: read if the file lists it, else unknown. The program prints
 * its help then and does nothing; it is read as if it did its work, which only ever asks for more.
 */
#include <string.h>

#include "syntax.h"

/* Before the name of a subcommand, cobra guesses which words are values of options without reading
 * these; where its guess and pflag's reading could differ, nothing is read. The program itself is
 * read by pflag alone. */
static bool is_guessed(const struct writ_scan *scan)
{
	return scan->command->parent && writ_scan_may_descend(scan);
}

/* alone: the option is the whole word, not the end of a cluster. */
static int take_next(struct writ_scan *scan, const struct writ_option *option, bool alone)
{
	if (is_guessed(scan) && scan->at < scan->argc && (!alone || scan->argv[scan->at][0] == '-'))
		return writ_scan_fail(scan,
				      ": %s and its value before a command must be written "
				      "with '='",
				      writ_scan_spell(scan, option));
	return writ_scan_option_next(scan, option);
}

/* --name, --name=value */
static int read_long(struct writ_scan *scan, const char *word)
{
	const char *name = word + 2;
	size_t length = strcspn(name, "=");
	const struct writ_option *option;

	if (length == 0 || name[0] == '-')
		return writ_scan_fail(scan, ": '%s' is no option", writ_scan_show(scan, word));
	option = writ_command_long(scan->command, name, length);
	if (!option)
		return writ_scan_unknown_long(scan, "--", name, length);
	if (name[length])
		return writ_scan_option(scan, option, name + length + 1);
	if (!option->type || option->optional)
		return writ_scan_option(scan, option, NULL);
	return take_next(scan, option, true);
}

/* -abc, -ovalue, -o=value, -abo value. */
static int read_cluster(struct writ_scan *scan, const char *word)
{
	for (const char *p = word + 1; *p; p++) {
		const struct writ_option *option;

		/* A leftover for `go test`: pflag drops such an end of a cluster without a word. */
		if (strncmp(p, "test.", 5) == 0)
			return writ_scan_fail(scan, ": '%s' would be dropped from '%s'",
					      writ_scan_show(scan, p), writ_scan_show(scan, word));
		option = writ_command_short(scan->command, *p);
		if (!option)
			return writ_scan_unknown_short(scan, *p);
		if (p[1] == '=' && p[2])
			return writ_scan_option(scan, option, p + 2);
		if (option->type && !option->optional)
			return p[1] ? writ_scan_option(scan, option, p + 1)
				    : take_next(scan, option, p == word + 1);
		if (writ_scan_option(scan, option, NULL) < 0)
			return -1;
	}
	return 0;
}

/* Behind "--" all is operands. `docker -- run` finds its command all the same; below the program
 * cobra takes "--" and the word behind it for an option with its value. */
static int end_options(struct writ_scan *scan)
{
	if (is_guessed(scan))
		return writ_scan_fail(scan, ": '--' cannot stand before a command");
	if (writ_scan_may_descend(scan) && scan->at < scan->argc) {
		const char *word = scan->argv[scan->at];
		int found;

		if (word[0] == '-')
			return writ_scan_fail(scan, ": an option behind '--' and before a command");
		found = writ_scan_descend(scan, word);
		scan->at += found > 0;
		if (found != 0)
			return found;
	}
	return writ_scan_rest(scan);
}

static int read_word(struct writ_scan *scan, char *word)
{
	int found = writ_scan_may_descend(scan) ? writ_scan_descend(scan, word) : 0;

	if (found != 0)
		return found;
	if (!scan->command->interspersed) {
		scan->at--;
		return writ_scan_rest(scan);
	}
	return writ_scan_operand(scan, word);
}

int writ_syntax_pflag(struct writ_scan *scan)
{
	while (scan->at < scan->argc) {
		char *word = scan->argv[scan->at++];
		int status;

		if (word[0] != '-' || !word[1])
			status = read_word(scan, word);
		else if (word[1] != '-')
			status = read_cluster(scan, word);
		else if (word[2])
			status = read_long(scan, word);
		else
			return end_options(scan);
		if (status != 0)
			return status;
	}
	return 0;
}

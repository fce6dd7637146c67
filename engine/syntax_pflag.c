/* SPDX-License-Identifier: ISC */
/*
 * spf13/pflag (flag.go): how one command reads its words. Which command that is, cobra finds out
 * first (syntax_cobra.c).
 *
 * --help is an option like any other: read if the file lists it, else unknown. The program prints
 * its help then and does nothing; it is read as if it did its work, which only ever asks for more.
 */
#include <string.h>

#include "syntax.h"

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
	return writ_scan_option_next(scan, option);
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
				    : writ_scan_option_next(scan, option);
		if (writ_scan_option(scan, option, NULL) < 0)
			return -1;
	}
	return 0;
}

int writ_pflag_options(struct writ_scan *scan)
{
	while (scan->at < scan->argc) {
		const char *word = scan->argv[scan->at];

		if (word[0] != '-' || !word[1])
			return WRIT_PFLAG_OPERAND;
		scan->at++;
		if (strcmp(word, "--") == 0)
			return WRIT_PFLAG_DASHES;
		if ((word[1] == '-' ? read_long : read_cluster)(scan, word) < 0)
			return -1;
	}
	return WRIT_PFLAG_END;
}

int writ_pflag_rest(struct writ_scan *scan)
{
	const struct writ_command *command = scan->command;

	for (;;) {
		int stop = writ_pflag_options(scan);

		if (stop < 0 || scan->at == scan->argc)
			return stop < 0 ? -1 : 0;
		if (stop == WRIT_PFLAG_DASHES && !scan->dashed) {
			scan->dashed = true;
			scan->n_before = scan->n_words;
		}
		if (command->n_subcommands > 0 && command->n_operands == 0)
			return writ_scan_no_command(scan, scan->argv[scan->at]);
		if (stop == WRIT_PFLAG_DASHES || !command->interspersed)
			return writ_scan_rest(scan);
		if (writ_scan_operand(scan, scan->argv[scan->at++]) < 0)
			return -1;
	}
}

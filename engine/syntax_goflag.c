/* SPDX-License-Identifier: ISC */
/*
 * Go's flag package (flag.go, FlagSet.parseOne): -name and --name are the same, flags take a value
 * only by "=", the first operand or "--" ends the options.
 */
#include <string.h>

#include "syntax.h"

static int read_option(struct writ_scan *scan, const char *word)
{
	const char *name = word + (word[1] == '-' ? 2 : 1);
	size_t length = strcspn(name, "=");
	const struct writ_option *option;

	if (length == 0 || name[0] == '-')
		return writ_scan_fail(scan, ": '%s' is no option", writ_scan_show(scan, word));
	option = writ_command_long(scan->command, name, length);
	if (!option)
		return writ_scan_unknown_long(scan, "-", name, length);
	if (name[length])
		return writ_scan_option(scan, option, name + length + 1);
	if (!option->type)
		return writ_scan_option(scan, option, NULL);
	return writ_scan_option_next(scan, option);
}

int writ_syntax_goflag(struct writ_scan *scan)
{
	while (scan->at < scan->argc) {
		const char *word = scan->argv[scan->at];
		int found;

		if (word[0] == '-' && word[1] && strcmp(word, "--") != 0) {
			scan->at++;
			if (read_option(scan, word) < 0)
				return -1;
			continue;
		}
		scan->at += strcmp(word, "--") == 0;
		if (scan->at == scan->argc)
			break;
		found = writ_scan_may_descend(scan) ? writ_scan_descend(scan, scan->argv[scan->at])
						    : 0;
		scan->at += found > 0;
		return found != 0 ? found : writ_scan_rest(scan);
	}
	return 0;
}

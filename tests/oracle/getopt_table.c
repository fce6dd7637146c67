/* SPDX-License-Identifier: ISC */
/*
 * Preloaded into a real program: prints the option table that the program hands to getopt_long and
 * ends it there, before it has read a single argument. So a program can be asked for every option
 * that it has, hidden ones too, and can do nothing.
 *
 * Output, into the file named by OPTION_TABLE, each record ended by a NUL:
 *   OPTSTRING
 *   VALUE KIND NAME     KIND 0 no argument, 1 required, 2 optional;
 *                       two names with one VALUE are one option, "-" is a value of its own
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void print_table(const char *optstring, const struct option *options)
{
	const char *path = getenv("OPTION_TABLE");
	FILE *out = path ? fopen(path, "we") : NULL;

	if (!out)
		_exit(1);
	fprintf(out, "%s%c", optstring, 0);
	for (; options && options->name; options++) {
		if (options->flag)
			fprintf(out, "- %d %s%c", options->has_arg, options->name, 0);
		else
			fprintf(out, "%d %d %s%c", options->val, options->has_arg, options->name,
				0);
	}
	_exit(fclose(out) != 0);
}

int getopt_long(int argc, char *const *argv, const char *optstring, const struct option *options,
		int *index)
{
	(void)argc;
	(void)argv;
	(void)index;
	print_table(optstring, options);
	return -1;
}

/* SPDX-License-Identifier: ISC */
#define _GNU_SOURCE
/*
 * Preloaded into a real program: prints the option table that the program hands to getopt_long and
 * ends it there, before it has read a single argument. So a program can be asked for every option
 * that it has, hidden ones too, and can do nothing.
 *
 * Output, into the file named by OPTION_TABLE, each record ended by a NUL:
 *   OPTSTRING
 *   VALUE KIND NAME     KIND 0 no argument, 1 required, 2 optional;
 *                       two names with one VALUE are one option, "-" is a value of its own
 *
 * OPTION_TABLE_CALL, a number, lets the program read so many options before: iptables has more of
 * them once it has loaded a module.
 */
#include <dlfcn.h>
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
	static int call;
	const char *wanted = getenv("OPTION_TABLE_CALL");
	int (*real)(int, char *const *, const char *, const struct option *, int *) =
		dlsym(RTLD_NEXT, "getopt_long");

	if (!wanted || call++ >= atoi(wanted))
		print_table(optstring, options);
	return real(argc, argv, optstring, options, index);
}

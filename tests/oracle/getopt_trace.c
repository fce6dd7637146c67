/* SPDX-License-Identifier: ISC */
#define _GNU_SOURCE
/*
 * Preloaded into a real program: notes what getopt_long hands it, option by option, and ends it
 * when all options are read, before it does its work. Words that the program takes by itself
 * between two calls (argv[optind++]) are noted too.
 *
 * Output, into the file named by GETOPT_TRACE, each field ended by a NUL:
 *   w WORD          the program took this word itself
 *   l NAME x VALUE  a long option, - for x where it has no value, else =
 *   s LETTER x VALUE  a short one
 *   o WORD          a word that is no option, handed out in its place
 *   ?               not known; the end, or read anew once the program has loaded a module
 *   e               the end; all fields that follow are operands
 */
#include <dlfcn.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static FILE *out;

static void put(const char *kind, const char *text)
{
	fprintf(out, "%s%c%s%c", kind, 0, text, 0);
}

static void put_option(const char *kind, const char *name)
{
	put(kind, name);
	put(optarg ? "=" : "-", optarg ? optarg : "");
}

static void end_trace(int argc, char *const *argv)
{
	fprintf(out, "e%c", 0);
	for (int i = optind; i < argc; i++)
		fprintf(out, "%s%c", argv[i], 0);
	fclose(out);
	_exit(0);
}

/* What one call handed out. */
static void note(int c, int long_index, const struct option *options)
{
	const char letter[] = {(char)c, '\0'};

	if (long_index >= 0)
		put_option("l", options[long_index].name);
	else if (c == 1 && optarg)
		put("o", optarg);
	else
		put_option("s", letter);
	fflush(out);
}

int getopt_long(int argc, char *const *argv, const char *optstring, const struct option *options,
		int *index)
{
	static int left = 1;
	int (*real)(int, char *const *, const char *, const struct option *, int *) =
		dlsym(RTLD_NEXT, "getopt_long");
	int own_index = -1, c;

	if (!out) {
		out = fopen(getenv("GETOPT_TRACE"), "we");
		if (!out)
			_exit(1);
		left = optind ? optind : 1;
	}
	if (left > optind)
		left = optind;
	for (; left < optind && left < argc; left++)
		put("w", argv[left]);
	c = real(argc, argv, optstring, options, &own_index);
	left = optind;
	if (index && own_index >= 0)
		*index = own_index;
	if (c == -1)
		end_trace(argc, argv);
	if (c == '?' || c == ':') {
		fprintf(out, "?%c", 0);
		fflush(out);
	} else {
		note(c, own_index, options);
	}
	return c;
}

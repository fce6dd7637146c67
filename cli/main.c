/* SPDX-License-Identifier: ISC */
/* writ: the command line. Finds the subcommand, runs it, and makes sure that its output got out. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "cli.h"
#include "config.h"
#include "text.h"

/* clang-format off */ /* one a line */
/* clang-format off */
static const struct cli_command *const commands[] = {
	&cli_check,
	&cli_parse,
	&cli_test,
	&cli_lint,
	&cli_grammar,
	&cli_log,
	&cli_sessions,
	&cli_show_command,
	&cli_replay,
	&cli_report,
	&cli_forward,
};
/* clang-format on */

static void usage(FILE *out)
{
	fputs("usage: writ SUBCOMMAND [OPTION...] [ARGUMENT...]\n\n", out);
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		fprintf(out, "  %-9s %s\n", commands[i]->name, commands[i]->doc);
	fputs("\nwrit SUBCOMMAND --help says more; so does writ(1). writ --version: the version.\n",
	      out);
}

static enum cli_status unknown(const char *name)
{
	const char *names[ARRAY_SIZE(commands)], *nearest;

	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		names[i] = commands[i]->name;
	nearest = writ_text_nearest(name, names, ARRAY_SIZE(names));
	fputs("writ: unknown subcommand", stderr);
	if (nearest)
		fprintf(stderr, " (did you mean '%s'?)", nearest);
	putc('\n', stderr);
	usage(stderr);
	return CLI_FAILED;
}

static enum cli_status run(int argc, char **argv)
{
	if (argc < 2) {
		usage(stderr);
		return CLI_FAILED;
	}
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		if (strcmp(commands[i]->name, argv[1]) == 0)
			return commands[i]->run(commands[i], argc - 2, argv + 2);
	if (strcmp(argv[1], "--help") == 0)
		usage(stdout);
	else if (strcmp(argv[1], "--version") == 0)
		puts("writ " WRIT_VERSION);
	else
		return unknown(argv[1]);
	return CLI_YES;
}

/* A caller may have closed the standard descriptors; then the next file that is opened would take
 * their place, and what is printed would go there. */
static bool hold_descriptors(void)
{
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDONLY) != fd)
			return false;
	return true;
}

int main(int argc, char **argv)
{
	enum cli_status status;

	if (!hold_descriptors())
		return CLI_FAILED;
	status = run(argc, argv);
	/* An answer that did not get out is no answer: "allow" must never be read from an exit
	 * status whose decision was lost on a full disk. */
	errno = 0;
	if (fflush(stdout) != 0 || ferror(stdout) || fclose(stdout) != 0) {
		fprintf(stderr, "writ: standard output: %s\n",
			errno ? strerror(errno) : "cannot be written");
		return CLI_FAILED;
	}
	return status;
}

/* SPDX-License-Identifier: ISC */
/*
 * spf13/cobra (command.go): which command a line means. Before it has read a single option, cobra guesses
 * which words are options and which are their values; the first other word may name a subcommand.
 *
 * Programs with TraverseChildren (docker, docker compose, podman) read the options before that name as
 * those of the command they stand behind, then go on below it. All others (ollama, kubectl, helm) give
 * every option to the command found last, wherever it stands.
 *
 * What the guess passes over and no command reads is dropped by the program; what versions of cobra read
 * differently is anybody's guess: both are refused.
 */
#include <string.h>

#include "arena.h"
#include "error.h"
#include "syntax.h"

/* A word that cobra takes for an option alone: "--name" or "-n", without "=". */
static bool is_bare_option(const char *word)
{
	return word[0] == '-' && word[1] && (word[1] == '-' || !word[2]) && !strchr(word, '=');
}

/* Whether it thinks that the value of such a word is the next one. So it does if it knows no such
 * option. */
static bool takes_next(const struct writ_command *command, const char *word)
{
	const struct writ_option *option =
		word[1] == '-' ? writ_command_long(command, word + 2, strlen(word + 2))
			       : writ_command_short(command, word[1]);

	return !option || (option->type && !option->optional);
}

static int fail_versions(struct writ_scan *scan, const char *word)
{
	return writ_scan_fail(scan, ": versions of the program could read '%s' differently here",
			      writ_scan_show(scan, word));
}

/* Where Traverse finds the name of a subcommand; *ret is scan->argc if it finds none. Up to cobra 1.6 a
 * word such as "a-b" looks like an option to it. */
static int find_traversed(struct writ_scan *scan, size_t *ret)
{
	bool value = false;

	for (*ret = scan->at; *ret < scan->argc; ++*ret) {
		const char *word = scan->argv[*ret];
		bool bare = is_bare_option(word), takes = bare && takes_next(scan->command, word);

		if (bare && (takes || word[1] == '-'))
			value = takes;
		else if (value)
			value = false;
		else if (word[0] == '-' && word[1])
			continue;
		else if (word[0] && word[1] == '-' && word[2] &&
			 writ_command_sub(scan->command, word))
			return fail_versions(scan, word);
		else if (!(word[0] && word[1] == '-' && word[2]))
			break;
	}
	if (*ret < scan->argc && !writ_command_sub(scan->command, scan->argv[*ret]))
		*ret = scan->argc;
	return 0;
}

/* Whether the word stands among those from `from` on, before the one at `at`. */
static bool stands_before(char *const *words, size_t from, size_t at)
{
	for (size_t i = from; i < at; i++)
		if (strcmp(words[i], words[at]) == 0)
			return true;
	return false;
}

static int traverse(struct writ_scan *scan)
{
	size_t argc = scan->argc, at;
	const struct writ_command *sub;

	if (find_traversed(scan, &at) < 0)
		return -1;
	if (at == argc)
		return writ_pflag_rest(scan);
	sub = writ_command_sub(scan->command, scan->argv[at]);
	/* Which inherited options Traverse knows further down, depends on what Find thought of the
	 * line, and that on the version. */
	if (sub->n_subcommands > 0 && stands_before(scan->argv, scan->at, at))
		return fail_versions(scan, scan->argv[at]);
	scan->argc = at;
	if (writ_pflag_options(scan) < 0)
		return -1;
	scan->argc = argc;
	if (scan->at < at)
		return writ_scan_fail(scan, ": '%s' would be dropped",
				      writ_scan_show(scan, scan->argv[scan->at]));
	scan->at = at + 1;
	return writ_scan_descend(scan, scan->argv[at]);
}

/* Where Find looks for the name of a subcommand: at the first word that is neither an option nor, as far
 * as it can tell, an option's value. n if there is none. */
static size_t find_first(const struct writ_command *command, char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(words[i], "--") == 0)
			return n;
		if (is_bare_option(words[i]) && takes_next(command, words[i])) {
			if (n - i <= 2)
				return n;
			i++;
		} else if (words[i][0] && words[i][0] != '-') {
			return i;
		}
	}
	return n;
}

/* Every name is taken away where it stands; what remains is the last command's. Up to cobra 1.6 the first
 * word that equals the name went, even if it was an option's value. */
static int find(struct writ_scan *scan)
{
	size_t n = scan->argc - scan->at, at;
	char **words = writ_arena_alloc(scan->arena, n, sizeof(*words));

	if (!words)
		return writ_error_set(scan->err, "out of memory");
	memcpy(words, scan->argv + scan->at, n * sizeof(*words));
	while ((at = find_first(scan->command, words, n)) < n &&
	       writ_command_sub(scan->command, words[at])) {
		if (stands_before(words, 0, at))
			return fail_versions(scan, words[at]);
		if (writ_scan_descend(scan, words[at]) < 0)
			return -1;
		n--;
		memmove(words + at, words + at + 1, (n - at) * sizeof(*words));
	}
	scan->argv = words;
	scan->argc = n;
	scan->at = 0;
	return scan->command->syntax == WRIT_SYNTAX_PFLAG ? writ_pflag_rest(scan) : 1;
}

int writ_syntax_pflag(struct writ_scan *scan)
{
	const struct writ_command *command = scan->command;

	if (command->n_subcommands == 0)
		return writ_pflag_rest(scan);
	if (!command->program->traverse)
		return find(scan);
	/* docker reads its own options before cobra does, by pflag alone (HandleGlobalFlags). */
	if (!command->parent && !command->interspersed && writ_pflag_options(scan) < 0)
		return -1;
	return traverse(scan);
}

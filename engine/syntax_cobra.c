/* SPDX-License-Identifier: ISC */
/*
 * spf13/cobra (command.go): which command a line means. Before it has read a single option, cobra
 * guesses which words are options and which are their values; the first other word may name a
 * subcommand.
 *
 * Programs with TraverseChildren (docker, docker compose, podman) read the options before that name
 * as those of the command they stand behind, then go on below it. All others (ollama, kubectl,
 * helm) give every option to the command found last, wherever it stands.
 *
 * Words that the guess passes over and no command reads are dropped by the program, and versions of
 * cobra differ in some lines: neither is read.
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

/* Whether it thinks that such a word's value is the next one. So it does if it knows no such
 * option; and before the inherited options and its own persistent ones were merged it knows none of
 * these. */
static bool takes_next(const struct writ_command *command, const char *word, bool merged)
{
	const struct writ_option *option =
		word[1] == '-' ? writ_command_long(command, word + 2, strlen(word + 2))
			       : writ_command_short(command, word[1]);

	if (option && !merged && (option->owner != command || !option->here))
		option = NULL;
	return !option || (option->type && !option->optional);
}

static int fail_versions(struct writ_scan *scan, const char *word)
{
	return writ_scan_fail(scan, ": versions of the program could read '%s' differently here",
			      writ_scan_show(scan, word));
}

/* Where Find looks for the name of a subcommand: at the first word that is neither an option nor,
 * as far as it can tell, an option's value. n if there is none. */
static size_t find_first(const struct writ_command *command, char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(words[i], "--") == 0)
			return n;
		if (is_bare_option(words[i]) && takes_next(command, words[i], true))
			i++;
		else if (words[i][0] && words[i][0] != '-')
			return i;
	}
	return n;
}

/* The first word that equals the one at `at`: up to cobra 1.6 Find takes that one away for the
 * name, even if it is an option's value. */
static size_t first_equal(char *const *words, size_t at)
{
	size_t i = 0;

	while (strcmp(words[i], words[at]) != 0)
		i++;
	return i;
}

/* Whether it matters which one of equal words goes. */
static bool is_doubtful(char *const *words, size_t at)
{
	for (size_t i = first_equal(words, at); i < at; i++)
		if (strcmp(words[i], words[at]) != 0)
			return true;
	return false;
}

static void take_away(char **words, size_t *n, size_t at)
{
	--*n;
	memmove(words + at, words + at + 1, (*n - at) * sizeof(*words));
}

/* All words that cobra is given, to take names away from. NULL with an error. */
static char **copy_words(struct writ_scan *scan, size_t *ret_n)
{
	size_t n = scan->argc - scan->first;
	char **words = writ_arena_alloc(scan->arena, n, sizeof(*words));

	if (!words) {
		writ_error_set(scan->err, "out of memory");
		return NULL;
	}
	memcpy(words, scan->argv + scan->first, n * sizeof(*words));
	*ret_n = n;
	return words;
}

/* Every name is taken away where it stands; what remains is the last command's. */
static int find(struct writ_scan *scan)
{
	size_t n, at;
	char **words = copy_words(scan, &n);

	if (!words)
		return -1;
	while ((at = find_first(scan->command, words, n)) < n &&
	       writ_command_sub(scan->command, words[at])) {
		if (is_doubtful(words, at))
			return fail_versions(scan, words[at]);
		if (writ_scan_descend(scan, words[at]) < 0)
			return -1;
		take_away(words, &n, at);
	}
	scan->argv = words;
	scan->argc = n;
	scan->at = 0;
	return scan->command->syntax == WRIT_SYNTAX_PFLAG ? writ_pflag_rest(scan) : 1;
}

/* Whether Find, which is always asked first, comes to the command: so its options were merged when
 * Traverse asks for them. 1 or 0, -1 without memory. */
static int is_found(struct writ_scan *scan, const struct writ_command *wanted, bool old)
{
	const struct writ_command *command = scan->command->program;
	size_t n, at;
	char **words = copy_words(scan, &n);

	if (!words)
		return -1;
	while (command && command != wanted && (at = find_first(command, words, n)) < n) {
		command = writ_command_sub(command, words[at]);
		take_away(words, &n, old ? first_equal(words, at) : at);
	}
	return command == wanted && n > 0;
}

/* Where Traverse finds the name of a subcommand, or scan->argc. Up to cobra 1.6 a word such as
 * "a-b" looks like an option to it: `passed` is set if that hides a name. */
struct guess {
	size_t at;
	bool passed;
};

static struct guess guess(const struct writ_scan *scan, bool merged)
{
	const struct writ_command *command = scan->command;
	struct guess result = {.at = scan->argc};
	bool value = false;

	for (size_t i = scan->at; i < scan->argc; i++) {
		const char *word = scan->argv[i];
		bool bare = is_bare_option(word), takes = bare && takes_next(command, word, merged);

		if (bare && (takes || word[1] == '-')) {
			value = takes;
		} else if (value) {
			value = false;
		} else if (word[0] && word[1] == '-' && word[2]) {
			result.passed = result.passed || writ_command_sub(command, word);
		} else if (word[0] != '-' || !word[1]) {
			if (writ_command_sub(command, word))
				result.at = i;
			break;
		}
	}
	return result;
}

static int find_traversed(struct writ_scan *scan, size_t *ret)
{
	struct guess merged = guess(scan, true), unmerged = merged, *taken = &merged;

	if (scan->command->parent) /* Find always comes to the program itself */
		unmerged = guess(scan, false);
	if (merged.at != unmerged.at || merged.passed != unmerged.passed) {
		int found = is_found(scan, scan->command, false);

		if (found < 0)
			return -1;
		if (found != is_found(scan, scan->command, true))
			return fail_versions(scan, scan->argv[scan->at]);
		taken = found ? &merged : &unmerged;
	}
	if (taken->passed)
		return fail_versions(scan, scan->argv[scan->at]);
	*ret = taken->at;
	return 0;
}

static int traverse(struct writ_scan *scan)
{
	size_t argc = scan->argc, at = argc;

	if (find_traversed(scan, &at) < 0)
		return -1;
	if (at == argc)
		return writ_pflag_rest(scan);
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

int writ_syntax_pflag(struct writ_scan *scan)
{
	const struct writ_command *command = scan->command;

	if (command->n_subcommands == 0)
		return writ_pflag_rest(scan);
	/* docker reads its own options before cobra does, by pflag alone (HandleGlobalFlags). */
	if (!command->parent && command->traverse && !command->interspersed &&
	    writ_pflag_options(scan) < 0)
		return -1;
	if (scan->first == 0)
		scan->first = scan->at;
	return command->program->traverse ? traverse(scan) : find(scan);
}

/* SPDX-License-Identifier: ISC */
#include "cli.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "error.h"
#include "text.h"

/* Where the reading is. */
struct reading {
	const struct cli_command *command;
	int argc;
	char **argv;
	int at; /* of the word that is read */
	void *args;
};

static const struct cli_option *find(const struct cli_command *command, const char *name,
				     size_t length)
{
	for (size_t i = 0; i < command->n_options; i++) {
		const struct cli_option *option = &command->options[i];

		if (strlen(option->name) == length && memcmp(option->name, name, length) == 0)
			return option;
	}
	return NULL;
}

static const struct cli_option *find_letter(const struct cli_command *command, char letter)
{
	const char *at =
		command->letters && letter != ' ' ? strchr(command->letters, letter) : NULL;

	return at ? &command->options[at - command->letters] : NULL;
}

static bool takes_several(const struct cli_option *option)
{
	size_t length = strlen(option->value);

	return length > 3 && strcmp(option->value + length - 3, "...") == 0;
}

static void *slot_of(const struct reading *r, const struct cli_option *option)
{
	return (char *)r->args + option->offset;
}

static bool is_option(const char *word)
{
	return word[0] == '-' && word[1] != '\0';
}

static bool add_value(const struct reading *r, const struct cli_option *option, const char *value)
{
	struct cli_values *values = slot_of(r, option);

	/* There cannot be more of them than words. */
	if (!values->items)
		values->items = calloc((size_t)r->argc, sizeof(*values->items));
	if (!values->items) {
		cli_error(&(struct writ_error) {.message = "out of memory"});
		return false;
	}
	values->items[values->n++] = value;
	return true;
}

/* The option's value is the rest of its word, or else the next word; those that take several take
 * all there are. */
static bool read_value(struct reading *r, const struct cli_option *option, const char *rest)
{
	if (!rest && r->at + 1 == r->argc) {
		cli_usage_error(r->command, "--%s needs a value: %s", option->name, option->value);
		return false;
	}
	if (!rest)
		rest = r->argv[++r->at];
	if (!takes_several(option)) {
		*(const char **)slot_of(r, option) = rest;
		return true;
	}
	if (!add_value(r, option, rest))
		return false;
	while (r->at + 1 < r->argc && !is_option(r->argv[r->at + 1]))
		if (!add_value(r, option, r->argv[++r->at]))
			return false;
	return true;
}

/* "--name", "--name=VALUE" */
static bool read_long(struct reading *r, const char *word)
{
	const char *name = word + 2, *equals = strchr(name, '=');
	const struct cli_option *option =
		find(r->command, name, equals ? (size_t)(equals - name) : strlen(name));

	if (!option) {
		cli_usage_error(r->command, "unknown option %s", word);
		return false;
	}
	if (option->value)
		return read_value(r, option, equals ? equals + 1 : NULL);
	if (equals) {
		cli_usage_error(r->command, "--%s takes no value", option->name);
		return false;
	}
	*(bool *)slot_of(r, option) = true;
	return true;
}

/* "-n", "-nR", "-s2" */
static bool read_short(struct reading *r, const char *word)
{
	for (const char *letter = word + 1; *letter; letter++) {
		const struct cli_option *option = find_letter(r->command, *letter);

		if (!option) {
			cli_usage_error(r->command, "unknown option %s", word);
			return false;
		}
		if (option->value)
			return read_value(r, option, letter[1] ? letter + 1 : NULL);
		*(bool *)slot_of(r, option) = true;
	}
	return true;
}

static bool read_one(struct reading *r)
{
	const char *word = r->argv[r->at];

	return word[1] == '-' ? read_long(r, word) : read_short(r, word);
}

/* What was read before an error. */
static void forget(const struct reading *r)
{
	for (size_t i = 0; i < r->command->n_options; i++) {
		const struct cli_option *option = &r->command->options[i];
		struct cli_values *values = slot_of(r, option);

		if (!option->value || !takes_several(option))
			continue;
		free(values->items);
		*values = (struct cli_values) {0};
	}
}

bool cli_options_read(const struct cli_command *command, int argc, char **argv, void *args,
		      int *ret_n, enum cli_status *ret_status)
{
	struct reading r = {command, argc, argv, 0, args};
	int n = 0;

	for (; r.at < argc; r.at++) {
		if (strcmp(argv[r.at], "--help") == 0) {
			cli_usage(command, false);
			forget(&r);
			*ret_status = CLI_YES;
			return false;
		}
		if (strcmp(argv[r.at], "--") == 0) {
			r.at++;
			break;
		}
		if (is_option(argv[r.at])) {
			if (!read_one(&r)) {
				forget(&r);
				*ret_status = CLI_FAILED;
				return false;
			}
			continue;
		}
		if (!command->mixed)
			break;
		argv[n++] = argv[r.at];
	}
	while (r.at < argc)
		argv[n++] = argv[r.at++];
	*ret_n = n;
	return true;
}

/* "  -s, --speed FACTOR", as --help has it. Its length. */
static int print_option(FILE *out, const struct cli_command *command, size_t i)
{
	const struct cli_option *o = &command->options[i];
	char letter[] = "  -x, ";

	if (!command->letters || command->letters[i] == ' ')
		letter[2] = '\0';
	else
		letter[3] = command->letters[i];
	return fprintf(out, "%s--%s%s%s", letter, o->name, o->value ? " " : "",
		       o->value ? o->value : "");
}

void cli_usage(const struct cli_command *command, bool to_stderr)
{
	FILE *out = to_stderr ? stderr : stdout;

	fprintf(out, "usage: writ %s", command->name);
	for (size_t i = 0; i < command->n_options; i++) {
		const struct cli_option *o = &command->options[i];

		fprintf(out, " [--%s%s%s]", o->name, o->value ? " " : "", o->value ? o->value : "");
	}
	fprintf(out, " %s\n", command->operands);
	if (to_stderr)
		return;
	fprintf(out, "\n%s\n\n", command->doc);
	for (size_t i = 0; i < command->n_options; i++) {
		int used = print_option(out, command, i);

		fprintf(out, "%*s%s\n", used < 22 ? 22 - used : 2, "", command->options[i].doc);
	}
	fprintf(out, "  --help              this text\n");
}

/* What is printed may quote an argument, or a file: one line that speaks to no terminal. */
static void print_safely(const char *s)
{
	struct writ_arena *arena = writ_arena_new();
	const char *shown = arena ? writ_text_show(arena, s, strlen(s) * 4) : NULL;

	fprintf(stderr, "%s\n", shown ? shown : "out of memory");
	writ_arena_free(arena);
}

enum cli_status cli_usage_error(const struct cli_command *command, const char *format, ...)
{
	char message[512];
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	fprintf(stderr, "writ %s: ", command->name);
	print_safely(message);
	cli_usage(command, true);
	return CLI_FAILED;
}

enum cli_status cli_error(const struct writ_error *err)
{
	char line[sizeof(*err) + 64];

	if (!err->file[0])
		fputs("writ: ", stderr);
	print_safely(writ_error_string(err, line, sizeof(line)));
	return CLI_FAILED;
}

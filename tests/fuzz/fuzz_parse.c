/* SPDX-License-Identifier: ISC */
/*
 * engine/parse.c and the syntaxes. The input's first byte chooses a syntax, the other lines are the
 * words. getopt_long is compared with glibc's own on the same table; of every reading, the same
 * things written plainly ("--name=value", operands behind "--") must be read the same.
 */
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "command.h"
#include "error.h"
#include "fuzz.h"
#include "json.h"
#include "parsed.h"

#define WORDS_MAX 24

static const char head[] = "{\"command\": \"p\", \"programs\": [\"/p\"], \"syntax\": ";

/* The same table for all syntaxes that have long options, and in glibc's form. */
#define OPTIONS                                                                                    \
	"\"options\": {\"all\": {\"short\": \"a\"}, \"almost-all\": {\"short\": \"A\"},"           \
	"\"block\": {\"short\": \"b\", \"value\": \"string\"},"                                    \
	"\"blue\": {\"value\": \"string\", \"optional\": true},"                                   \
	"\"color\": {\"short\": \"c\", \"value\": \"string\", \"optional\": true},"                \
	"\"quiet\": {\"short\": \"q\", \"aliases\": [\"quell\", \"silent\"]}},"
#define OPERANDS "\"operands\": [\"[WORD...]\"]}"

static const struct option longs[] = {
	{"all", no_argument, NULL, 'a'},
	{"almost-all", no_argument, NULL, 'A'},
	{"block", required_argument, NULL, 'b'},
	{"blue", optional_argument, NULL, 'B'},
	{"color", optional_argument, NULL, 'c'},
	{"quell", no_argument, NULL, 'q'},
	{"quiet", no_argument, NULL, 'q'},
	{"silent", no_argument, NULL, 'q'},
	{0},
};

/* What few programs have: a negation, modules, words behind values, options in an operand's place.
 */
#define EXTRAS                                                                                     \
	"\"negation\": \"!\", \"modules\": [\"tcp\", \"log\"], \"options\": {"                     \
	"\"source\": {\"short\": \"s\", \"value\": \"string\", \"negate\": true},"                 \
	"\"match\": {\"short\": \"m\", \"value\": \"string\", \"loads\": true},"                   \
	"\"port\": {\"value\": \"int\", \"of\": \"tcp\", \"negate\": true},"                       \
	"\"flags\": {\"value\": \"string\", \"of\": \"tcp\"},"                                     \
	"\"set\": {\"value\": \"string\", \"behind\": \"flags\"},"                                 \
	"\"list\": {\"short\": \"L\", \"value\": \"string\", \"optional\": true,"                  \
	" \"next\": \"[^-!].*\"},"                                                                 \
	"\"line\": {\"value\": \"int\", \"behind\": \"list\", \"next\": \"[0-9]+\"},"              \
	"\"file\": {\"short\": \"f\", \"value\": \"path\", \"instead_of\": \"WORD\"}},"

static const struct {
	const char *rest;   /* of the command file */
	const char *shorts; /* glibc's; NULL: another syntax */
	bool other_words;   /* not all that is read can be written as --name=value */
} syntaxes[] = {
	{"\"getopt_long\", \"complete\": true, " OPTIONS OPERANDS, ":aAb:c::q", false},
	{"\"getopt_long\", \"complete\": true, \"interspersed\": false, " OPTIONS OPERANDS,
	 "+:aAb:c::q", false},
	{"\"pflag\", " OPTIONS OPERANDS, NULL, false},
	{"\"pflag\", \"interspersed\": false, " OPTIONS OPERANDS, NULL, false},
	{"\"pflag\", " OPTIONS "\"subcommands\": {\"sub\": {" OPTIONS
	 "\"operands\": [\"A\", \"B...\"],"
	 "\"subcommands\": {\"low\": {\"operands\": [\"A...\", \"B\"]}}}}}",
	 NULL, false},
	{"\"goflag\", \"options\": {\"a\": {}, \"name\": {\"value\": \"string\"}}, " OPERANDS, NULL,
	 false},
	{"\"clap\", " OPTIONS OPERANDS, NULL, false},
	{"\"getopt_long\", \"complete\": true, " EXTRAS OPERANDS, NULL, true},
	{"\"clap\", " OPTIONS "\"subcommands\": {\"sub\": {\"options\": {\"two\": {\"value\":"
	 " \"string\", \"repeat\": true}, \"word\": {\"value\": \"string\", \"behind\": \"two\"}},"
	 " \"operands\": [\"[A]\", \"[-- B...]\"]}}}",
	 NULL, true},
};

static const struct writ_command *load(struct writ_arena *arena, size_t which)
{
	char text[2048];
	struct writ_error err = {0};
	const struct writ_json *json;
	const struct writ_command *root;

	snprintf(text, sizeof(text), "%s%s", head, syntaxes[which].rest);
	json = writ_json_parse(arena, "fuzz", text, strlen(text), &err);
	root = json ? writ_command_parse(arena, json, &err) : NULL;
	if (!root)
		abort();
	return root;
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* Whether glibc reads the vector as parsed; parsed NULL: it was refused. */
static bool glibc_agrees(const char *shorts, char *const *words, size_t n,
			 const struct writ_parsed *parsed)
{
	char *argv[WORDS_MAX + 2] = {0};
	size_t i = 0, operands;
	int c;

	memcpy(argv, words, n * sizeof(*argv)); /* it is permuted */
	optind = 0;
	opterr = 0;
	while ((c = getopt_long((int)n, argv, shorts, longs, NULL)) != -1) {
		const struct writ_occurrence *o =
			parsed && i < parsed->n_options ? &parsed->options[i] : NULL;
		char letter;

		if (c == '?' || c == ':')
			return !parsed;
		if (!parsed)
			continue; /* an error must follow */
		if (!o)
			return false;
		letter = o->option->short_letter ? o->option->short_letter : 'B';
		if (letter != c ||
		    (o->option->type && !same_text(optarg, o->absent ? NULL : o->value.text)))
			return false;
		i++;
	}
	if (!parsed || i != parsed->n_options)
		return false;
	operands = n - (size_t)optind;
	if (operands != parsed->n_operands)
		return false;
	for (i = 0; i < operands; i++)
		if (strcmp(argv[(size_t)optind + i], parsed->operands[i].value.text) != 0)
			return false;
	return true;
}

/* Before an operand that could be the name of a subcommand there can be no "--". */
static bool can_end_options(const struct writ_parsed *parsed)
{
	return !parsed->command->parent || parsed->command->n_subcommands == 0;
}

static bool can_be_plain(const struct writ_parsed *parsed)
{
	for (size_t i = 0; i < parsed->n_operands; i++)
		if (parsed->operands[i].value.text[0] == '-' && !can_end_options(parsed))
			return false;
	return true;
}

/* What was read, written plainly, with the options of each command before the next one's name. */
static size_t write_plainly(struct writ_arena *arena, const struct writ_parsed *parsed, char **out,
			    size_t max)
{
	const struct writ_command *levels[8];
	size_t depth = 0, n = 0;

	for (const struct writ_command *c = parsed->command; c; c = c->parent)
		levels[depth++] = c;
	while (depth-- > 0) {
		out[n++] = (char *)levels[depth]->name;
		for (size_t i = 0; i < parsed->n_options && n < max; i++) {
			const struct writ_occurrence *o = &parsed->options[i];

			if (o->option->owner == levels[depth])
				out[n++] =
					o->absent
						? writ_arena_printf(arena, "--%s", o->option->name)
					: o->option->type || !o->value.number.boolean
						? writ_arena_printf(arena, "--%s=%s",
								    o->option->name, o->value.text)
						: writ_arena_printf(arena, "--%s", o->option->name);
		}
	}
	if (can_end_options(parsed))
		out[n++] = writ_arena_strdup(arena, "--");
	for (size_t i = 0; i < parsed->n_operands && n < max; i++)
		out[n++] = (char *)parsed->operands[i].value.text;
	return n;
}

/* Options may have moved to the level that they belong to; each level's keep their order. */
static bool same_reading(const struct writ_parsed *a, const struct writ_parsed *b)
{
	if (a->command != b->command || a->n_options != b->n_options ||
	    a->n_operands != b->n_operands)
		return false;
	for (const struct writ_command *c = a->command; c; c = c->parent) {
		size_t k = 0;

		for (size_t i = 0; i < a->n_options; i++) {
			const struct writ_occurrence *o = &a->options[i];

			if (o->option->owner != c)
				continue;
			while (k < b->n_options && b->options[k].option->owner != c)
				k++;
			if (k == b->n_options || b->options[k].option != o->option ||
			    b->options[k].absent != o->absent ||
			    strcmp(b->options[k].value.normal, o->value.normal) != 0)
				return false;
			k++;
		}
	}
	for (size_t i = 0; i < a->n_operands; i++)
		if (a->operands[i].operand != b->operands[i].operand ||
		    strcmp(a->operands[i].value.text, b->operands[i].value.text) != 0)
			return false;
	return true;
}

static void check(struct writ_arena *arena, size_t which, char **words, size_t n)
{
	const struct writ_command *root = load(arena, which);
	struct writ_parsed parsed = {0}, again = {0};
	struct writ_error err = {0};
	char *plain[WORDS_MAX * 64 + 16];
	bool read = writ_parse(arena, root, words, n, &parsed, &err) == 0;

	if (!read && (!err.message[0] || strchr(err.message, '\n')))
		abort();
	if (syntaxes[which].shorts &&
	    !glibc_agrees(syntaxes[which].shorts, words, n, read ? &parsed : NULL))
		abort();
	if (read && !syntaxes[which].other_words && can_be_plain(&parsed)) {
		n = write_plainly(arena, &parsed, plain, sizeof(plain) / sizeof(plain[0]) - 4);
		if (writ_parse(arena, root, plain, n, &again, &err) < 0 ||
		    !same_reading(&parsed, &again))
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct writ_arena *arena = writ_arena_new();
	char *words[WORDS_MAX + 1] = {0}, *text;
	size_t n = 0;

	if (!arena)
		abort();
	if (size > 0 && size < 1024 && !memchr(data, '\0', size)) {
		text = writ_arena_strndup(arena, (const char *)data + 1, size - 1);
		words[n++] = writ_arena_strdup(arena, "p");
		for (char *line = text; line && n < WORDS_MAX; n++) {
			words[n] = line;
			line = strchr(line, '\n');
			if (line)
				*line++ = '\0';
		}
		check(arena, data[0] % (sizeof(syntaxes) / sizeof(syntaxes[0])), words, n);
	}
	writ_arena_free(arena);
	return 0;
}

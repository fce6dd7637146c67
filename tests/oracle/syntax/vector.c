/* SPDX-License-Identifier: ISC */
#include "vector.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* What may stand where a value or an operand does, with what looks like something else. */
static const char *const words[] = {
	"x",   "y",   "a",      "up",      "run",         "5",   "50",     "-1",
	"+5",  "all", "true",   "false",   "a=b",         "",    "-",      "--",
	"=",   "=x",  "-x",     "--file",  "--no=1",      "a,b", "--help", "-h",
	"a-b", "x-y", "test.v", "-test.v", "caf\xc3\xa9", "a b", "*",
};
static const char *const texts[] = {"x", "abc", "a=b", "a,b", "-v",     "5",
				    "",  "=",   "--",  "=x",  "test.v", "\xc3\xa9"};
static const char *const bools[] = {"1",  "t", "T",     "TRUE",  "true",  "True", "0",
				    "f",  "F", "FALSE", "false", "False", "tRUE", "yes",
				    "no", "2", "",      "on",    " true"};
static const char *const ints[] = {
	"0",
	"1",
	"-1",
	"+7",
	"42",
	"010",
	"0x1F",
	"0X1f",
	"0b101",
	"0o17",
	"1_000",
	"_1",
	"1_",
	"0_7",
	"1__0",
	"0x_f",
	"08",
	"9223372036854775807",
	"9223372036854775808",
	"-9223372036854775808",
	"-9223372036854775809",
	"",
	"-",
	"+",
	"1.5",
	"1e3",
	" 1",
	"abc",
	"--1",
	"0x",
	"x",
	"-0",
};
static const char *const durations[] = {
	"10s",
	"1h30m",
	"1.5h",
	"-5s",
	"+5s",
	"0",
	"5",
	"1m1m",
	".5s",
	"5.s",
	".s",
	"1us",
	"1\xc2\xb5s",
	"1\xce\xbcs",
	"1ms",
	"1d",
	"",
	"-",
	"1h 2m",
	"9223372036854775807ns",
	"9223372036854775808ns",
	"2562047h47m16.854775807s",
	"2562047h47m16.854775808s",
	"-2562047h47m16.854775808s",
	"-0",
	"0.100000000000000000000h",
	"3000000h",
	"s",
	"1S",
};
static const char *const noises[] = {
	"--",      "-",      "",          "--=x",         "--=",    "-=",         "-=x",   "---",
	"---x",    "---=",   "-:",        "-;",           "--:",    "-a-b",       "-1",    "-50",
	"+5",      "-W",     "-Wfoo",     "--no",         "--n",    "--v",        "--col", "--f",
	"-test.v", "-h",     "--help",    "--help=false", "-h=x",   "--test.v=x", "-?",    "\xff",
	"-\xff",   "--\xc3", "-\xc3\xa9", "-\x01",        "--no\n", "\n",         "a\rb",  "=",
	"-\"",     "\"",     "a-b",       "-5c",          "-cf",    "--x-",
};

__attribute__((format(printf, 2, 3))) static void add(struct vector *v, const char *format, ...)
{
	va_list args;

	if (v->n == VECTOR_WORDS)
		return;
	va_start(args, format);
	vsnprintf(v->words[v->n++], VECTOR_WORD_SIZE, format, args);
	va_end(args);
}

static const char *value_of(struct dice *dice, const struct table_option *option)
{
	if (dice_percent(dice, 15))
		return DICE_PICK(dice, words);
	if (option->kind == TABLE_FLAG)
		return DICE_PICK(dice, bools);
	switch (option->type[0]) {
	case 'i':
		return dice_percent(dice, 55) ? "42" : DICE_PICK(dice, ints);
	case 'd':
		return dice_percent(dice, 55) ? "90s" : DICE_PICK(dice, durations);
	default:
		return DICE_PICK(dice, texts);
	}
}

/* The value in the next word, where the option may want one there. */
static void add_next(struct dice *dice, const struct table_option *option, struct vector *v)
{
	unsigned percent = option->kind == TABLE_REQUIRED ? 94 : option->next[0] ? 50 : 3;

	if (!dice_percent(dice, percent))
		return;
	if (option->next[0] && dice_percent(dice, 70))
		add(v, "%s", dice_percent(dice, 70) ? "50" : DICE_PICK(dice, ints));
	else
		add(v, "%s", value_of(dice, option));
	if (option->second && dice_percent(dice, 85))
		add(v, "%s", value_of(dice, option));
}

static void add_long(struct dice *dice, const struct table *table,
		     const struct table_option *option, struct vector *v)
{
	const char *name = option->names[dice_below(dice, option->n_names)], *dashes = "--";
	bool abbreviates = strcmp(table->mode->syntax, "getopt_long") == 0;
	size_t length = strlen(name);
	bool by_w = table->mode->w_is_long && dice_percent(dice, 40);
	unsigned valued = option->kind == TABLE_FLAG ? 8 : option->kind == TABLE_REQUIRED ? 50 : 60;

	if (dice_percent(dice, abbreviates ? 35 : 3))
		length = dice_below(dice, length + 1);
	if (strcmp(table->mode->syntax, "goflag") == 0) {
		dashes = dice_percent(dice, 50) ? "-" : "--";
		valued = 30;
	} else if (!abbreviates && !table->mode->clap && option->kind == TABLE_FLAG) {
		valued = 30;
	}
	if (by_w) {
		dashes = dice_percent(dice, 50) ? "-W" : "";
		if (!dashes[0])
			add(v, "-W");
	}
	if (dice_percent(dice, valued)) {
		add(v, "%s%.*s=%s", dashes, (int)length, name, value_of(dice, option));
		return;
	}
	add(v, "%s%.*s", dashes, (int)length, name);
	add_next(dice, option, v);
}

/* One word of letters; the last may have its value behind it. */
static void add_cluster(struct dice *dice, const struct table_option *const *seen, size_t n,
			bool w_is_long, struct vector *v)
{
	const struct table_option *option = NULL;
	char cluster[8] = "-";
	size_t used = 1;

	for (int attempt = 0; attempt < 12 && used < sizeof(cluster) - 1; attempt++) {
		const struct table_option *next = seen[dice_below(dice, n)];

		if (!next->letter)
			continue;
		option = next;
		cluster[used++] = option->letter;
		cluster[used] = '\0';
		if (!dice_percent(dice, option->kind == TABLE_FLAG ? 55 : 5))
			break;
	}
	if (!option)
		return;
	if (option->kind == TABLE_FLAG && w_is_long && dice_percent(dice, 20)) {
		add(v, "%sW%s", cluster, dice_percent(dice, 50) ? "" : "ver");
		return;
	}
	if (option->kind != TABLE_FLAG && dice_percent(dice, 40)) {
		add(v, "%s%s", cluster, value_of(dice, option));
		return;
	}
	if (dice_percent(dice, 20)) {
		add(v, "%s=%s", cluster, value_of(dice, option));
		return;
	}
	add(v, "%s", cluster);
	add_next(dice, option, v);
}

static void add_option(struct dice *dice, const struct table *table,
		       const struct table_command *command, struct vector *v)
{
	const struct table_option *seen[TABLE_OPTIONS * 4], *option;
	size_t n = table_visible(command, seen, sizeof(seen) / sizeof(seen[0]));

	if (n == 0)
		return;
	option = seen[dice_below(dice, n)];
	if (option->n_names > 0 && (!option->letter || dice_percent(dice, 50)))
		add_long(dice, table, option, v);
	else
		add_cluster(dice, seen, n, table->mode->w_is_long, v);
}

static void add_bytes(struct dice *dice, struct vector *v)
{
	char text[12];
	size_t length = dice_below(dice, sizeof(text));

	for (size_t i = 0; i < length; i++)
		text[i] = (char)(1 + dice_below(dice, 255));
	text[length] = '\0';
	add(v, "%s%s", dice_percent(dice, 50) ? "-" : "", text);
}

/* Options, operands and oddities between the words that lead down. */
static void add_some(struct dice *dice, const struct table *table,
		     const struct table_command *command, size_t most, struct vector *v)
{
	for (size_t left = dice_below(dice, most + 1); left > 0; left--) {
		/* clap refuses more than others: fewer oddities, or nothing is read. */
		size_t which =
			dice_below(dice, table->mode->clap && dice_percent(dice, 90) ? 84 : 100);

		if (which < 66)
			add_option(dice, table, command, v);
		else if (which < 84)
			add(v, "%s", DICE_PICK(dice, words));
		else if (which < 90)
			add(v, "--");
		else if (which < 98)
			add(v, "%s", DICE_PICK(dice, noises));
		else
			add_bytes(dice, v);
	}
}

void vector_remove(struct vector *vector, size_t at)
{
	memmove(vector->words[at], vector->words[at + 1],
		(vector->n - at - 1) * sizeof(vector->words[0]));
	vector->n--;
}

/* What slips of the finger do. */
static void spoil(struct dice *dice, struct vector *v)
{
	size_t at = dice_below(dice, v->n), length;
	char copy[VECTOR_WORD_SIZE];

	if (v->n == 0)
		return;
	length = strlen(v->words[at]);
	switch (dice_below(dice, 5)) {
	case 0:
		vector_remove(v, at);
		break;
	case 1:
		add(v, "%s", v->words[at]);
		break;
	case 2:
		v->words[at][dice_below(dice, length + 1)] = '\0';
		break;
	case 3:
		if (length > 0)
			v->words[at][dice_below(dice, length)] = (char)(1 + dice_below(dice, 255));
		break;
	default:
		memcpy(copy, v->words[at], sizeof(copy));
		memmove(v->words[at], v->words[0], sizeof(copy));
		memcpy(v->words[0], copy, sizeof(copy));
	}
}

/* The tail's old form: the first of few words. */
static void add_digits(struct dice *dice, struct vector *v)
{
	static const char *const first[] = {"-50", "-5", "-0", "-5f",  "-5c", "+5", "-c",  "-f",
					    "-cf", "-",  "+",  "-5lf", "+lf", "-b", "-5x", "--"};
	static const char *const behind[] = {"a", "-", "--", "-x", "", "b", "+5", "-5"};
	size_t n = dice_below(dice, 4);

	add(v, "%s", DICE_PICK(dice, first));
	while (n-- > 0)
		add(v, "%s", DICE_PICK(dice, behind));
}

/* A list's values are CSV, which is no matter of syntax: no quotes and line ends where there are
 * lists. */
static void clean(struct vector *v)
{
	for (size_t i = 0; i < v->n; i++)
		for (char *p = v->words[i]; *p; p++)
			if (*p == '"' || *p == '\n' || *p == '\r')
				*p = 'q';
}

void vector_new(struct dice *dice, const struct table *table, struct vector *ret)
{
	const struct table_command *command = table->root;

	ret->n = 0;
	if (table->mode->digits && dice_percent(dice, 60)) {
		add_digits(dice, ret);
	} else {
		while (command->n_subs > 0 && dice_percent(dice, 88)) {
			const struct table_command *sub =
				command->subs[dice_below(dice, command->n_subs)];

			/* Cobra also looks at the words before a command as its own. */
			add_some(dice, table, dice_percent(dice, 80) ? command : sub, 2, ret);
			add(ret, "%s",
			    sub->alias[0] && dice_percent(dice, 50) ? sub->alias : sub->name);
			command = sub;
		}
		add_some(dice, table, command, 6, ret);
	}
	if (dice_percent(dice, 12))
		spoil(dice, ret);
	if (table->lists)
		clean(ret);
}

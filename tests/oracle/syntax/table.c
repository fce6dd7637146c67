/* SPDX-License-Identifier: ISC */
#include "table.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Few parts, so that names are each other's prefixes. */
static const char *const heads[] = {"no", "ver", "col", "file", "f", "line", "o", "help"};
static const char *const tails[] = {"",   "",  "or", "ose", "sion", "-x", "s",
				    "er", "-", "1",  ".d",  "_y",   "X"};
static const char *const odd_names[] = {"test.v", "caf\xc3\xa9", "a,b", "9", "true", "t"};
static const char *const verbs[] = {"run", "up", "ls", "x", "rm", "set", "r", "f", "a", "5"};
static const char letters[] = "abcdefhlnqstvxyzABDHLTVW0145@%,._/";
static const char *const nexts[] = {"[0-9]+", "[+-]?[0-9]+", "all|[0-9]+", "[^-].*"};

static const struct table_operands any = {"[\"[WORD...]\"]", 0, -1, false};
static const struct table_operands none = {NULL, 0, 0, false};
static const struct table_operands forms[] = {
	{"[]", 0, 0, false},
	{"[\"A\"]", 1, 1, false},
	{"[\"[A]\"]", 0, 1, false},
	{"[\"A\", \"[B]\"]", 1, 2, false},
	{"[\"A\", \"[B...]\"]", 1, -1, false},
	{"[\"A...\", \"Z\"]", 2, -1, false},
	{"[\"A\", \"[COMMAND...]\"]", 1, -1, false},
	{"[\"[COMMAND...]\"]", 0, -1, false},
};
static const struct table_operands clap_forms[] = {
	{"[]", 0, 0, false},
	{"[\"A\"]", 1, 1, false},
	{"[\"[A]\"]", 0, 1, false},
	{"[\"A\", \"[B]\"]", 1, 2, false},
	{"[\"A\", \"[B...]\"]", 1, -1, false},
	{"[\"[-- REST...]\"]", 0, 0, true},
	{"[\"[A]\", \"[-- REST...]\"]", 0, 1, true},
	{"[\"A\", \"[-- REST...]\"]", 1, 1, true},
	{"[\"[A...]\", \"[-- REST...]\"]", 0, -1, true},
};
/* COMMAND... is only for commands whose options end at the first operand. */
#define FORMS_PERMUTED 6

static bool is_syntax(const struct table *table, const char *syntax)
{
	return strcmp(table->mode->syntax, syntax) == 0;
}

static bool is_getopt(const struct table *table)
{
	return strncmp(table->mode->syntax, "getopt", 6) == 0;
}

/* A name that no option has yet; "" if chance does not find one. */
static void new_name(struct dice *dice, const struct table *table,
		     const struct table_command *command, char out[TABLE_NAME_SIZE])
{
	bool short_names = is_syntax(table, "goflag");

	for (int attempt = 0; attempt < 20; attempt++) {
		bool dashed = is_syntax(table, "getopt_long") && dice_percent(dice, 3);

		if (dice_percent(dice, 4))
			snprintf(out, TABLE_NAME_SIZE, "%s", DICE_PICK(dice, odd_names));
		else
			snprintf(out, TABLE_NAME_SIZE, "%s%s%s%s", dashed ? "-" : "",
				 DICE_PICK(dice, heads), DICE_PICK(dice, tails),
				 dice_percent(dice, 25) ? DICE_PICK(dice, tails) : "");
		if ((out[1] || short_names) && !table_is_taken(command, out))
			return;
	}
	out[0] = '\0';
}

static char new_letter(struct dice *dice, const struct table *table,
		       const struct table_command *command)
{
	const struct table_option *seen[TABLE_OPTIONS * 4];
	size_t n = table_visible(command, seen, COUNT(seen));

	for (int attempt = 0; attempt < 20; attempt++) {
		char letter = letters[dice_below(dice, sizeof(letters) - 1)];
		bool taken = false;

		for (size_t i = 0; i < n; i++)
			taken = taken || seen[i]->letter == letter;
		taken = taken || (letter == 'W' && table->mode->w_is_long);
		if (!taken)
			return letter;
	}
	return 0;
}

static void choose_kind(struct dice *dice, struct table *table, struct table_option *option)
{
	static const char *const types[] = {"string", "string", "int", "duration", "list"};
	size_t kind = dice_below(dice, 100);

	option->kind = kind < (table->mode->clap ? 60 : 45) ? TABLE_FLAG
		       : kind < 78                          ? TABLE_REQUIRED
							    : TABLE_OPTIONAL;
	if (is_syntax(table, "goflag") && option->kind == TABLE_OPTIONAL)
		option->kind = TABLE_REQUIRED;
	option->type = "string";
	if (!is_getopt(table) && option->kind != TABLE_FLAG)
		option->type = types[dice_below(dice, is_syntax(table, "pflag") ? 5 : 4)];
	table->lists = table->lists || option->type[0] == 'l';
	if (table->mode->clap) {
		option->type = "string";
		option->repeat = dice_percent(dice, 70);
		option->second = option->kind == TABLE_REQUIRED && dice_percent(dice, 15);
	}
	option->next = "";
	if (table->mode->next && option->kind == TABLE_OPTIONAL && dice_percent(dice, 85))
		option->next = DICE_PICK(dice, nexts);
}

/* Whether the option is to be one letter, long names, or both; false if no free one was found. */
static bool choose_names(struct dice *dice, const struct table *table,
			 const struct table_command *command, struct table_option *option)
{
	bool only_short = is_syntax(table, "getopt"), has_short = !is_syntax(table, "goflag");
	bool only_letter = is_getopt(table) && dice_percent(dice, only_short ? 70 : 20);

	if (only_short || only_letter || (has_short && dice_percent(dice, 65)))
		option->letter = new_letter(dice, table, command);
	if ((only_short || only_letter) && !option->letter)
		return false;
	if (only_letter) {
		option->own[0] = option->letter;
		return !table_is_taken(command, option->own);
	}
	new_name(dice, table, command, option->own);
	if (!option->own[0] || only_short)
		return option->own[0];
	memcpy(option->names[option->n_names++], option->own, sizeof(option->own));
	while (option->n_names < TABLE_NAMES && dice_percent(dice, 15)) {
		new_name(dice, table, command, option->names[option->n_names]);
		if (!option->names[option->n_names][0] ||
		    table_has_name(option, option->names[option->n_names]))
			break;
		option->n_names++;
	}
	return true;
}

/* Cobra: an option of a subcommand may have the name of one above, and hides it. */
static bool hide_another(struct dice *dice, const struct table *table,
			 const struct table_command *command, struct table_option *option)
{
	const struct table_command *above = command->parent;
	const struct table_option *other;

	if (!is_syntax(table, "pflag") || !above || above->n_options == 0 ||
	    !dice_percent(dice, 15))
		return false;
	other = &above->options[dice_below(dice, above->n_options)];
	for (size_t i = 0; i < command->n_options; i++)
		if (table_has_name(&command->options[i], other->own))
			return false;
	memcpy(option->own, other->own, sizeof(option->own));
	memcpy(option->names[0], other->own, sizeof(option->own));
	option->n_names = 1;
	if (dice_percent(dice, 50))
		option->letter = new_letter(dice, table, command);
	return true;
}

static void add_option(struct dice *dice, struct table *table, struct table_command *command)
{
	struct table_option option = {.listed = true};

	if (!hide_another(dice, table, command, &option) &&
	    !choose_names(dice, table, command, &option))
		return;
	choose_kind(dice, table, &option);
	if (strcmp(option.own, "help") == 0 && table->mode->depth > 0)
		option.kind = TABLE_FLAG; /* cobra wants it so */
	option.second = option.second && option.kind == TABLE_REQUIRED;
	option.here = table->mode->depth > 0 && dice_percent(dice, 40) &&
		      !(is_getopt(table) && command->interspersed);
	option.listed = !table->mode->partial || dice_percent(dice, 70);
	command->options[command->n_options++] = option;
}

/* Of two options with one letter one loses it. */
static void part(const struct table_option *const *seen, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = i + 1; k < n; k++)
			if (seen[i]->letter && seen[i]->letter == seen[k]->letter)
				((struct table_option *)seen[k])->letter = 0;
}

/* Letters that meet further down, where what hid one of them hides it no more: cobra would end
 * there. */
static void part_letters(struct table_command *command)
{
	const struct table_option *seen[TABLE_OPTIONS * 4];

	part(seen, table_visible(command, seen, COUNT(seen)));
	part(seen, table_inherited(command, seen, COUNT(seen)));
	for (size_t i = 0; i < command->n_subs; i++)
		part_letters(command->subs[i]);
}

static const struct table_operands *choose_operands(struct dice *dice, const struct table *table,
						    const struct table_command *command, bool group)
{
	if (group && dice_percent(dice, 25))
		return &none;
	if (table->mode->clap && dice_percent(dice, 35))
		return &DICE_PICK(dice, clap_forms);
	if (table->mode->clap || dice_percent(dice, 70))
		return &any;
	return &forms[dice_below(dice, command->interspersed ? FORMS_PERMUTED : COUNT(forms))];
}

static bool has_sub(const struct table_command *command, const char *name)
{
	for (size_t i = 0; i < command->n_subs; i++)
		if (strcmp(command->subs[i]->name, name) == 0 ||
		    strcmp(command->subs[i]->alias, name) == 0)
			return true;
	return false;
}

static struct table_command *new_command(struct dice *dice, struct table *table,
					 const struct table_command *parent, const char *name,
					 unsigned depth);

static void add_subs(struct dice *dice, struct table *table, struct table_command *command,
		     unsigned depth)
{
	size_t want = 1 + dice_below(dice, TABLE_SUBS - 1);

	for (size_t i = 0; i < want; i++) {
		const char *alias = DICE_PICK(dice, verbs);
		const char *name = dice_percent(dice, 2) ? "a-b" : DICE_PICK(dice, verbs);
		struct table_command *sub;

		if (has_sub(command, name))
			continue;
		sub = new_command(dice, table, command, name,
				  dice_percent(dice, 60) ? depth - 1 : 0);
		command->subs[command->n_subs++] = sub;
		if (!has_sub(command, alias) && dice_percent(dice, 20))
			snprintf(sub->alias, sizeof(sub->alias), "%s", alias);
	}
}

static bool choose_order(struct dice *dice, const struct table *table,
			 const struct table_command *parent)
{
	if (table->mode->clap)
		return true;
	if (parent && !is_getopt(table))
		return dice_percent(dice, 70);
	if (parent && parent->interspersed)
		return true; /* one reading for all levels */
	if (parent)
		return !is_syntax(table, "getopt") && dice_percent(dice, 50);
	return table->mode->order == MODE_PERMUTE ||
	       (table->mode->order == MODE_EITHER && dice_percent(dice, 60));
}

/* Cobra gives every program --help; the file lists it, as the shipped ones do. */
static void add_help(struct dice *dice, struct table_command *root)
{
	root->options[root->n_options++] = (struct table_option) {
		.own = "help",
		.names = {"help"},
		.n_names = 1,
		.letter = dice_percent(dice, 60) ? 'h' : 0,
		.kind = TABLE_FLAG,
		.type = "string",
		.next = "",
		.listed = true,
	};
}

static struct table_command *new_command(struct dice *dice, struct table *table,
					 const struct table_command *parent, const char *name,
					 unsigned depth)
{
	struct table_command *command = calloc(1, sizeof(*command));
	bool has_own = true;
	size_t want;

	if (!command)
		abort();
	snprintf(command->name, sizeof(command->name), "%s", name);
	command->parent = parent;
	command->interspersed = !is_syntax(table, "goflag") && choose_order(dice, table, parent);
	command->operands = choose_operands(dice, table, command, depth > 0);
	if (!parent && depth > 0 && is_syntax(table, "pflag"))
		add_help(dice, command);
	/* A getopt program has one table for all its verbs, or one for each. */
	if (parent && is_getopt(table))
		has_own = !parent->interspersed && dice_percent(dice, 50);
	want = 1 + dice_below(dice, parent ? 4 : TABLE_OPTIONS - 2);
	for (size_t i = 0; has_own && i < want; i++)
		add_option(dice, table, command);
	if (depth > 0)
		add_subs(dice, table, command, depth);
	return command;
}

static void choose_digits(struct dice *dice, struct table *table)
{
	const struct table_command *root = table->root;

	for (size_t i = 0; i < root->n_options; i++)
		if (root->options[i].kind == TABLE_REQUIRED && dice_percent(dice, 70))
			memcpy(table->digits, root->options[i].own, sizeof(table->digits));
}

struct table *table_new(struct dice *dice, const struct mode *mode)
{
	struct table *table = calloc(1, sizeof(*table));

	if (!table)
		abort();
	table->mode = mode;
	table->root = new_command(dice, table, NULL, "p", mode->depth);
	if (mode->digits)
		choose_digits(dice, table);
	part_letters(table->root);
	return table;
}

void table_command_free(struct table_command *command)
{
	for (size_t i = 0; i < command->n_subs; i++)
		table_command_free(command->subs[i]);
	free(command);
}

void table_free(struct table *table)
{
	if (!table)
		return;
	table_command_free(table->root);
	free(table);
}

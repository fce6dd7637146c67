/* SPDX-License-Identifier: ISC */
/*
 * Reads argument vectors with this system's own getopt and getopt_long, by the tables that it is
 * told (wire.h, table.h). Readers: "getopt", "getopt_long".
 *
 * Two things are not getopt's but every program's own, and done here as programs do them: an
 * optional value in the next word, where that word fits (journalctl takes argv[optind] and moves
 * optind on), and the old form of tail's options.
 */
#include <getopt.h>
#include <locale.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <wctype.h>

#include "peer_table.h"
#include "wire.h"

#define OPTIONS_MAX 64
#define WORDS_MAX 64
#define LONG_BASE 1000 /* values of long options; those of letters are the letters */

struct found {
	const struct peer_option *option;
	const char *text; /* NULL: left out, or a flag */
};

/* One vector's reading. */
struct reading {
	const struct peer_table *table;
	const char *refused; /* why, or NULL */
	char marks[64];
	struct found found[WORDS_MAX * 4];
	size_t n_found;
	char *operands[WORDS_MAX];
	size_t n_operands;
};

/* What getopt_long is given for one command. */
struct level {
	const struct peer_option *visible[OPTIONS_MAX];
	size_t n;
	char shorts[OPTIONS_MAX * 3 + 4];
	struct option longs[OPTIONS_MAX * 3];
	const struct peer_option *meant[OPTIONS_MAX * 3]; /* by the index of its long name */
};

static void mark(struct reading *r, const char *word)
{
	if (!strstr(r->marks, word))
		snprintf(r->marks + strlen(r->marks), sizeof(r->marks) - strlen(r->marks), "%s ",
			 word);
}

/* "x:" for a letter with a value, "x::" for one with an optional value. */
static char *add_short(char *p, const struct peer_option *option)
{
	*p++ = option->letter;
	if (option->kind != 'f')
		*p++ = ':';
	if (option->kind == 'o')
		*p++ = ':';
	return p;
}

static void level_init(struct level *level, const struct peer_command *command, const char *prefix,
		       bool w_is_long)
{
	size_t n_longs = 0;
	char *p = level->shorts;

	memset(level, 0, sizeof(*level));
	p = stpcpy(p, prefix);
	if (w_is_long)
		p = stpcpy(p, "W;");
	for (const struct peer_command *c = command; c; c = c->parent) {
		for (size_t i = 0; i < c->n_options; i++) {
			const struct peer_option *option = &c->options[i];

			if (c != command && option->here)
				continue;
			if (option->letter)
				p = add_short(p, option);
			for (size_t k = 0; k < option->n_names; k++) {
				struct option *l = &level->longs[n_longs];

				l->name = option->names[k];
				l->has_arg = option->kind == 'f'   ? no_argument
					     : option->kind == 'r' ? required_argument
								   : optional_argument;
				l->val = LONG_BASE + (int)level->n;
				level->meant[n_longs++] = option;
			}
			level->visible[level->n++] = option;
		}
	}
}

static const struct peer_option *by_letter(const struct level *level, int letter)
{
	for (size_t i = 0; i < level->n; i++)
		if (level->visible[i]->letter && level->visible[i]->letter == letter)
			return level->visible[i];
	return NULL;
}

/* The word that a long option was just found in: its value is inside it, or is the word behind it.
 */
static const char *typed_word(char *const *argv)
{
	if (!optarg)
		return argv[optind - 1];
	for (int i = 1; i < optind; i++)
		if (optarg > argv[i] && optarg <= argv[i] + strlen(argv[i]))
			return argv[i];
	return argv[optind - 2];
}

/* UTF-8 without control characters. */
static bool is_plain(const char *word)
{
	wchar_t wide[256];
	size_t n = mbstowcs(wide, word, sizeof(wide) / sizeof(wide[0]));

	if (n == (size_t)-1)
		return false;
	for (size_t i = 0; i < n; i++)
		if (iswcntrl((wint_t)wide[i]) || wide[i] > 0x10ffff)
			return false;
	return true;
}

static bool fits(const char *pattern, const char *word)
{
	char whole[64];
	regex_t regex;
	bool yes;

	snprintf(whole, sizeof(whole), "^(%s)$", pattern);
	if (regcomp(&regex, whole, REG_EXTENDED | REG_NOSUB) != 0)
		abort();
	yes = regexec(&regex, word, 0, NULL, 0) == 0;
	regfree(&regex);
	return yes;
}

static void add_found(struct reading *r, const struct peer_option *option, int argc,
		      char *const *argv)
{
	const char *text = optarg;

	if (!text && option->next[0] && optind < argc) {
		if (!is_plain(argv[optind]))
			mark(r, "unsure-next");
		if (fits(option->next, argv[optind]))
			text = argv[optind++];
	}
	if (!option->listed)
		mark(r, "unlisted");
	r->found[r->n_found++] = (struct found) {option, text};
}

/* Options of one level, and behind them the operands. 0, or -1: refused. */
static int read_level(struct reading *r, const struct peer_command *command, const char *prefix,
		      int argc, char **argv)
{
	bool has_long = strcmp(r->table->reader, "getopt_long") == 0;
	struct level level;

	level_init(&level, command, prefix, r->table->w_is_long);
	optind = 0; /* glibc: begin anew */
	for (;;) {
		int index = -1;
		int c = has_long ? getopt_long(argc, argv, level.shorts, level.longs, &index)
				 : getopt(argc, argv, level.shorts);
		const struct peer_option *option;

		if (c == -1)
			break;
		if (c == 1 && prefix[0] == '-') {
			r->operands[r->n_operands++] = optarg;
			continue;
		}
		option = index >= 0 ? level.meant[index] : by_letter(&level, c);
		if (!option) {
			r->refused = "getopt says so";
			return -1;
		}
		if (index >= 0 && !r->table->complete) {
			const char *name = typed_word(argv) + 2;

			if (strcspn(name, "=") != strlen(level.longs[index].name))
				mark(r, "abbreviated");
		}
		add_found(r, option, argc, argv);
	}
	while (optind < argc)
		r->operands[r->n_operands++] = argv[optind++];
	return 0;
}

/* Whether tail takes its first word for an old form of its options: before at most one file. As "-"
 * is a file, -c wants a value, and -f is the same either way, these are none. */
static bool is_old_form(int argc, char *const *argv)
{
	const char *second = argc > 2 ? argv[2] : "";
	bool dashes = strcmp(second, "--") == 0, option = second[0] == '-' && second[1];

	if (argc < 2 || argc > 4 || (argc == 4 && !dashes) || (argc == 3 && option && !dashes))
		return false;
	return fits("[+-][0-9]*[bcl]?f?", argv[1]) && strcmp(argv[1], "-") != 0 &&
	       strcmp(argv[1], "-c") != 0 && strcmp(argv[1], "-f") != 0;
}

/* -N as the option of that name. Returns how many words it took. */
static int read_old_form(struct reading *r, int argc, char *const *argv)
{
	const struct peer_command *root = &r->table->root;

	if (!r->table->digits[0] || !is_old_form(argc, argv))
		return 0;
	if (argv[1][0] != '-' || argv[1][1 + strspn(argv[1] + 1, "0123456789")]) {
		mark(r, "old-form");
		return 1;
	}
	for (size_t i = 0; i < root->n_options; i++)
		if (strcmp(root->options[i].own, r->table->digits) == 0)
			r->found[r->n_found++] = (struct found) {&root->options[i], argv[1] + 1};
	return 1;
}

static const struct peer_command *find_sub(const struct peer_command *command, const char *word)
{
	for (size_t i = 0; i < command->n_subs; i++)
		if (strcmp(command->subs[i].name, word) == 0 ||
		    (command->subs[i].alias[0] && strcmp(command->subs[i].alias, word) == 0))
			return &command->subs[i];
	return NULL;
}

/* The verbs among the operands. Where options may follow operands all were read already; where not,
 * a verb with options of its own reads them from its own words. NULL: refused. */
static const struct peer_command *follow_verbs(struct reading *r)
{
	const struct peer_command *command = &r->table->root, *sub;

	while (r->n_operands > 0 && (sub = find_sub(command, r->operands[0]))) {
		bool apart = !command->interspersed;
		char *argv[WORDS_MAX + 1];
		int argc = (int)r->n_operands;

		memcpy(argv, r->operands, r->n_operands * sizeof(argv[0]));
		argv[argc] = NULL;
		command = sub;
		r->n_operands = 0;
		if (apart && sub->n_options > 0) {
			if (read_level(r, sub, sub->interspersed ? "" : "+", argc, argv) < 0)
				return NULL;
		} else {
			for (int i = 1; i < argc; i++)
				r->operands[r->n_operands++] = argv[i];
		}
	}
	return command;
}

static void answer_refused(const struct reading *r, const char *why)
{
	wire_put(stdout, "refused");
	wire_put(stdout, r->marks);
	wire_put(stdout, why);
	wire_end(stdout);
}

static void answer(const struct reading *r, const struct peer_command *command)
{
	wire_put(stdout, "read");
	wire_put(stdout, r->marks);
	wire_put(stdout, command->path);
	wire_put_number(stdout, (long)r->n_found);
	for (size_t i = 0; i < r->n_found; i++) {
		const struct found *found = &r->found[i];
		bool flag = found->option->kind == 'f';
		const char *text = flag ? "true" : found->text ? found->text : "";

		wire_put(stdout, found->option->owner->path);
		wire_put(stdout, found->option->own);
		wire_put(stdout, flag || found->text ? "value" : "absent");
		wire_put(stdout, text);
		wire_put(stdout, text);
	}
	for (size_t i = 0; i < r->n_operands; i++)
		wire_put(stdout, r->operands[i]);
	wire_end(stdout);
}

static void read_vector(const struct peer_table *table, const struct wire_record *record)
{
	struct reading r = {.table = table};
	const struct peer_command *command = NULL;
	char name[] = "p", *argv[WORDS_MAX + 1];
	int argc = (int)record->n, old;

	if (argc > WORDS_MAX)
		abort();
	argv[0] = name;
	memcpy(argv + 1, record->fields + 1, (record->n - 1) * sizeof(argv[0]));
	argv[argc] = NULL;
	old = read_old_form(&r, argc, argv);
	if (read_level(&r, &table->root, table->prefix, argc - old, argv + old) == 0)
		command = follow_verbs(&r);
	if (!command)
		answer_refused(&r, r.refused);
	else if (!command->runnable)
		answer_refused(&r, "needs a command");
	else if ((long)r.n_operands < command->min ||
		 (command->max >= 0 && (long)r.n_operands > command->max))
		answer_refused(&r, "wrong number of operands");
	else
		answer(&r, command);
}

int main(void)
{
	struct wire_record record = {0};
	struct peer_table table = {0};
	int status;

	if (!setlocale(LC_ALL, "C.UTF-8"))
		return 2;
	unsetenv("POSIXLY_CORRECT");
	opterr = 0;
	while ((status = wire_read(stdin, &record)) > 0) {
		const char *what = record.n > 0 ? record.fields[0] : "";

		if (strcmp(what, "table") == 0) {
			peer_table_done(&table);
			peer_table_init(&table, &record);
		} else if (strcmp(what, "read") == 0) {
			read_vector(&table, &record);
		} else if (strcmp(what, "flush") == 0) {
			fflush(stdout);
		} else {
			return 2;
		}
	}
	peer_table_done(&table);
	wire_done(&record);
	return status == 0 ? 0 : 2;
}

/* SPDX-License-Identifier: ISC */
/* Drafting a command file from a program's own help. What it does not say is left out, and so
 * refused: operands and classes always. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "cleanup.h"
#include "error.h"
#include "grammar.h"
#include "help_page.h"
#include "help_run.h"
#include "program.h"
#include "prose.h"
#include "text.h"

struct importer {
	struct writ_arena *arena;
	const char *program, *name;
	FILE *out;
	const char *words[GRAMMAR_DEPTH_MAX];
	size_t n_commands;
	bool failed;
};

/* Help's word for a value → the type, where the word says it; and whether it is a list. */
static const struct {
	const char *word, *type;
	bool repeat;
} types[] = {
	{"int", "int", false},           {"int32", "int", false},
	{"int64", "int", false},         {"uint", "uint", false},
	{"uint16", "uint", false},       {"uint32", "uint", false},
	{"uint64", "uint", false},       {"duration", "duration.go", false},
	{"list", "string", true},        {"strings", "string", true},
	{"stringArray", "string", true}, {"stringToString", "string", true},
	{"map", "string", true},         {"filter", "string", true},
};

static void say(const struct importer *im, size_t n, const char *what, const char *detail)
{
	fprintf(stderr, "%s", im->name);
	for (size_t i = 0; i < n; i++)
		fprintf(stderr, " %s", im->words[i]);
	fprintf(stderr, ": %s%s%s\n", what, detail ? ": " : "",
		detail ? cli_show(im->arena, detail) : "");
}

static void indent(const struct importer *im, size_t depth)
{
	for (size_t i = 0; i < depth; i++)
		putc('\t', im->out);
}

/* Text of a program, as a JSON string: what is not printable ASCII is a question mark. */
static void put_string(const struct importer *im, const char *s)
{
	putc('"', im->out);
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			putc('\\', im->out);
		putc(*s < 0x20 || *s == 0x7f ? '?' : *s, im->out);
	}
	putc('"', im->out);
}

static void put_option(const struct importer *im, const struct help_option *option, bool here,
		       bool letter, size_t depth)
{
	const char *separator = "", *type = "string";
	bool repeat = false;

	for (size_t i = 0; option->word && i < ARRAY_SIZE(types); i++)
		if (strcmp(types[i].word, option->word) == 0) {
			type = types[i].type;
			repeat = types[i].repeat;
		}
	indent(im, depth);
	if (option->name)
		fprintf(im->out, "\"%s\": {", option->name);
	else
		fprintf(im->out, "\"%c\": {", option->letter);
	if (option->name && option->letter && letter) {
		fprintf(im->out, "\"short\": \"%c\"", option->letter);
		separator = ", ";
	}
	if (option->kind != HELP_FLAG) {
		fprintf(im->out, "%s\"value\": \"%s\"", separator, type);
		separator = ", ";
	}
	if (option->kind == HELP_OPTIONAL)
		fprintf(im->out, ", \"optional\": true");
	if (repeat)
		fprintf(im->out, ", \"repeat\": true");
	if (here)
		fprintf(im->out, "%s\"here\": true", separator);
	putc('}', im->out);
}

/* Whether an option before this one has the name; with letter, whether one has the letter. */
static bool is_taken(const struct help_page *page, const struct help_option *option, bool letter)
{
	for (const struct help_option *o = page->options; o != option; o = o->next)
		if (letter ? o->letter == option->letter
			   : o->name && option->name && strcmp(o->name, option->name) == 0)
			return true;
	return false;
}

/* Whether another line says something else about the value. */
static bool has_other_kind(const struct help_page *page, const struct help_option *option)
{
	for (const struct help_option *o = page->options; o; o = o->next)
		if (o->name && option->name && strcmp(o->name, option->name) == 0 &&
		    o->kind != option->kind)
			return true;
	return false;
}

static bool is_usable(const struct importer *im, const struct help_page *page,
		      const struct help_option *option, size_t n)
{
	if (option->name && strlen(option->name) == 1) {
		say(im, n, "left out, a long option of one letter", option->name);
		return false;
	}
	if (has_other_kind(page, option)) {
		say(im, n, "left out, its help says different things of its value", option->name);
		return false;
	}
	if (is_taken(page, option, false)) {
		say(im, n, "in its help more than once, the first is taken", option->name);
		return false;
	}
	if (!option->name && is_taken(page, option, true)) {
		say(im, n, "in its help more than once, the first is taken",
		    (char[]) {option->letter, '\0'});
		return false;
	}
	return true;
}

static void put_options(const struct importer *im, const struct help_page *page, size_t n,
			size_t depth)
{
	const char *separator = "";

	fprintf(im->out, ",\n");
	indent(im, depth);
	fprintf(im->out, "\"options\": {");
	for (const struct help_option *o = page->options; o; o = o->next) {
		bool letter = o->letter && !is_taken(page, o, true);

		if (!is_usable(im, page, o, n))
			continue;
		if (o->letter && !letter)
			say(im, n, "its letter is another option's already", o->name);
		/* -F, --classify[=WHEN]: whether -F takes one too, GNU's help does not say. */
		if (letter && !page->cobra && o->name && o->kind == HELP_OPTIONAL) {
			say(im, n, "its letter is left out, which may take no value", o->name);
			letter = false;
		}
		fprintf(im->out, "%s\n", separator);
		put_option(im, o, page->commands && page->cobra, letter, depth + 1);
		separator = ",";
	}
	if (*separator) {
		putc('\n', im->out);
		indent(im, depth);
	}
	putc('}', im->out);
}

static bool is_listed(const struct help_word *words, const struct help_word *end, const char *text)
{
	for (; words && words != end; words = words->next)
		if (strcmp(words->text, text) == 0)
			return true;
	return false;
}

static void put_command(struct importer *im, const struct help_page *page, size_t n, size_t depth);

/* Other names of the command im->words[n - 1] below the same parent. */
static void put_aliases(const struct importer *im, const struct help_page *page,
			const struct help_page *parent, size_t n, size_t depth)
{
	const char *own = im->words[n - 1];

	for (const struct help_word *a = page->aliases; a; a = a->next) {
		const char *blank = strrchr(a->text, ' '), *name = blank ? blank + 1 : a->text;
		const char *prefix = im->name;

		for (size_t i = 0; i + 1 < n; i++)
			prefix = prefix ? writ_arena_concat(im->arena, prefix, " ", im->words[i],
							    NULL)
					: NULL;
		if (!prefix || strcmp(name, own) == 0 || is_listed(parent->commands, NULL, name) ||
		    name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789-_.")])
			continue;
		if (blank && (strlen(prefix) != (size_t)(blank - a->text) ||
			      strncmp(prefix, a->text, strlen(prefix)) != 0))
			continue;
		fprintf(im->out, ",\n");
		indent(im, depth);
		fprintf(im->out, "\"%s\": {\"same_as\": \"", name);
		for (size_t i = 0; i < n; i++)
			fprintf(im->out, "%s%s", i ? " " : "", im->words[i]);
		fprintf(im->out, "\"}");
	}
}

static void put_subcommands(struct importer *im, const struct help_page *page, size_t n,
			    size_t depth)
{
	const char *separator = "";

	fprintf(im->out, ",\n");
	indent(im, depth);
	fprintf(im->out, "\"subcommands\": {");
	for (const struct help_word *w = page->commands; w; w = w->next) {
		const struct help_page *sub;
		struct writ_error err = {0};

		if (is_listed(page->commands, w, w->text))
			continue;
		if (n == GRAMMAR_DEPTH_MAX || im->n_commands++ == GRAMMAR_COMMANDS_MAX) {
			say(im, n, "left out, too many commands", w->text);
			continue;
		}
		im->words[n] = w->text;
		sub = grammar_page(im->arena, im->program, im->words, n + 1, &err);
		if (!sub) {
			say(im, n + 1, "left out", err.message);
			continue;
		}
		fprintf(im->out, "%s\n", separator);
		indent(im, depth + 1);
		fprintf(im->out, "\"%s\": {\n", w->text);
		put_command(im, sub, n + 1, depth + 2);
		putc('\n', im->out);
		indent(im, depth + 1);
		putc('}', im->out);
		put_aliases(im, sub, page, n + 1, depth + 1);
		separator = ",";
	}
	if (*separator) {
		putc('\n', im->out);
		indent(im, depth);
	}
	putc('}', im->out);
}

static void put_command(struct importer *im, const struct help_page *page, size_t n, size_t depth)
{
	indent(im, depth);
	fprintf(im->out, "\"note\": ");
	put_string(im, page->usage ? page->usage : "no usage line");
	for (const struct help_word *w = page->unread; w; w = w->next)
		say(im, n, "cannot read", w->text);
	if (page->options)
		put_options(im, page, n, depth);
	if (page->commands && page->cobra)
		put_subcommands(im, page, n, depth);
	else if (page->commands)
		say(im, n, "its commands are left out, they have no help of their own", NULL);
}

/* Whether options before a command's name are those of the command that they stand behind, as the
 * usage lines of docker and podman say. In doubt not: then they are refused. */
static bool has_traverse(const struct help_page *page)
{
	return page->usage && (strstr(page->usage, "[OPTIONS] COMMAND") ||
			       strstr(page->usage, "[options] [command]"));
}

static void put_file(struct importer *im, const struct help_page *page)
{
	fprintf(im->out, "{\n\t\"command\": ");
	put_string(im, im->name);
	fprintf(im->out, ",\n\t\"programs\": [");
	put_string(im, im->program);
	fprintf(im->out, "],\n\t\"syntax\": \"%s\",\n", page->cobra ? "pflag" : "getopt_long");
	if (page->cobra && page->commands && !has_traverse(page)) {
		fprintf(im->out, "\t\"traverse\": false,\n");
		say(im, 0, "options before a command's name are refused", NULL);
	}
	fprintf(im->out, "\t\"checked_with\": \"a draft by writ grammar import, not checked\",\n");
	put_command(im, page, 0, 1);
	fprintf(im->out, "\n}\n");
}

enum cli_status grammar_import(struct writ_arena *arena, const char *program)
{
	struct importer im = {.arena = arena};
	struct writ_error err = {0};
	const struct help_page *page;
	auto_free char *text = NULL;
	size_t length;

	im.program = program_find(arena, program, &err);
	page = im.program ? grammar_page(arena, im.program, NULL, 0, &err) : NULL;
	if (!page)
		return cli_error(&err);
	im.name = strrchr(im.program, '/') + 1;
	if (!page->options && !page->commands) {
		writ_error_set(&err, "%s --help names neither options nor commands", im.name);
		return cli_error(&err);
	}
	im.out = open_memstream(&text, &length);
	if (!im.out)
		return cli_error(&(struct writ_error) {.message = "out of memory"});
	put_file(&im, page);
	if (fclose(im.out) != 0)
		return cli_error(&(struct writ_error) {.message = "out of memory"});
	fputs(text, stdout);
	say(&im, 0,
	    "operands, classes, and whether options may follow operands are not drafted: until "
	    "somebody adds them, operands are refused and every option is of class privilege",
	    NULL);
	return CLI_YES;
}

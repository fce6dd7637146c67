/* SPDX-License-Identifier: ISC */
/* What a program has and its command file lacks: for the day after an upgrade. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "arena.h"
#include "cleanup.h"
#include "command.h"
#include "error.h"
#include "file.h"
#include "grammar.h"
#include "help_page.h"
#include "help_run.h"
#include "json.h"
#include "prose.h"

struct checker {
	struct writ_arena *arena;
	const char *program;
	const char *words[GRAMMAR_DEPTH_MAX];
	size_t n_commands, n_found;
};

static void report(struct checker *c, const struct writ_command *command, const char *what,
		   const char *dashes, const char *name)
{
	printf("%s: %s %s%s\n", cli_show(c->arena, command->path), what, dashes,
	       cli_show(c->arena, name));
	c->n_found++;
}

static enum help_kind kind_of(const struct writ_option *option)
{
	if (!option->type)
		return HELP_FLAG;
	return option->optional ? HELP_OPTIONAL : HELP_VALUE;
}

/* Whether other lines speak of the option too: of which kind it is, or whose the letter is, is then
 * not plain. */
static bool is_ambiguous(const struct help_page *page, const struct help_option *option)
{
	for (const struct help_option *o = page->options; o; o = o->next)
		if (o != option && o->name && option->name && strcmp(o->name, option->name) == 0)
			return true;
	return false;
}

static void check_option(struct checker *c, const struct writ_command *command,
			 const struct help_page *page, const struct help_option *option)
{
	bool plain = !is_ambiguous(page, option);
	static const char *const kinds[] = {
		"takes no value for the program:", "takes a value for the program:",
		"takes an optional value for the program:"};
	const char letter[] = {option->letter, '\0'};
	const struct writ_option *by_name =
		option->name ? writ_command_long(command, option->name, strlen(option->name))
			     : NULL;
	const struct writ_option *by_letter =
		option->letter ? writ_command_short(command, option->letter) : NULL;
	const struct writ_option *known = option->name ? by_name : by_letter;

	if (option->name && !by_name)
		report(c, command, "the file lacks", "--", option->name);
	if (option->letter && !by_letter)
		report(c, command, "the file lacks", "-", letter);
	if (!plain)
		return;
	/* Of "-F, --classify[=WHEN]" the letter may be an option without a value. */
	if (by_name && by_letter && by_name != by_letter &&
	    (page->cobra || option->kind != HELP_OPTIONAL))
		report(c, command, "the file has for another option", "-", letter);
	if (known && kind_of(known) != option->kind)
		report(c, command, kinds[option->kind], option->name ? "--" : "-",
		       option->name ? option->name : letter);
}

static void check_command(struct checker *c, const struct writ_command *command,
			  const struct help_page *page, size_t n)
{
	c->n_commands++;
	for (const struct help_word *w = page->unread; w; w = w->next)
		fprintf(stderr, "%s: cannot read: %s\n", command->path,
			cli_show(c->arena, w->text));
	for (const struct help_option *o = page->options; o; o = o->next)
		check_option(c, command, page, o);
	for (const struct help_word *w = page->commands; w; w = w->next) {
		const struct writ_command *sub = writ_command_sub(command, w->text);
		const struct help_page *below;
		struct writ_error err = {0};

		if (!sub) {
			report(c, command, "the file lacks the command", "", w->text);
			continue;
		}
		if (!page->cobra || n == GRAMMAR_DEPTH_MAX || c->n_commands >= GRAMMAR_COMMANDS_MAX)
			continue;
		c->words[n] = w->text;
		below = grammar_page(c->arena, c->program, c->words, n + 1, &err);
		if (below)
			check_command(c, sub, below, n + 1);
		else
			fprintf(stderr, "%s: not compared: %s\n", sub->path,
				cli_show(c->arena, err.message));
	}
}

static const struct writ_command *load(struct writ_arena *arena, const char *file,
				       struct writ_error *err)
{
	auto_free char *text = NULL;
	const struct writ_json *json;
	size_t length;

	if (writ_file_read(file, false, &text, &length, err) < 0)
		return NULL;
	json = writ_json_parse(arena, file, text, length, err);
	return json ? writ_command_parse(arena, json, err) : NULL;
}

enum cli_status grammar_check(struct writ_arena *arena, const char *file, const char *program)
{
	struct checker c = {.arena = arena, .program = program};
	struct writ_error err = {0};
	const struct writ_command *root = load(arena, file, &err);
	const struct help_page *page;

	if (!root)
		return cli_error(&err);
	for (size_t i = 0; i < root->n_programs && !c.program; i++)
		if (access(root->programs[i], X_OK) == 0)
			c.program = root->programs[i];
	if (!c.program) {
		writ_error_set(&err, "none of the programs of %s is installed", file);
		return cli_error(&err);
	}
	page = grammar_page(arena, c.program, NULL, 0, &err);
	if (!page)
		return cli_error(&err);
	if (!page->options && !page->commands) {
		writ_error_set(&err, "%s --help names neither options nor commands", c.program);
		return cli_error(&err);
	}
	check_command(&c, root, page, 0);
	if (c.n_found)
		return CLI_NO;
	printf("%s: lacks nothing that %s shows, in %zu commands\n", cli_show(arena, file),
	       cli_show(arena, c.program), c.n_commands);
	return CLI_YES;
}

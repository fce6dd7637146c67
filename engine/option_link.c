/* SPDX-License-Identifier: ISC */
/* What the options of command files refer to: each other, operands, and words that the program
 * itself gives a meaning (its negation, its modules). */
#include <string.h>

#include "arena.h"
#include "command_load.h"
#include "error.h"
#include "json.h"

static int no_memory(const struct writ_json *json, struct writ_error *err)
{
	return writ_json_error(json, err, "out of memory");
}

int writ_load_words(struct writ_load *load, const struct writ_json *json, struct writ_command *root)
{
	const struct writ_json *negation = writ_json_get(json, "negation");
	const struct writ_json *modules = writ_json_get(json, "modules");
	const char *word = NULL;

	if (negation && writ_json_string(negation, &word, load->err) < 0)
		return -1;
	if (negation && (!writ_load_is_word(word) || word[0] == '-'))
		return writ_json_error(negation, load->err, "this is no word that negates");
	if (modules && writ_json_strings(load->arena, modules, false, &root->modules,
					 &root->n_modules, load->err) < 0)
		return -1;
	if (root->n_modules > WRIT_MODULES_MAX)
		return writ_json_error(modules, load->err, "at most %d modules", WRIT_MODULES_MAX);
	if (word && !(root->negation = writ_arena_strdup(load->arena, word)))
		return no_memory(json, load->err);
	return 0;
}

int writ_load_check_words(const struct writ_json *json, const struct writ_command *root,
			  struct writ_error *err)
{
	if ((root->negation || root->n_modules > 0) && root->syntax != WRIT_SYNTAX_GETOPT_LONG)
		return writ_json_error(json, err,
				       "only getopt_long programs have 'negation' and 'modules'");
	return 0;
}

/* The command's own option that a key names, and what `!` makes of it; both are the caller's to
 * link. NULL with an error. */
static struct writ_option *find_option(struct writ_load *load, const struct writ_json *name,
				       struct writ_command *command)
{
	const struct writ_option *option = NULL;
	const char *text = NULL;

	if (writ_json_string(name, &text, load->err) < 0)
		return NULL;
	option = writ_command_option(command, text, false);
	if (!option || option->owner != command) {
		writ_json_error(name, load->err, "there is no option '%s'", text);
		return NULL;
	}
	return (struct writ_option *)option;
}

/* option reads the word behind the one named; with a negation before it too. */
static int link_second(struct writ_load *load, const struct writ_json *name,
		       const struct writ_option *option, struct writ_command *command)
{
	struct writ_option *first = find_option(load, name, command);

	if (!first)
		return -1;
	if (!first->type)
		return writ_json_error(name, load->err, "the option '%s' takes no value",
				       first->name);
	if (first->second)
		return writ_json_error(name, load->err, "'%s' is behind '%s' already",
				       first->second->name, first->name);
	for (const struct writ_option *o = option; o; o = o->second)
		if (o == first)
			return writ_json_error(name, load->err, "it would be behind itself");
	first->second = option;
	if (first->negated)
		((struct writ_option *)first->negated)->second = option;
	return 0;
}

static int link_seconds(struct writ_load *load, const struct writ_json *behind,
			const struct writ_option *option, struct writ_command *command)
{
	if (behind->type != WRIT_JSON_ARRAY)
		return link_second(load, behind, option, command);
	writ_each (name, behind)
		if (link_second(load, name, option, command) < 0)
			return -1;
	return 0;
}

static int link_operand(struct writ_load *load, const struct writ_json *name,
			struct writ_option *option, const struct writ_command *command)
{
	const struct writ_operand *operand;
	const char *text = NULL;

	if (writ_json_string(name, &text, load->err) < 0)
		return -1;
	operand = writ_command_operand(command, text);
	if (!operand)
		return writ_json_error(name, load->err, "there is no operand '%s'", text);
	if (operand->command || operand->dashes)
		return writ_json_error(name, load->err, "no option stands for this operand");
	option->instead_of = operand;
	return 0;
}

int writ_load_links(struct writ_load *load, const struct writ_json *options,
		    struct writ_command *command)
{
	bool wanted = load->has_links;

	load->has_links = false; /* the next command's options have their own */
	if (!wanted)
		return 0;
	writ_each (member, options) {
		const struct writ_json *behind = writ_json_get(member, "behind");
		const struct writ_json *instead = writ_json_get(member, "instead_of");
		struct writ_option *option =
			(struct writ_option *)writ_command_option(command, member->key, false);

		if (behind && option && link_seconds(load, behind, option, command) < 0)
			return -1;
		if (instead && option && link_operand(load, instead, option, command) < 0)
			return -1;
	}
	return 0;
}

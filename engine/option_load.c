/* SPDX-License-Identifier: ISC */
/* Options of command files. */
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "cleanup.h"
#include "command_load.h"
#include "error.h"
#include "json.h"
#include "regex.h"
#include "text.h"

static int no_memory(const struct writ_json *json, struct writ_error *err)
{
	return writ_json_error(json, err, "out of memory");
}

const struct writ_value_type *writ_load_type(const struct writ_json *json, const char *name,
					     struct writ_error *err)
{
	const struct writ_value_type *type = writ_value_type_find(name);
	const struct writ_value_type *const *types;
	const char *names[64];
	size_t n;

	if (type)
		return type;
	types = writ_value_types(&n);
	n = n < ARRAY_SIZE(names) ? n : ARRAY_SIZE(names);
	for (size_t i = 0; i < n; i++)
		names[i] = types[i]->name;
	writ_load_unknown(json, name, "type of value", names, n, err);
	return NULL;
}

/* One option while its keys are read. */
struct draft {
	struct writ_load *load;
	struct writ_option *option;
	bool negate;
};

/* A letter can be any ASCII character but those that mean something else in a cluster. */
static bool is_letter(char c)
{
	return c > ' ' && c < 0x7f && c != '-' && c != '=' && c != ':' && c != ';';
}

static int read_short(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct draft *draft = object;
	const char *letter = NULL;

	if (writ_json_string(json, &letter, err) < 0)
		return -1;
	if (!is_letter(letter[0]) || letter[1])
		return writ_json_error(json, err, "'%s' is no letter for an option", letter);
	if (draft->option->short_letter)
		return writ_json_error(json, err, "an option of one letter has no other");
	draft->option->short_letter = letter[0];
	return 0;
}

static int read_value(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct draft *draft = object;
	const char *name = NULL;

	if (writ_json_string(json, &name, err) < 0)
		return -1;
	if (strcmp(name, "string") == 0) /* most of them */
		draft->option->type = &writ_type_string;
	else
		draft->option->type = writ_load_type(json, name, err);
	return draft->option->type ? 0 : -1;
}

static int read_optional(const struct writ_json *json, void *object, struct writ_error *err)
{
	return writ_json_bool(json, &((struct draft *)object)->option->optional, err);
}

static int read_repeat(const struct writ_json *json, void *object, struct writ_error *err)
{
	return writ_json_bool(json, &((struct draft *)object)->option->repeat, err);
}

static int read_here(const struct writ_json *json, void *object, struct writ_error *err)
{
	return writ_json_bool(json, &((struct draft *)object)->option->here, err);
}

static int read_next(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct draft *draft = object;
	struct writ_error why = {0};
	const char *pattern = NULL;

	if (writ_json_string(json, &pattern, err) < 0)
		return -1;
	draft->option->next = writ_regex_new_in(draft->load->arena, pattern, &why);
	if (!draft->option->next)
		return writ_json_error(json, err, "not a regular expression: %s", why.message);
	return 0;
}

static int read_aliases(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct draft *draft = object;

	return writ_json_strings(draft->load->arena, json, false, &draft->option->aliases,
				 &draft->option->n_aliases, err);
}

static int read_class(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct draft *draft = object;
	const char *names[WRIT_CLASS_REMOTE + 1], *name = NULL;

	if (writ_json_string(json, &name, err) < 0)
		return -1;
	if (writ_class_from_string(name, &draft->option->class) == 0)
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		names[i] = writ_class_to_string((enum writ_class)i);
	return writ_load_unknown(json, name, "class", names, ARRAY_SIZE(names), err);
}

static int read_loads(const struct writ_json *json, void *object, struct writ_error *err)
{
	return writ_json_bool(json, &((struct draft *)object)->option->loads, err);
}

/* Options that are there only once a module is loaded. */
static int read_of(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct draft *draft = object;
	const char *const *names = NULL;
	size_t n = 0;

	if (writ_json_strings(draft->load->arena, json, true, &names, &n, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (!writ_command_add_module(draft->option->owner, names[i],
					     &draft->option->modules))
			return writ_json_error(json, err, "there is no module '%s'", names[i]);
	}
	draft->option->of_module = true;
	return 0;
}

/* Linked when all options and operands are there (option_link.c). */
static int read_link(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct draft *draft = object;

	(void)err;
	draft->load->has_links = true;
	if (strcmp(json->key, "behind") == 0)
		draft->option->word = true;
	return 0;
}

static int read_negate(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct draft *draft = object;

	if (writ_json_bool(json, &draft->negate, err) < 0)
		return -1;
	return !draft->negate || draft->option->owner->program->negation
		       ? 0
		       : writ_json_error(json, err, "the program has no negation");
}

static const struct writ_json_field option_fields[] = {
	{"class", false, read_class},     {"value", false, read_value},
	{"short", false, read_short},     {"repeat", false, read_repeat},
	{"here", false, read_here},       {"optional", false, read_optional},
	{"next", false, read_next},       {"aliases", false, read_aliases},
	{"of", false, read_of},           {"negate", false, read_negate},
	{"loads", false, read_loads},     {"behind", false, read_link},
	{"instead_of", false, read_link},
};

/* Long names may be typed as "--name=…", so no "=" in them; GNU's tail has "---presume-input-pipe".
 */
static bool is_long_name(const char *name, enum writ_syntax syntax)
{
	if (!name[0] || (name[0] == '-' && syntax != WRIT_SYNTAX_GETOPT_LONG))
		return false;
	for (const char *p = name; *p; p++)
		if ((unsigned char)*p <= ' ' || *p == 0x7f || *p == '=')
			return false;
	return name[1] || syntax == WRIT_SYNTAX_GOFLAG;
}

/* Whether the option's parts go together, and with the syntax. NULL, or what does not. */
static const char *judge_option(const struct writ_option *option, enum writ_syntax syntax)
{
	bool getopt_like = syntax == WRIT_SYNTAX_GETOPT || syntax == WRIT_SYNTAX_GETOPT_LONG;

	if (syntax == WRIT_SYNTAX_LITERAL)
		return "in the syntax literal there are no options";
	if (option->optional && !option->type)
		return "'optional' is for an option with a value";
	if (option->optional && syntax == WRIT_SYNTAX_GOFLAG)
		return "in the syntax goflag no value is optional";
	if (option->next && !option->optional && !option->word)
		return "'next' is for an option with an optional value";
	if (option->next && !getopt_like && !option->word)
		return "in this syntax the next word is never an optional value";
	if (option->word && (!option->type || option->short_letter || option->n_aliases > 0))
		return "a word behind another option's value has a type, and one name";
	if (option->word && (option->optional || option->of_module || option->loads))
		return "a word behind another option's value is never an option itself";
	if ((option->of_module || option->loads) && syntax != WRIT_SYNTAX_GETOPT_LONG)
		return "in this syntax no options come with modules";
	if (option->of_module && (option->short_letter || option->loads))
		return "an option of a module is a long one, and loads no other";
	if (option->loads && (!option->type || option->optional))
		return "'loads' is for an option whose value names a module";
	if (syntax == WRIT_SYNTAX_GETOPT && (!option->short_letter || option->n_aliases > 0))
		return "in the syntax getopt every option is one letter";
	if (syntax == WRIT_SYNTAX_GOFLAG && option->short_letter && option->name[1])
		return "in the syntax goflag a letter is a name like any other: an alias";
	for (size_t i = 0; i < option->n_aliases; i++)
		if (!is_long_name(option->aliases[i], syntax))
			return "an alias is a long name";
	return NULL;
}

/* An option that the program's negation may stand before means something else then: it is another
 * option, "!source" beside "source", of the same kind. */
static int add_negated(struct writ_load *load, const struct writ_json *json,
		       struct writ_option *option)
{
	struct writ_option *twin = writ_arena_alloc(load->arena, 1, sizeof(*twin));

	if (!twin)
		return no_memory(json, load->err);
	*twin = *option;
	twin->name = writ_arena_printf(load->arena, "%s%s", option->owner->program->negation,
				       option->name);
	if (!twin->name)
		return no_memory(json, load->err);
	twin->word = true;
	twin->long_form = false;
	twin->short_letter = 0;
	twin->aliases = NULL;
	twin->n_aliases = 0;
	option->negated = twin;
	return 0;
}

static int load_option(struct writ_load *load, const struct writ_json *json,
		       const struct writ_command *command, struct writ_option *option)
{
	struct draft draft = {.load = load, .option = option};
	const char *name = writ_arena_strdup(load->arena, json->key), *wrong;
	bool one_letter;

	if (!name)
		return no_memory(json, load->err);
	one_letter = is_letter(name[0]) && !name[1];
	if (!one_letter && !is_long_name(name, command->syntax))
		return writ_json_error(json, load->err, "this is no name of an option");
	option->name = name;
	option->owner = command;
	option->short_letter = one_letter ? name[0] : 0;
	option->long_form = command->syntax == WRIT_SYNTAX_GOFLAG ||
			    (!one_letter && command->syntax != WRIT_SYNTAX_GETOPT);
	if (writ_json_fields(json, option_fields, ARRAY_SIZE(option_fields), &draft, load->err) < 0)
		return -1;
	option->long_form = option->long_form && !option->word;
	wrong = judge_option(option, command->syntax);
	if (!wrong && draft.negate && option->word)
		wrong = "a word behind another option's value is negated with that option";
	if (wrong)
		return writ_json_error(json, load->err, "%s", wrong);
	return draft.negate ? add_negated(load, json, option) : 0;
}

int writ_load_options(struct writ_load *load, const struct writ_json *json,
		      struct writ_command *command)
{
	const struct writ_json **members = writ_load_sorted(load, json);
	struct writ_option *options;

	if (!members)
		return -1;
	options = writ_arena_alloc(load->arena, json->length, sizeof(*options));
	if (!options)
		return no_memory(json, load->err);
	for (size_t i = 0; i < json->length; i++)
		if (load_option(load, members[i], command, &options[i]) < 0)
			return -1;
	command->options = options;
	command->n_options = json->length;
	return writ_load_index_options(load, json, command);
}

/* SPDX-License-Identifier: ISC */
#include "explain.h"

#include <string.h>

#include "arena.h"
#include "matcher.h"
#include "parsed.h"
#include "policy_data.h"
#include "request.h"
#include "text.h"

#define VALUE_MAX 120 /* bytes of a value in a sentence */

const char *writ_command_short_name(struct writ_arena *arena, const struct writ_command *command)
{
	const char *name = NULL;

	if (command->parent && command->parent != command->program &&
	    writ_command_sub(command->program, command->name) == command)
		name = writ_arena_printf(arena, "%s %s", command->program->name, command->name);
	return name ? name : command->path;
}

const char *writ_option_spelling(struct writ_arena *arena, const struct writ_occurrence *occurrence)
{
	const struct writ_option *option = occurrence->option;

	if (option->word || !option->long_form)
		return writ_arena_printf(arena, "%s%s", writ_option_dashes(option), option->name);
	if (option->owner && option->owner->program->syntax == WRIT_SYNTAX_GOFLAG)
		return writ_arena_printf(arena, "-%s", option->name);
	return writ_arena_printf(arena, "--%s", option->name);
}

static bool has_path(const struct writ_matcher *m)
{
	if (m->kind == WRIT_MATCH_PATH)
		return true;
	if (m->kind == WRIT_MATCH_NOT)
		return has_path(m->inner);
	if (m->kind == WRIT_MATCH_ANY || m->kind == WRIT_MATCH_ALL)
		for (size_t i = 0; i < m->list.n; i++)
			if (has_path(m->list.items[i]))
				return true;
	if (m->kind == WRIT_MATCH_FIELDS)
		for (size_t i = 0; i < m->fields.n; i++)
			if (has_path(m->fields.items[i].matcher))
				return true;
	return false;
}

/* "is not in set containers" for the log, "is not one of ollama, open-webui" for people. */
static void say_value(struct writ_arena *arena, const char *kind, const char *name,
		      const char *value, const struct writ_matcher *matcher,
		      struct writ_shortfall *ret)
{
	const char *shown = writ_text_show(arena, value, VALUE_MAX);
	const char *wanted = writ_matcher_describe(arena, matcher);
	const char *is_not;

	if (!shown || !wanted)
		return;
	ret->path = has_path(matcher);
	is_not = strncmp(wanted, "matching ", 9) == 0
			 ? writ_arena_printf(arena, "does not match %s", wanted + 9)
			 : writ_arena_printf(arena, "is not %s", wanted);
	if (matcher->set)
		ret->failed = writ_arena_printf(arena, "%s %s: '%s' is not in set %s", kind, name,
						shown, matcher->set);
	else
		ret->failed = writ_arena_printf(arena, "%s %s: '%s' %s", kind, name, shown, is_not);
	if (ret->path) {
		ret->people =
			writ_arena_printf(arena, "%s is not a path that is allowed here", name);
		return;
	}
	ret->people = writ_arena_printf(arena, "%s '%s' %s", name, shown, is_not);
	ret->instead = writ_arena_printf(arena, "%s %s", name, wanted);
}

void writ_explain_option(struct writ_arena *arena, const struct writ_occurrence *occurrence,
			 const struct writ_matcher *matcher, struct writ_shortfall *ret)
{
	const char *spelling = writ_option_spelling(arena, occurrence);

	if (!spelling)
		return;
	if (matcher && occurrence->option->type && !occurrence->absent) {
		say_value(arena, "option", spelling, occurrence->value.text, matcher, ret);
		return;
	}
	ret->failed = writ_arena_printf(arena,
					matcher ? "option %s: not allowed in this form"
						: "option %s: the rule does not name it",
					spelling);
	ret->people = writ_arena_printf(arena, "%s is not allowed here", spelling);
	ret->instead = writ_arena_printf(arena, "leave out %s", spelling);
	ret->whole = true;
}

/* Of nested commands the innermost shortfall says most: "MODEL 'x/y' is not …". */
static void explain_words(const struct writ_parsed_operand *operand,
			  const struct writ_matcher *matcher, struct writ_eval *eval,
			  struct writ_shortfall *ret)
{
	const char *line = writ_text_command_line(eval->arena, operand->rest, operand->n_rest, 160);
	const char *wanted = writ_matcher_describe_words(eval->arena, matcher);
	const char *name = operand->operand->name;
	struct writ_shortfall inner = {0};

	if (!line || !wanted)
		return;
	writ_words_explain(matcher, operand->rest, operand->n_rest, eval, &inner);
	ret->path = inner.path;
	if (inner.failed) {
		ret->failed = writ_arena_printf(eval->arena, "operand %s: '%s': %s", name, line,
						inner.failed);
		/* What could not be read names the command itself. */
		ret->people = inner.command ? writ_arena_printf(eval->arena, "%s: %s",
								inner.command, inner.people)
					    : inner.people;
		ret->instead = inner.instead;
		ret->whole = true;
		if (inner.instead && !inner.whole && inner.command)
			ret->instead = writ_arena_printf(eval->arena, "%s with %s", inner.command,
							 inner.instead);
		return;
	}
	ret->failed = writ_arena_printf(eval->arena, "operand %s: '%s' is none of %s", name, line,
					wanted);
	ret->people = writ_arena_printf(eval->arena, "the command %s is not allowed there", line);
	ret->instead = writ_arena_printf(eval->arena, "%s %s", name, wanted);
}

void writ_explain_operand(const struct writ_parsed_operand *operand,
			  const struct writ_matcher *matcher, struct writ_eval *eval,
			  struct writ_shortfall *ret)
{
	const char *name = operand->operand->name;

	if (matcher && operand->operand->command) {
		explain_words(operand, matcher, eval, ret);
		return;
	}
	if (matcher) {
		say_value(eval->arena, "operand", name, operand->value.text, matcher, ret);
		return;
	}
	ret->failed = writ_arena_printf(eval->arena, "operand %s: the rule does not name it", name);
	ret->people = writ_arena_printf(eval->arena, "%s must not be given here", name);
	ret->instead = writ_arena_printf(eval->arena, "leave out %s", name);
	ret->whole = true;
}

void writ_explain_required(struct writ_arena *arena, const struct writ_required *required,
			   struct writ_shortfall *ret)
{
	const char *names = "";

	for (size_t i = 0; names && i < required->n; i++) {
		const struct writ_part *part = &required->parts[i];
		names = writ_arena_printf(
			arena, "%s%s%s%s", names, i ? " or " : "",
			part->n_options ? writ_option_dashes(part->options[0]) : "", part->name);
	}
	if (!names)
		return;
	ret->failed = writ_arena_printf(arena, "required: %s is not given", names);
	ret->people = writ_arena_printf(arena, "%s must be given", names);
	ret->instead = writ_arena_printf(arena, "give %s", names);
	ret->whole = true;
}

void writ_explain_command(struct writ_arena *arena, const struct writ_cover *cover,
			  const struct writ_parsed *parsed, struct writ_shortfall *ret)
{
	ret->failed = writ_arena_printf(arena, "command: '%s' is not %s", parsed->command->path,
					cover->n_command_names ? cover->command_names[0] : "");
	ret->people = writ_arena_printf(arena, "%s is not allowed", parsed->command->path);
}

static const char *only_value(const struct writ_value *value, const char *name)
{
	const struct writ_field *field = writ_value_field(value, name);

	return field ? field->values[0] : NULL;
}

/* A bind mount, by --volume or --mount, in words. */
static const char *explain_mount(struct writ_arena *arena, const char *spelling,
				 const struct writ_value *value)
{
	const char *kind = only_value(value, "kind"), *source = only_value(value, "source");

	if (!kind)
		kind = only_value(value, "type");
	if (!kind || strcmp(kind, "bind") != 0 || !source)
		return NULL;
	return writ_arena_printf(arena,
				 "the option %s mounts the host directory %s into the container",
				 spelling, writ_text_show(arena, source, VALUE_MAX));
}

const char *writ_explain_occurrence(struct writ_arena *arena,
				    const struct writ_occurrence *occurrence)
{
	const char *spelling = writ_option_spelling(arena, occurrence), *mount = NULL;

	if (!spelling)
		return NULL;
	if (!occurrence->option->type || occurrence->absent)
		return writ_arena_printf(arena, "the option %s is not allowed", spelling);
	if (occurrence->option->type->kind == WRIT_VALUE_STRUCTURED)
		mount = explain_mount(arena, spelling, &occurrence->value);
	if (mount)
		return mount;
	return writ_arena_printf(arena, "the option %s is not allowed with '%s'", spelling,
				 writ_text_show(arena, occurrence->value.text, VALUE_MAX));
}

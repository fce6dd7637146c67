/* SPDX-License-Identifier: ISC */
/*
 * What a subject may run, for `sudo -l`: a rule's commands on one line, what it names below it.
 * Keys and networks of sessions and all deny rules stay out of it.
 */
#include <string.h>

#include "arena.h"
#include "command.h"
#include "explain.h"
#include "matcher.h"
#include "policy_data.h"
#include "request.h"
#include "subject.h"

/* A text that grows; NULL once memory ran out. */
struct text {
	struct writ_arena *arena;
	const char *s;
};

static void add(struct text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void add(struct text *t, const char *format, ...)
{
	va_list args;
	const char *more;

	if (!t->s)
		return;
	va_start(args, format);
	more = writ_arena_vprintf(t->arena, format, args);
	va_end(args);
	t->s = more ? writ_arena_printf(t->arena, "%s%s", t->s, more) : NULL;
}

static const char *described(struct text *t, const struct writ_matcher *matcher)
{
	const char *s = writ_matcher_describe(t->arena, matcher);

	return s ? s : "…";
}

static bool is_required(const struct writ_cover *cover, const char *name)
{
	for (size_t i = 0; i < cover->n_required; i++)
		for (size_t j = 0; j < cover->required[i].n; j++)
			if (cover->required[i].n == 1 &&
			    strcmp(cover->required[i].parts[j].name, name) == 0)
				return true;
	return false;
}

static bool seen_option(const struct writ_cover *cover, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (strcmp(cover->options[j].option->name, cover->options[i].option->name) == 0)
			return true;
	return false;
}

static bool seen_operand(const struct writ_cover *cover, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (strcmp(cover->operands[j].operand->name, cover->operands[i].operand->name) == 0)
			return true;
	return false;
}

static const char must[] = "  (must be given)";

static void add_option(struct text *t, int indent, const struct writ_cover *cover,
		       const struct writ_option_rule *rule)
{
	const struct writ_option *option = rule->option;

	if (option->short_letter && option->long_form)
		add(t, "%*s-%c, --%s", indent, "", option->short_letter, option->name);
	else
		add(t, "%*s%s%s", indent, "", writ_option_dashes(option), option->name);
	if (option->type)
		add(t, ": %s", described(t, rule->matcher));
	add(t, "%s\n", is_required(cover, option->name) ? must : "");
}

static void add_classes(struct text *t, int indent, unsigned classes)
{
	static const struct {
		enum writ_class class;
		const char *meaning;
	} rows[] = {
		{WRIT_CLASS_DISPLAY, "what is printed and how"},
		{WRIT_CLASS_LIMIT, "limits"},
		{WRIT_CLASS_DETAIL, "details without power over the host"},
	};
	const char *separator = "any option for ";

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!(classes & 1u << rows[i].class))
			continue;
		add(t, "%*s%s%s", separator[0] == ',' ? 0 : indent, "", separator, rows[i].meaning);
		separator = ", ";
	}
	if (classes)
		add(t, "\n");
}

static void add_cover(struct text *t, int indent, const struct writ_cover *cover);

static void add_command_names(struct text *t, int indent, const struct writ_cover *cover)
{
	add(t, "%*s", indent, "");
	for (size_t i = 0; i < cover->n_command_names; i++)
		add(t, "%s%s", i ? ", " : "", cover->command_names[i]);
	add(t, "\n");
}

static void add_vector(struct text *t, int indent, const char *program,
		       const struct writ_vector *vector)
{
	const struct writ_matcher argv = {.kind = WRIT_MATCH_ARGV,
					  .argv = {.vectors = vector, .n = 1}};

	add(t, "%*s%s%s%s\n", indent, "", program ? program : "", program ? " " : "",
	    described(t, &argv));
}

/* The alternatives of a COMMAND... operand, one below the other. */
static void add_words(struct text *t, int indent, const struct writ_matcher *m)
{
	if (m->kind == WRIT_MATCH_TRUE)
		add(t, "%*sanything\n", indent, "");
	for (size_t i = 0; m->kind == WRIT_MATCH_ANY && i < m->list.n; i++)
		add_words(t, indent, m->list.items[i]);
	for (size_t i = 0; m->kind == WRIT_MATCH_ARGV && i < m->argv.n; i++)
		add_vector(t, indent, NULL, &m->argv.vectors[i]);
	if (m->kind != WRIT_MATCH_COMMAND)
		return;
	add_command_names(t, indent, &m->cover);
	add_cover(t, indent + 4, &m->cover);
}

static void add_operand(struct text *t, int indent, const struct writ_cover *cover,
			const struct writ_operand_rule *rule)
{
	const char *name = rule->operand->name;
	const char *given = is_required(cover, name) ? must : "";

	if (!rule->operand->command) {
		add(t, "%*s%s: %s%s\n", indent, "", name, described(t, rule->matcher), given);
		return;
	}
	add(t, "%*s%s:%s\n", indent, "", name, given);
	add_words(t, indent + 4, rule->matcher);
}

static void add_cover(struct text *t, int indent, const struct writ_cover *cover)
{
	for (size_t i = 0; i < cover->n_operands; i++)
		if (!seen_operand(cover, i))
			add_operand(t, indent, cover, &cover->operands[i]);
	for (size_t i = 0; i < cover->n_options; i++)
		if (!seen_option(cover, i))
			add_option(t, indent, cover, &cover->options[i]);
	add_classes(t, indent, cover->classes);
}

static void add_settings(struct text *t, const struct writ_run *run)
{
	add(t, "        as");
	for (size_t i = 0; i < run->n_runas_users; i++)
		add(t, "%s %s", i ? "," : "", run->runas_users[i]);
	if (run->timeout)
		add(t, ", for at most %u seconds", run->timeout);
	if (run->cwd)
		add(t, ", in %s", run->cwd);
	add(t, "\n");
	for (size_t i = 0; i < run->n_env_allow; i++)
		add(t, "        %s=: %s\n", run->env_allow[i].name,
		    described(t, run->env_allow[i].matcher));
}

static void add_rule(struct text *t, const struct writ_rule *rule, bool verbose)
{
	for (size_t i = 0; i < rule->n_vectors; i++)
		add_vector(t, 4, rule->programs[0], &rule->vectors[i]);
	if (!rule->n_programs)
		add_command_names(t, 4, &rule->cover);
	add_cover(t, 8, &rule->cover);
	if (!verbose)
		return;
	add_settings(t, rule->run);
	add(t, "        rule: %s\n", rule->id);
}

const char *writ_policy_list(const struct writ_policy *policy, struct writ_arena *arena,
			     const struct writ_request *subject, bool verbose)
{
	struct text t = {.arena = arena, .s = ""};

	for (size_t i = 0; i < policy->n_rules; i++) {
		const struct writ_rule *rule = policy->rules[i];

		if (!rule->deny && writ_rule_is_for(rule, subject))
			add_rule(&t, rule, verbose);
	}
	return t.s;
}

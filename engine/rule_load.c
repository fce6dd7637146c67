/* SPDX-License-Identifier: ISC */
/* Reading `rules`. */
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "cleanup.h"
#include "condition.h"
#include "error.h"
#include "json.h"
#include "loader.h"
#include "matcher.h"
#include "session_rule.h"
#include "text.h"

/* A rule's members, found by one table; they are read in an order of our own, since options can be
 * read only once the commands are known. */
struct parts {
	const struct writ_json *id, *effect, *command, *program, *argv, *subjects, *options,
		*classes, *operands, *require, *when, *session, *run, *reason, *hint;
};

#define PART(name)                                                                                 \
	static int take_##name(const struct writ_json *json, void *object, struct writ_error *err) \
	{                                                                                          \
		(void)err;                                                                         \
		((struct parts *)object)->name = json;                                             \
		return 0;                                                                          \
	}
PART(id)
PART(effect)
PART(command)
PART(program)
PART(argv)
PART(subjects)
PART(options)
PART(classes)
PART(operands)
PART(require)
PART(when)
PART(session)
PART(run)
PART(reason)
PART(hint)

static const struct writ_json_field fields[] = {
	{"id", true, take_id},
	{"effect", true, take_effect},
	{"command", false, take_command},
	{"program", false, take_program},
	{"argv", false, take_argv},
	{"subjects", false, take_subjects},
	{"options", false, take_options},
	{"classes", false, take_classes},
	{"operands", false, take_operands},
	{"require", false, take_require},
	{"when", false, take_when},
	{"session", false, take_session},
	{"run", false, take_run},
	{"reason", false, take_reason},
	{"hint", false, take_hint},
};

static int no_memory(const struct writ_json *json, struct writ_error *err)
{
	return writ_json_error(json, err, "out of memory");
}

/* Ids stand in logs, in environments and in messages: nothing there needs quoting. */
static int read_id(struct writ_loader *loader, const struct writ_json *json, const char **ret,
		   struct writ_error *err)
{
	static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				   "._:-";
	const char *id = NULL;

	if (writ_json_string(json, &id, err) < 0)
		return -1;
	if (!id[0] || id[strspn(id, safe)] || strlen(id) > 128)
		return writ_json_error(json, err,
				       "an id is made of at most 128 letters, digits and . _ : -");
	*ret = writ_loader_copy(loader, json, err);
	return *ret ? 0 : -1;
}

static int read_effect(const struct writ_json *json, bool *ret_deny, struct writ_error *err)
{
	const char *effect = NULL;

	if (writ_json_string(json, &effect, err) < 0)
		return -1;
	*ret_deny = strcmp(effect, "deny") == 0;
	if (!*ret_deny && strcmp(effect, "allow") != 0)
		return writ_json_error(json, err, "unknown effect '%s': allow or deny", effect);
	return 0;
}

/* Keys that the other effect has: there they would be silently without meaning. */
static int check_effect(const struct parts *p, bool deny, struct writ_error *err)
{
	const struct writ_json *only_allow[] = {p->options, p->classes, p->operands,
						p->require, p->session, p->run};

	if (!deny && p->when)
		return writ_json_error(p->when, err, "an allow rule has no 'when'");
	for (size_t i = 0; deny && i < sizeof(only_allow) / sizeof(only_allow[0]); i++)
		if (only_allow[i])
			return writ_json_error(
				only_allow[i], err,
				"a deny rule has no '%s'; conditions stand under 'when'",
				only_allow[i]->key);
	return 0;
}

static int check_program(const struct writ_json *json, const struct parts *p, bool deny,
			 struct writ_error *err)
{
	const struct writ_json *only_command[] = {p->options, p->classes, p->operands, p->require,
						  p->when};

	if (!p->command == !p->program)
		return writ_json_error(json, err, "a rule has a 'command' or a 'program'");
	if (p->command && p->argv)
		return writ_json_error(p->argv, err, "'argv' goes with 'program'");
	for (size_t i = 0; p->program && i < sizeof(only_command) / sizeof(only_command[0]); i++)
		if (only_command[i])
			return writ_json_error(only_command[i], err, "'%s' goes with 'command'",
					       only_command[i]->key);
	if (p->program && !p->argv && !deny)
		return writ_json_error(json, err,
				       "an allow rule with a 'program' names its 'argv'");
	return 0;
}

static int read_programs(struct writ_loader *loader, const struct parts *p, struct writ_rule *rule,
			 struct writ_error *err)
{
	if (writ_json_strings(loader->arena, p->program, true, &rule->programs, &rule->n_programs,
			      err) < 0)
		return -1;
	for (size_t i = 0; i < rule->n_programs; i++)
		if (rule->programs[i][0] != '/')
			return writ_json_error(p->program, err, "'%s' is no absolute path",
					       rule->programs[i]);
	if (!p->argv)
		return 0;
	return writ_vectors_load(loader, p->argv, &rule->vectors, &rule->n_vectors, err);
}

static const struct writ_subject_group *find_group(const struct writ_policy *policy,
						   const char *name)
{
	for (const struct writ_subject_group *g = policy->subjects; g; g = g->next)
		if (strcmp(g->name, name) == 0)
			return g;
	return NULL;
}

static int read_subjects(struct writ_loader *loader, const struct writ_json *json,
			 struct writ_rule *rule, struct writ_error *err)
{
	const struct writ_subject_group **groups;
	const char *const *names = NULL;
	size_t n = 0;

	if (writ_json_strings(loader->trees, json, true, &names, &n, err) < 0)
		return -1;
	groups = writ_arena_alloc(loader->arena, n, sizeof(*groups));
	if (!groups)
		return no_memory(json, err);
	for (size_t i = 0; i < n; i++) {
		groups[i] = find_group(loader->policy, names[i]);
		if (!groups[i])
			return writ_json_error(json, err, "there is no group of subjects '%s'",
					       names[i]);
	}
	rule->subjects = groups;
	rule->n_subjects = n;
	return 0;
}

static int read_body(struct writ_loader *loader, const struct parts *p, struct writ_rule *rule,
		     struct writ_error *err)
{
	const struct writ_cover_json body = {p->options, p->operands, p->require, p->classes};

	if (p->program)
		return read_programs(loader, p, rule, err);
	if (writ_cover_load_commands(loader, p->command, &rule->cover, err) < 0 ||
	    writ_cover_load(loader, &body, false, &rule->cover, err) < 0)
		return -1;
	if (!p->when)
		return 0;
	return writ_conditions_load(loader, p->when, &rule->cover, &rule->when, &rule->n_when, err);
}

static int read_sentence(struct writ_loader *loader, const struct writ_json *json, const char **ret,
			 struct writ_error *err)
{
	const char *text = NULL;

	if (!json)
		return 0;
	if (writ_json_string(json, &text, err) < 0)
		return -1;
	if (!text[0] || writ_text_scan(text, strlen(text)))
		return writ_json_error(json, err, "expected one sentence on one line");
	*ret = writ_loader_copy(loader, json, err);
	return *ret ? 0 : -1;
}

static int read_run(struct writ_loader *loader, const struct parts *p, struct writ_rule *rule,
		    struct writ_error *err)
{
	struct writ_run *run;

	rule->run = &loader->policy->defaults;
	if (!p->run)
		return 0;
	run = writ_arena_alloc(loader->arena, 1, sizeof(*run));
	if (!run)
		return no_memory(p->run, err);
	rule->run = run;
	return writ_run_load(loader, loader->defaults, p->run, run, err);
}

static int read_rule(struct writ_loader *loader, const struct writ_json *json,
		     struct writ_rule *rule, struct writ_error *err)
{
	struct parts p = {0};

	if (writ_json_fields(json, fields, ARRAY_SIZE(fields), &p, err) < 0 ||
	    read_id(loader, p.id, &rule->id, err) < 0 ||
	    read_effect(p.effect, &rule->deny, err) < 0 || check_effect(&p, rule->deny, err) < 0 ||
	    check_program(json, &p, rule->deny, err) < 0 || read_body(loader, &p, rule, err) < 0 ||
	    read_sentence(loader, p.reason, &rule->reason, err) < 0 ||
	    read_sentence(loader, p.hint, &rule->hint, err) < 0)
		return -1;
	if (p.subjects && read_subjects(loader, p.subjects, rule, err) < 0)
		return -1;
	if (p.session && writ_session_rule_load(loader, p.session, &rule->session, err) < 0)
		return -1;
	return rule->deny ? 0 : read_run(loader, &p, rule, err);
}

int writ_loader_rules(struct writ_loader *loader, const struct writ_json *json,
		      struct writ_error *err)
{
	struct writ_policy *policy = loader->policy;
	const struct writ_rule **rules;
	const struct writ_json **trees;
	struct writ_rule *block;

	if (json->type != WRIT_JSON_ARRAY)
		return writ_json_error(json, err, "expected a list of rules, not %s",
				       writ_json_type_name(json));
	rules = writ_arena_alloc(loader->arena, policy->n_rules + json->length, sizeof(*rules));
	block = writ_arena_alloc(loader->arena, json->length, sizeof(*block));
	trees = writ_arena_alloc(loader->trees, policy->n_rules + json->length, sizeof(*trees));
	if (!rules || !trees || !block)
		return no_memory(json, err);
	if (policy->n_rules) {
		memcpy(rules, policy->rules, policy->n_rules * sizeof(*rules));
		memcpy(trees, loader->rule_json, policy->n_rules * sizeof(*trees));
	}
	policy->rules = rules;
	loader->rule_json = trees;
	writ_each (member, json) {
		block->order = policy->n_rules;
		if (read_rule(loader, member, block, err) < 0)
			return -1;
		trees[policy->n_rules] = member;
		rules[policy->n_rules++] = block++;
	}
	return 0;
}

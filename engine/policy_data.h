/* SPDX-License-Identifier: ISC */
/* A loaded policy as the engine itself sees it. Only the engine includes this. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "cover.h"
#include "policy.h"
#include "run.h"

struct writ_command;
struct writ_condition;
struct writ_matcher;
struct writ_vector;

/* A command file in use. programs: its own list, or the policy's for it. */
struct writ_command_file {
	const char *name;
	const struct writ_command *root;
	const char *const *programs;
	size_t n_programs;
	struct writ_command_file *next;
};

/* `session` of a rule. */
struct writ_session_rule {
	bool tagged_given, tagged;
	const char *const *services, *const *keys, *const *from;
	size_t n_services, n_keys, n_from;
};

struct writ_rule {
	const char *id;
	size_t order;
	bool deny;
	struct writ_cover cover; /* of `command`; none: a rule of `program` */
	const char *const *programs;
	size_t n_programs;
	const struct writ_vector *vectors;
	size_t n_vectors;
	const struct writ_subject_group *const *subjects;
	size_t n_subjects;
	const struct writ_condition *when; /* deny; n_when of them, one is enough */
	size_t n_when;
	const struct writ_session_rule *session; /* NULL: any */
	const struct writ_run *run;              /* allow */
	const char *reason, *hint;
};

struct writ_subject_group {
	const char *name;
	const char *const *users, *const *groups;
	size_t n_users, n_groups;
	struct writ_subject_group *next;
};

/* Which rules speak of a command: sorted by command, then by the rules' order. */
struct writ_rule_entry {
	const struct writ_command *command;
	const struct writ_rule *rule;
};

/* Programs that were looked up without sudo. */
#define WRIT_LOOKUPS_MAX 32
struct writ_lookups {
	struct writ_lookup {
		const char *name, *path; /* path NULL: not found */
	} entries[WRIT_LOOKUPS_MAX];
	size_t n;
};

struct writ_policy {
	struct writ_arena *arena;
	const char *path;
	const char *commands_dir;
	bool trusted;
	char sha256[65];
	struct writ_command_file *commands;
	struct writ_subject_group *subjects;
	const struct writ_rule **rules;
	size_t n_rules;
	const struct writ_rule_entry *index;
	size_t n_index;
	const struct writ_rule **program_rules; /* rules of `program`, in order */
	size_t n_program_rules;
	struct writ_run defaults;
	struct writ_policy_test *tests;
	size_t n_tests;
	struct writ_lookups *lookups;
};

/* The command file of that name if it is loaded, or NULL. */
const struct writ_command_file *writ_policy_command(const struct writ_policy *policy,
						    const char *name);

/* The rules of `command` that speak of this command, in the policy's order: n entries. */
const struct writ_rule_entry *writ_policy_rules_for(const struct writ_policy *policy,
						    const struct writ_command *command,
						    size_t *ret_n);

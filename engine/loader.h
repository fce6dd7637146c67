/* SPDX-License-Identifier: ISC */
/*
 * Loading a policy: what the readers of rules, matchers and settings share while the JSON trees
 * exist. Only the engine includes this.
 */
#pragma once

#include <nettle/sha2.h>
#include <stdbool.h>
#include <stddef.h>

#include "policy_data.h"

struct writ_error;
struct writ_json;
struct writ_matcher_target;

/* A named set, kept as JSON: its members are read anew for every type that they are used on. */
struct writ_set {
	const char *name;
	const struct writ_json *json;
	bool loading; /* a set that refers to itself is an error */
	struct writ_set_use *uses;
	struct writ_set *next;
};

struct writ_loader {
	struct writ_policy *policy;
	struct writ_arena *arena; /* the policy's */
	struct writ_arena *trees; /* the JSON trees', gone after loading */
	const struct writ_policy_options *options;
	struct sha256_ctx digest; /* over the digests of all files read */
	struct writ_set *sets;
	const struct writ_json *defaults;   /* NULL: none given */
	const struct writ_json *programs;   /* "programs" of the policy; NULL: none given */
	const struct writ_json **rule_json; /* in step with the policy's rules */
};

/* Reads, digests and parses one file. NULL with err. */
const struct writ_json *writ_loader_read(struct writ_loader *loader, const char *path,
					 struct writ_error *err);

/* The command file of that name ("docker"), loaded on first use. NULL with err at json. */
const struct writ_command_file *writ_loader_command(struct writ_loader *loader, const char *name,
						    const struct writ_json *json,
						    struct writ_error *err);

/* The matcher that a set is, for this target. NULL with err at json. */
const struct writ_matcher *writ_loader_set(struct writ_loader *loader, const char *name,
					   const struct writ_json *json,
					   const struct writ_matcher_target *target,
					   struct writ_error *err);

int writ_loader_rules(struct writ_loader *loader, const struct writ_json *json,
		      struct writ_error *err);
/* Sorts the rules by command and looks for doubles and for rules without effect; after the last
 * rule. */
int writ_loader_index(struct writ_loader *loader, struct writ_error *err);

int writ_loader_tests(struct writ_loader *loader, const struct writ_json *json,
		      struct writ_error *err);

/* Settings: json is `defaults` or a rule's `run` (either may be NULL), the second laid over the
 * first. */
int writ_run_load(struct writ_loader *loader, const struct writ_json *defaults,
		  const struct writ_json *run, struct writ_run *ret, struct writ_error *err);

/* A string from the tree, copied into the policy's arena; NULL with err without memory. */
const char *writ_loader_copy(struct writ_loader *loader, const struct writ_json *json,
			     struct writ_error *err);

/* SPDX-License-Identifier: ISC */
/*
 * Everything that can be said about a loaded policy without a request: what can never have an
 * effect, and what lets a subject choose more than its author may have meant.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "error.h"

struct writ_arena;
struct writ_policy;

struct writ_lint_finding {
	bool error;           /* a part of the policy can never do what it says; else a warning */
	const char *check;    /* what was looked for, one word: "free-choice" */
	struct writ_error at; /* file, line, JSON path and one sentence */
	const struct writ_lint_finding *next;
};

/*
 * Looks through a policy that was loaded with its tests; its files are read a second time, for the
 * places of what is found. exercised: in step with the policy's rules, whether some test is decided
 * by the rule; NULL: not known, nothing is said about it. The findings, in the order of the rules,
 * belong to the arena; *ret is NULL if there are none. 0, or -1 with err.
 */
int writ_lint(const struct writ_policy *policy, const bool *exercised, struct writ_arena *arena,
	      const struct writ_lint_finding **ret, struct writ_error *err);

/* How many rules the policy has, and the index of the one with this id (the number of rules if
 * there is none). */
size_t writ_policy_n_rules(const struct writ_policy *policy);
size_t writ_policy_rule_index(const struct writ_policy *policy, const char *id);

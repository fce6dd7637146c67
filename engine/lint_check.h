/* SPDX-License-Identifier: ISC */
/* What the checks of writ_lint() share. Only lint*.c include this. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "lint.h"

struct writ_arena;
struct writ_cover;
struct writ_json;
struct writ_matcher;
struct writ_policy;
struct writ_rule;

/* One file of the policy. */
struct writ_lint_file {
	const struct writ_json *json;
	const struct writ_lint_file *next;
};

struct writ_linting {
	const struct writ_policy *policy;
	struct writ_arena *arena;
	const struct writ_lint_file *files; /* in the order in which they were loaded */
	const struct writ_json **rules;     /* in step with the policy's */
	const struct writ_lint_finding **end;
	bool no_memory;
};

/* Adds a finding at a node. */
void writ_lint_warn(struct writ_linting *lint, const struct writ_json *node, const char *check,
		    const char *format, ...) __attribute__((format(printf, 4, 5)));
void writ_lint_fail(struct writ_linting *lint, const struct writ_json *node, const char *check,
		    const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Whether two values say the same; notes and the order of keys do not matter. */
bool writ_lint_same_json(const struct writ_json *a, const struct writ_json *b);

/* How much a matcher leaves to whoever asks. */
enum writ_freedom {
	WRIT_FREEDOM_NONE = 0,
	WRIT_FREEDOM_EXCEPT, /* anything but what it names */
	WRIT_FREEDOM_FULL,
};
enum writ_freedom writ_lint_freedom(const struct writ_matcher *matcher);

/* Whether everything that b matches is matched by a too; false where that is not plain. */
bool writ_lint_matcher_covers(const struct writ_matcher *a, const struct writ_matcher *b);
bool writ_lint_cover_covers(const struct writ_cover *a, const struct writ_cover *b);

/* The checks of one rule, and of everything else. */
void writ_lint_choices(struct writ_linting *lint, const struct writ_rule *rule,
		       const struct writ_json *json);
void writ_lint_shadows(struct writ_linting *lint, const struct writ_rule *rule,
		       const struct writ_json *json);
void writ_lint_effect(struct writ_linting *lint, const struct writ_rule *rule,
		      const struct writ_json *json);
void writ_lint_regexes(struct writ_linting *lint, const struct writ_json *json);
void writ_lint_paths(struct writ_linting *lint, const struct writ_json *json);
void writ_lint_logs(struct writ_linting *lint);

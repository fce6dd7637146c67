/* SPDX-License-Identifier: ISC */
/* The rules that speak of one request, in the policy's order. */
#pragma once

#include <stddef.h>

struct writ_command;
struct writ_policy;
struct writ_request;
struct writ_rule;
struct writ_rule_entry;

struct writ_rule_cursor {
	const struct writ_policy *policy;
	const struct writ_request *request;
	const char *program;
	const struct writ_rule_entry *entries;
	size_t n_entries;
	size_t entry, program_rule; /* the next of either kind */
};

/* command: what the request was parsed as, NULL if it was not; program: the path of what would run.
 */
struct writ_rule_cursor writ_rule_cursor_new(const struct writ_policy *policy,
					     const struct writ_command *command,
					     const char *program,
					     const struct writ_request *request);

/* The next rule whose command or program is the request's and that is for its subject; NULL: none
 * left. */
const struct writ_rule *writ_rule_cursor_next(struct writ_rule_cursor *cursor);

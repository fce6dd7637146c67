/* SPDX-License-Identifier: ISC */
/* `session` of an allow rule: which login the request must come from. */
#pragma once

#include <stdbool.h>

struct writ_arena;
struct writ_error;
struct writ_json;
struct writ_loader;
struct writ_session;
struct writ_session_rule;

int writ_session_rule_load(struct writ_loader *loader, const struct writ_json *json,
			   const struct writ_session_rule **ret, struct writ_error *err);

/* Whether the session (NULL: untagged) satisfies the rule (NULL: any session does). */
bool writ_session_rule_holds(const struct writ_session_rule *rule,
			     const struct writ_session *session);

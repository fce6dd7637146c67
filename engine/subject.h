/* SPDX-License-Identifier: ISC */
/* Which subjects a rule is for. */
#pragma once

#include <stdbool.h>

struct writ_request;
struct writ_rule;

/* Whether the rule names one of the subject's groups of subjects, or none at all. */
bool writ_rule_is_for(const struct writ_rule *rule, const struct writ_request *request);

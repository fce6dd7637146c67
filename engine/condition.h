/* SPDX-License-Identifier: ISC */
/* Conditions of deny rules: `when`. Everything that they do not name is open. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cover.h"
#include "truth.h"

struct writ_error;
struct writ_eval;
struct writ_field_matcher;
struct writ_json;
struct writ_loader;
struct writ_matcher;
struct writ_occurrence;
struct writ_parsed;

enum writ_condition_kind {
	WRIT_CONDITION_OPTION,
	WRIT_CONDITION_OPERAND,
	WRIT_CONDITION_ALL,
	WRIT_CONDITION_NOT,
};

/* A matcher, loaded for the type of one option or operand. */
struct writ_condition_value {
	const void *target; /* struct writ_option or struct writ_operand */
	const struct writ_matcher *matcher;
};

struct writ_condition {
	enum writ_condition_kind kind;
	const struct writ_part *parts; /* one of these names */
	size_t n_parts;
	uint64_t bits;                             /* of all parts' options */
	const struct writ_condition_value *values; /* none: presence is enough */
	size_t n_values;
	const struct writ_condition *inner; /* ALL: n_inner, NOT: one */
	size_t n_inner;
};

/* Reads "when": a list of conditions on the cover's commands. */
int writ_conditions_load(struct writ_loader *loader, const struct writ_json *json,
			 const struct writ_cover *cover, const struct writ_condition **ret,
			 size_t *ret_n, struct writ_error *err);

/* Whether the condition holds. *ret_culprit, where there is one: the occurrence that made it hold.
 */
enum writ_truth writ_condition_eval(const struct writ_condition *condition,
				    const struct writ_parsed *parsed, struct writ_eval *eval,
				    const struct writ_occurrence **ret_culprit);

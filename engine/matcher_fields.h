/* SPDX-License-Identifier: ISC */
/* Matchers on the fields of a structured value ("source" of a mount). Of the engine's own use. */
#pragma once

#include "truth.h"

struct writ_eval;
struct writ_matcher;
struct writ_value;

/* m is of the kind WRIT_MATCH_FIELDS. In an allow rule every field of the value must be named and
 * match; in a deny rule the named ones must be there and match. A value that has no fields: no. */
enum writ_truth writ_matcher_fields_eval(const struct writ_matcher *m,
					 const struct writ_value *value, struct writ_eval *eval);

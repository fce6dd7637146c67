/* SPDX-License-Identifier: ISC */
/*
 * One case of a decisions file: a request as it comes from sudo or from writ check, and what is to
 * be decided. The keys are described in README.md.
 */
#pragma once

#include <stdbool.h>

#include "request.h"

struct writ_arena;
struct writ_decision;
struct writ_error;
struct writ_files;
struct writ_json;

struct decision_case {
	const char *name; /* NULL: the command line */
	unsigned line;
	struct writ_request request;
	struct writ_session session;
	bool allow;
	const struct writ_json *json; /* what else is expected */
};

/* Reads a case. 0, or -1 with err. */
int case_parse(struct writ_arena *arena, const struct writ_json *json, struct decision_case *ret,
	       struct writ_error *err);

/* What differs from the expected, one line for each difference; "" if nothing does. */
const char *case_compare(struct writ_arena *arena, const struct decision_case *c,
			 const struct writ_decision *decision);

/* SPDX-License-Identifier: ISC */
/*
 * What a subject is told when it is refused: two or three lines on standard error, or with
 * WRIT_OUTPUT=json in its environment the decision as one object on one line.
 */
#pragma once

#include <stdbool.h>
#include <sudo_plugin.h>

struct writ_arena;
struct writ_decision;

/* environment: the caller's. */
bool writ_refuse_wants_json(char *const environment[]);

void writ_refuse_say(sudo_printf_t print, struct writ_arena *arena,
		     const struct writ_decision *decision, bool json);

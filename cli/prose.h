/* SPDX-License-Identifier: ISC */
/* Decisions and parsed commands for people: a few lines, safe to show on a terminal. */
#pragma once

struct writ_arena;
struct writ_decision;
struct writ_parsed;

/* Print on standard output. The arena is for what is shown. */
void cli_decision_print(struct writ_arena *arena, const struct writ_decision *decision);
void cli_parsed_print(struct writ_arena *arena, const struct writ_parsed *parsed,
		      const char *program);

/* Text that somebody else chose, made harmless; never NULL. */
const char *cli_show(struct writ_arena *arena, const char *s);

/* SPDX-License-Identifier: ISC */
/*
 * Sentences: why a rule does not cover a request, why a deny rule holds. Called only for refusals,
 * so that an allowed request pays nothing for them. Without memory a text stays NULL and the
 * decision falls back to a fixed sentence.
 */
#pragma once

struct writ_arena;
struct writ_command;
struct writ_cover;
struct writ_eval;
struct writ_matcher;
struct writ_occurrence;
struct writ_parsed;
struct writ_parsed_operand;
struct writ_required;
struct writ_shortfall;

/* matcher NULL: the rule does not name it. */
void writ_explain_option(struct writ_arena *arena, const struct writ_occurrence *occurrence,
			 const struct writ_matcher *matcher, struct writ_shortfall *ret);
void writ_explain_operand(const struct writ_parsed_operand *operand,
			  const struct writ_matcher *matcher, struct writ_eval *eval,
			  struct writ_shortfall *ret);
void writ_explain_required(struct writ_arena *arena, const struct writ_required *required,
			   struct writ_shortfall *ret);
void writ_explain_command(struct writ_arena *arena, const struct writ_cover *cover,
			  const struct writ_parsed *parsed, struct writ_shortfall *ret);

/* "--volume" or "-v", as a person would type the option. */
const char *writ_option_spelling(struct writ_arena *arena,
				 const struct writ_occurrence *occurrence);

/* What an option does in this request, for a deny rule without a reason of its own: "the option
 * --volume mounts the host directory / into the container". */
const char *writ_explain_occurrence(struct writ_arena *arena,
				    const struct writ_occurrence *occurrence);

/* "docker run" for docker container run, where the short name exists; else the full path. */
const char *writ_command_short_name(struct writ_arena *arena, const struct writ_command *command);

/* SPDX-License-Identifier: ISC */
/*
 * The approval plugin can change nothing of how a command runs. What the rule says of it must be so
 * already, by sudoers' doing, or the command is refused.
 */
#pragma once

struct writ_accepted;
struct writ_decision;
struct writ_error;

/* 0, or -1 with err: what the rule wants and sudoers does not do, for the administrator. What a
 * rule merely permits (env.keep, env.allow) and where a bare name is looked up (path) do not
 * matter. */
int writ_agree(const struct writ_decision *decision, const struct writ_accepted *accepted,
	       struct writ_error *err);

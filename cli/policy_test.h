/* SPDX-License-Identifier: ISC */
/* A policy's own tests: each is a request that is decided as sudo's would be. */
#pragma once

struct cli_users;
struct writ_arena;
struct writ_decision;
struct writ_policy;
struct writ_policy_test;

/* Decides one test; *ret is always filled (a refusal without memory) and belongs to arena and
 * policy. Nothing in it is held open. */
void cli_policy_test_decide(const struct writ_policy *policy, const struct writ_policy_test *test,
			    struct cli_users *users, struct writ_arena *arena,
			    struct writ_decision *ret);

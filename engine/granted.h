/* SPDX-License-Identifier: ISC */
/* What was asked of sudo itself (-u, -g, -D, -T, VAR=value), held against a rule's settings. */
#pragma once

#include <stdbool.h>

struct writ_eval;
struct writ_request;
struct writ_run;

struct writ_grant {
	const char *user, *group; /* as whom; group NULL: the user's own */
	const char *cwd;          /* NULL: the caller's */
	unsigned timeout;         /* seconds, 0: none */
	const char *refused;      /* one sentence; NULL: granted */
};

/* True if the settings grant all that was asked; otherwise ret->refused says what they do not. */
bool writ_grant_find(const struct writ_request *request, const struct writ_run *run,
		     struct writ_eval *eval, struct writ_grant *ret);

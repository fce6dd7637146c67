/* SPDX-License-Identifier: ISC */
/*
 * A request: everything a decision depends on besides the policy. The plugin fills it from what
 * sudo says, the CLI from its options, `writ test` from a test; the engine only reads it. All
 * pointers are borrowed and must outlive the decision.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct writ_files;

/* What is known of the caller's login session; see sessions-and-audit in writ_policy(5). */
struct writ_session {
	bool tagged;
	const char *id;
	const char *service;
	const char *key;  /* "SHA256:…" */
	const char *from; /* numeric address */
};

struct writ_request {
	const char *user;          /* the subject's name */
	const char *const *groups; /* names of the subject's groups */
	size_t n_groups;
	char *const *argv; /* argv[0] is the program as typed */
	size_t argc;
	const char *cwd; /* absolute; NULL: unknown (every relative path is unsure) */

	/* What was asked of sudo itself; NULL/0: not asked. */
	const char *runas_user;
	const char *runas_group;
	const char *chdir;      /* -D */
	const char *timeout;    /* -T, as typed */
	const char *const *env; /* VAR=value words, n_env of them */
	size_t n_env;
	const char *option; /* an option of sudo that no policy can grant ("-s", "--chroot"); NULL:
			       none */

	const struct writ_session *session; /* NULL: untagged */
	const struct writ_files *files;     /* an imagined file system; NULL: the real one alone */
	bool installed; /* true: the program must exist on this machine (sudo); false: writ check */
	bool child;     /* a program that an intercepted command starts */
};

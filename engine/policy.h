/* SPDX-License-Identifier: ISC */
/*
 * A loaded policy with the command files that it names: checked whole before anything is decided by
 * it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct writ_arena;
struct writ_command;
struct writ_decision;
struct writ_error;
struct writ_files;
struct writ_policy;
struct writ_request;
struct writ_run;

struct writ_policy_options {
	const char *path;     /* the policy file */
	const char *commands; /* folder of command files */
	bool trusted;         /* every file and folder must be root's alone (the plugin) */
	bool tests;           /* read `tests` too (writ test); otherwise they are only skipped */
	/* Keys of `run` and `defaults` that this sudo cannot do, n of them: a policy that asks for
	 * one does not load. */
	const char *const *lacking;
	size_t n_lacking;
};

/* Loads, includes and checks. NULL with err. _free(NULL) is fine. */
struct writ_policy *writ_policy_load(const struct writ_policy_options *options,
				     struct writ_error *err);
void writ_policy_free(struct writ_policy *policy);

const char *writ_policy_path(const struct writ_policy *policy);
const char *
writ_policy_sha256(const struct writ_policy *policy); /* of every file read, lower hex */

/* The settings of whatever has none of its own: `defaults` over what is built in. */
const struct writ_run *writ_policy_defaults(const struct writ_policy *policy);

/*
 * The decision on one request. Always fills *ret (a refusal if anything fails, memory included);
 * ret's strings live as long as arena and policy. `writ check` and the plugin both call this.
 */
void writ_decide(const struct writ_policy *policy, struct writ_arena *arena,
		 const struct writ_request *request, struct writ_decision *ret);

/* A refusal that needed no policy (it did not load, the vector is too large). */
void writ_decision_refuse(struct writ_decision *ret, const struct writ_request *request, int code,
			  const char *reason, const char *policy_path);

/* What the subject may run, one line a rule, in words an agent can act on; for sudo -l. verbose:
 * with the settings. Without keys, networks, deny rules. From the arena; NULL without memory. */
const char *writ_policy_list(const struct writ_policy *policy, struct writ_arena *arena,
			     const struct writ_request *subject, bool verbose);

/* The PATH that bare program names are looked up in: n folders. */
const char *const *writ_policy_search_path(const struct writ_policy *policy, size_t *ret_n);

/* One of the policy's `tests`. */
struct writ_policy_test {
	const char *file;
	int line;
	char *const *argv;
	size_t argc;
	bool allow;       /* expect */
	const char *rule; /* NULL: not asked */
	const char *code; /* NULL: not asked */
	const char *as, *runas, *cwd;
	const struct writ_files *files;
	struct {
		bool given, tagged;
		const char *service, *key, *from;
	} session;
};
const struct writ_policy_test *writ_policy_tests(const struct writ_policy *policy, size_t *ret_n);

/* Command files for `writ parse`: the command that a program name or path stands for. */
const struct writ_command *writ_commands_find(struct writ_arena *arena, const char *dir,
					      const char *program, struct writ_error *err);

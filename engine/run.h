/* SPDX-License-Identifier: ISC */
/*
 * Settings of the process that is started: `defaults` of the policy, a rule's `run` laid over it,
 * deeply, key by key. Every struct writ_run is complete: the merge is done when the policy is
 * loaded.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "truth.h"

struct writ_arena;
struct writ_error;
struct writ_json;
struct writ_matcher;
struct writ_path_rule;

/* "allow": { "CUDA_VISIBLE_DEVICES": MATCHER } */
struct writ_env_allow {
	const char *name;
	const struct writ_matcher *matcher;
};

struct writ_env_set {
	const char *name, *value;
};

struct writ_rlimit {
	const char *name;  /* "nofile" */
	const char *value; /* as sudo's command_info takes it: "soft,hard", "infinity" */
};

/* What becomes of the programs that an intercepted command starts. */
enum writ_children { WRIT_CHILDREN_POLICY = 0, WRIT_CHILDREN_ALLOW };

struct writ_run {
	const char *const *runas_users; /* first: what is taken when nothing is asked */
	size_t n_runas_users;
	const char *const *runas_groups; /* none: only the user's own */
	size_t n_runas_groups;
	const char *const *path; /* folders for bare program names, and PATH */
	size_t n_path;
	const char *const *env_keep; /* names or globs */
	size_t n_env_keep;
	const struct writ_env_allow *env_allow;
	size_t n_env_allow;
	const struct writ_env_set *env_set;
	size_t n_env_set;
	const char *cwd;                    /* NULL: the caller's */
	const struct writ_path_rule *chdir; /* what sudo -D may ask; NULL: nothing */
	unsigned umask;                     /* 022 */
	unsigned timeout;                   /* seconds; 0: none */
	bool nice_set;
	int nice;
	const struct writ_rlimit *rlimits;
	size_t n_rlimits;
	unsigned closefrom; /* 3 */
	bool use_pty;       /* true */
	bool noexec, intercept, authenticate;
	enum writ_children children;
	const char *apparmor_profile;
	const char *sha256; /* lower-case hex, NULL: any */
	struct {
		bool stdin_, stdout_, stderr_, tty; /* all true */
		const char *dir;                    /* NULL: the default */
		const char *group;
		const char *const *log_servers;
		size_t n_log_servers;
		const char *server_cabundle, *server_cert, *server_key; /* NULL: no TLS material */
		bool server_verify;                                     /* true */
		unsigned server_timeout;                                /* seconds; 0: sudo's own */
		bool required;                                          /* true: no log, no run */
	} iolog;
};

/* SPDX-License-Identifier: ISC */
/*
 * What sudo says to a plugin: who calls, and what was asked of sudo itself. See sudo_plugin(5),
 * "settings" and "user_info". Both vectors come from the front end, not from the caller; the values
 * of the settings are the caller's words.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

struct writ_error;

/* All strings are borrowed from sudo's vectors. */
struct writ_caller {
	const char *user;
	uid_t uid;          /* real */
	gid_t gid;          /* real */
	const char *groups; /* "1001,27": the kernel's list */
	const char *cwd;    /* NULL: sudo could not tell (deleted, unreadable) */
	const char *tty;    /* NULL: none */
	const char *host;
	const char *open_files; /* RLIMIT_NOFILE, "soft,hard"; NULL: not said */
};

struct writ_asked {
	const char *runas_user;  /* -u */
	const char *runas_group; /* -g */
	const char *chdir;       /* -D */
	const char *timeout;     /* -T */
	const char *option;      /* one that no policy can grant ("-s"), or NULL */
	const char *prompt;      /* -p */
	bool noninteractive;     /* -n */
	bool ptrace;             /* this sudo can intercept by ptrace */
	const char *plugin_dir;
};

/* 0, or -1 with err: user, uid or gid is missing or no number. */
int writ_caller_read(struct writ_caller *ret, char *const user_info[], struct writ_error *err);

/* Settings that are not known are ignored, as sudo_plugin(5) asks: the front end does nothing by
 * itself for them that this plugin does not ask back in command_info. */
void writ_asked_read(struct writ_asked *ret, char *const settings[]);

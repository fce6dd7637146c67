/* SPDX-License-Identifier: ISC */
/*
 * What waits to be sent to a log server by sudo_sendlog(8): refused requests, which sudo itself
 * sends nowhere, and commands whose I/O log is kept on this host first. One folder each below
 * WRIT_SPOOL_DIR, root's alone, named by the id of the decision event:
 *
 *   20261121T224009Z-4f2a9c1d00c0ffee/
 *     log.json       who, what, when: the head of an I/O log, in the form that sudo_sendlog reads
 *     timing         of an I/O log; empty
 *     deliver.json   what is to be sent, and where to (writ_spool_item)
 *     exit.json      how the command ended, once it has
 *
 * A folder appears whole or not at all, whatever kills the writer: it is made under a name with a
 * dot, which no reader takes for an item. While the command runs, its folder is locked (flock): by
 * the descriptor that the writer was given, which every process of sudo inherits and no command
 * does.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <time.h>

struct writ_error;
struct writ_event_exit;
struct writ_run;

/* Items that may wait. What comes then is in the event log alone: a subject that is refused again
 * and again while no server can be reached must not fill the disk. */
#define WRIT_SPOOL_MAX 10000

/* Names in an item's folder, and what the drafts begin with. */
#define WRIT_SPOOL_LOG "log.json"
#define WRIT_SPOOL_TIMING "timing"
#define WRIT_SPOOL_DELIVER "deliver.json"
#define WRIT_SPOOL_EXIT "exit.json"
#define WRIT_SPOOL_DRAFT ".new."

struct writ_spool_item {
	const char *event; /* id */
	bool accepted;     /* else refused */
	/* Refused: why, in the words that the subject was told. It is shown in sudo_sendlog's
	 * command line, which everybody on this host can read. */
	const char *reason;
	const char *iolog; /* accepted: folder of the I/O log, or NULL: there is none to be sent */
	const struct writ_run *run; /* its iolog: the servers (at least one), and how to speak TLS
				     */
	/* The head of the I/O log. */
	struct timespec time;
	const char *user, *host;
	const char *cwd, *tty;           /* or NULL */
	const char *runas, *runas_group; /* runas_group: NULL: the user's own */
	uid_t runas_uid;                 /* (uid_t)-1: not known */
	const char *program;
	char *const *argv;
	size_t argc;
	char *const *env; /* "NAME=value", NULL-terminated */
};

/* Adds an item. With ret_lock, it stays locked until every process that has this descriptor
 * (O_CLOEXEC) is gone or has closed it. 0, or -1 with err: nothing is left of it. */
int writ_spool_add(const struct writ_spool_item *item, int *ret_lock, struct writ_error *err);

/* Says in a locked item how its command ended. 0, or -1 with err. */
int writ_spool_end(int lock, const struct writ_event_exit *exit, struct writ_error *err);

/* Opens the spool. With make, it is made if it is missing. A descriptor, or -1 with err (errno
 * ENOENT: there is none). */
int writ_spool_open(bool make, struct writ_error *err);

/* Removes an item, or what is left of one: at once for readers, whatever stops the rest. What is
 * missing already is fine. 0, or -1 with err. */
int writ_spool_remove(int spool, const char *name, struct writ_error *err);

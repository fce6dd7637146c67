/* SPDX-License-Identifier: ISC */
/*
 * A stretch of code that the caller of a set-user-ID program can neither interrupt nor starve: its
 * signals wait, those that cannot wait (SIGSTOP, SIGKILL) are not the caller's to send, and its
 * resource limits and umask do not apply. The caller set the last two before sudo started, and sudo
 * gives the limits back before the plugin's close.
 */
#pragma once

#include <signal.h>
#include <sys/resource.h>
#include <sys/types.h>

struct writ_error;

#define WRIT_GUARD_LIMITS 6

struct writ_guard {
	sigset_t mask;
	struct sigaction xfsz;
	mode_t umask;
	uid_t real, saved; /* user ids that the stretch began with */
	struct rlimit limits[WRIT_GUARD_LIMITS];
};

/* Begins the stretch. 0, or -1 with err if files could still be cut short (RLIMIT_FSIZE is finite
 * and cannot be raised); the stretch has begun in both cases and must be ended. */
int writ_guard_begin(struct writ_guard *guard, struct writ_error *err);
void writ_guard_end(const struct writ_guard *guard);

/* Raises this process's limits for good, for as long as it waits for the command: sudo gives itself
 * the caller's limits back before it starts one, and then cannot write its I/O logs, or is killed
 * over them (RLIMIT_CPU). The command gets its own limits from command_info. Returns as
 * writ_guard_begin. */
int writ_guard_unlimit(struct writ_error *err);

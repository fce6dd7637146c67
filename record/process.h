/* SPDX-License-Identifier: ISC */
/*
 * Processes as the kernel shows them in /proc: parent, start, audit session. A pid alone names
 * nobody, since pids are used again; a pid with its start time does, as long as the machine is not
 * rebooted.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct writ_error;

/* What the kernel calls an unset audit session: a container, or a process that nobody logged in to.
 */
#define WRIT_AUDIT_SESSION_NONE UINT32_MAX

/* Generations that are looked at, far more than any real tree has. */
#define WRIT_ANCESTORS_MAX 256

struct writ_process {
	pid_t pid;
	pid_t parent;   /* 0: none that is visible here */
	uint64_t start; /* since boot, in clock ticks: field 22 of proc_pid_stat(5) */
};

/* A descriptor of /proc (O_CLOEXEC), after seeing that it is the kernel's; -1 with err. */
int writ_proc_open(struct writ_error *err);

/* 0, or -1 with err (ENOENT in errno: there is no such process). pid 0: the calling process. */
int writ_process_read(int proc, pid_t pid, struct writ_process *ret, struct writ_error *err);

/* The audit session and login uid of a process; NONE and (uid_t)-1 if they are unset, or if the
 * kernel has no audit. 0, or -1 with err. */
int writ_process_audit_session(int proc, pid_t pid, uint32_t *ret, struct writ_error *err);
int writ_process_login_uid(int proc, pid_t pid, uid_t *ret, struct writ_error *err);

/* The ancestors of the calling process, its parent first: *ret_n of them, at most
 * WRIT_ANCESTORS_MAX. Each was seen to be the parent of the one before at a moment when that one
 * was alive, so that no process that ends and whose pid is used again meanwhile can put a stranger
 * into the list. 0, or -1 with err. */
int writ_process_ancestors(int proc, struct writ_process ret[], size_t *ret_n,
			   struct writ_error *err);

/* SPDX-License-Identifier: ISC */
/*
 * The program that runs is the one that was decided on: opened once, judged on the descriptor, and
 * executed by that descriptor if it is an ELF program. A script cannot be (its interpreter would
 * open /dev/fd/N again): it runs by its path, which then only root can change, and so its
 * interpreter's.
 */
#pragma once

#include <stdbool.h>

struct writ_error;

struct writ_executable {
	const char *path;
	const char *sha256; /* what its digest must be, or NULL */
	bool for_root; /* it will run as root: it must be root's alone, with all folders above */
	bool by_path;  /* execution by descriptor is not to be had: only root may be able to change
			  it */
	bool preload;  /* what sudo preloads must take effect in it (noexec) */
	int fd;        /* result: what to execute, close-on-exec; -1: by path */
};

/* Fills executable->fd; the caller's to close. 0, or -1 with err: why it must not run. */
int writ_executable_open(struct writ_executable *executable, struct writ_error *err);

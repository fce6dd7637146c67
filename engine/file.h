/* SPDX-License-Identifier: ISC */
/*
 * Files that writ believes: opened once, judged on the descriptor, never by name a second time.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct writ_error;

/* Largest policy or command file, in bytes. */
#define WRIT_FILE_MAX (64u << 20)

/* Opens an absolute path for reading, walking it from "/" folder by folder: every folder and link
 * on the way and the file itself must be root's and not writable by group or others (no folder
 * either that is sticky, unless mounted read-only: path_trust.h; no FUSE file system). Links are
 * followed if root's; the file must be a regular one. The descriptor (O_CLOEXEC), or -1 with err,
 * whose message names what is wrong: "/etc/writ is writable by group (mode 0775)". */
int writ_file_open_trusted(const char *path, struct writ_error *err);

/* Reads a whole regular file of at most WRIT_FILE_MAX bytes. With trusted, by
 * writ_file_open_trusted. *ret_text is the caller's (free), NUL-terminated. 0 or -1 with err (file
 * and message set). */
int writ_file_read(const char *path, bool trusted, char **ret_text, size_t *ret_length,
		   struct writ_error *err);

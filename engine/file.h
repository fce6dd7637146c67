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

/* Opens path for reading, walking it from "/" folder by folder without following links that others
 * could have made: every folder, link and the file itself must be root's and not writable by group or
 * others (a group or world writable folder is accepted nowhere, not even sticky). Links are followed
 * if root's. The descriptor (O_CLOEXEC, O_NOFOLLOW on the last part resolved), or -1 with err. */
int writ_file_open_trusted(const char *path, struct writ_error *err);

/* Reads a whole regular file of at most WRIT_FILE_MAX bytes. With trusted, by writ_file_open_trusted.
 * *ret_text is the caller's (free), NUL-terminated. 0 or -1 with err (file and message set). */
int writ_file_read(const char *path, bool trusted, char **ret_text, size_t *ret_length,
		   struct writ_error *err);

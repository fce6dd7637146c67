/* SPDX-License-Identifier: ISC */
/*
 * An imagined file system in front of the real one (`files` of a policy's test), as path_resolve.c
 * walks it. It is made by writ_files_parse of path.h.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum writ_file_kind {
	WRIT_FILE_MISSING = 0,
	WRIT_FILE_LINK,
	WRIT_FILE_DIRECTORY,
	WRIT_FILE_REGULAR,
};

struct writ_imagined {
	const char *path; /* absolute, without a final slash except for "/" */
	enum writ_file_kind kind;
	const char *target; /* LINK */
	uid_t owner;
	mode_t mode;  /* permission bits */
	bool implied; /* a parent that the test does not name: root's, 0755 */
};

/* Sorted by path; the parents of all that is named are there too. */
struct writ_files {
	const struct writ_imagined *items;
	size_t n;
};

/* What is imagined at a path, or NULL: the real file system is asked. files may be NULL. */
const struct writ_imagined *writ_files_find(const struct writ_files *files, const char *path);

/* The next item from *index on that stands directly in the directory; NULL: no more. */
const struct writ_imagined *writ_files_next(const struct writ_files *files, const char *directory,
					    size_t *index);

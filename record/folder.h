/* SPDX-License-Identifier: ISC */
/*
 * Folders that only root can change, walked from "/" one by one on descriptors: nobody can put
 * another folder or a link in the way.
 */
#pragma once

#include <stdbool.h>
#include <sys/stat.h>
#include <sys/types.h>

struct writ_error;

/* Root's, of that type (S_IFDIR, S_IFREG), and nobody else's to write. */
bool writ_stat_is_roots(const struct stat *st, mode_t type);

/* Opens an absolute path without links in it, O_RDONLY and O_CLOEXEC. Every folder must be root's
 * and nobody else's to write; above the last one a sticky folder (/tmp) will do, since what is
 * root's in it only root can move. With make, up to two folders that are missing at the end are
 * made, mode 0711. A descriptor, or -1 with err; errno is ENOENT if it is missing and was not to be
 * made. */
int writ_folder_open(const char *path, bool make, struct writ_error *err);

/* The same for one folder within another. */
int writ_folder_openat(int parent, const char *name, bool make, mode_t mode,
		       struct writ_error *err);

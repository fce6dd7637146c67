/* SPDX-License-Identifier: ISC */
/*
 * The file that this plugin was loaded from: sudo no longer looks at who could have changed it.
 */
#pragma once

#include <sys/types.h>

struct writ_error;

/* The file, every folder and every link on the way to it must be root's, and nobody else's to
 * write. Above the last folder a sticky one will do (NixOS has its store in one): what is root's in
 * it only root can move. 0, or -1 with err: who could have changed it. */
int writ_own_file_check(struct writ_error *err);

/* The same of any file of that type (S_IFREG, S_IFDIR), by its absolute path. */
int writ_own_file_check_path(const char *path, mode_t type, struct writ_error *err);

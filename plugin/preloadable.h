/* SPDX-License-Identifier: ISC */
/*
 * What an ELF program does with LD_PRELOAD, by which sudo's noexec works.
 */
#pragma once

#include <stdbool.h>

/* Whether what is preloaded takes effect in it: it has a dynamic linker, and is no set-user-ID,
 * set-group-ID or privileged file, in which that linker ignores it. */
bool writ_preloadable_is(int fd);

/* SPDX-License-Identifier: ISC */
/*
 * Scope-bound ownership: a variable marked `auto_…` releases what it holds when it goes out of
 * scope, on every path, so that an early return on an error can leak nothing.
 */
#pragma once

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static inline void writ_cleanup_free(void *p)
{
	free(*(void **)p);
}

static inline void writ_cleanup_close(const int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static inline void writ_cleanup_fclose(FILE **f)
{
	if (*f)
		fclose(*f);
}

static inline void writ_cleanup_closedir(DIR **d)
{
	if (*d)
		closedir(*d);
}

#define auto_free __attribute__((cleanup(writ_cleanup_free)))
#define auto_close __attribute__((cleanup(writ_cleanup_close)))
#define auto_fclose __attribute__((cleanup(writ_cleanup_fclose)))
#define auto_closedir __attribute__((cleanup(writ_cleanup_closedir)))

/* Hands a pointer (or descriptor) out of an auto_… variable and leaves NULL (or -1) behind. */
#define TAKE_PTR(p)                                                                                \
	({                                                                                         \
		__typeof__(p) taken_ = (p);                                                        \
		(p) = NULL;                                                                        \
		taken_;                                                                            \
	})
#define TAKE_FD(fd)                                                                                \
	({                                                                                         \
		int taken_ = (fd);                                                                 \
		(fd) = -1;                                                                         \
		taken_;                                                                            \
	})

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* SPDX-License-Identifier: ISC */
/*
 * One walk from "/" (or the working directory) to where a path leads, component by component, as
 * the kernel goes: through links, `..` and mounts, but with every step looked at. Each step is one
 * O_PATH|O_NOFOLLOW descriptor, judged by fstat; nothing is looked up by name twice.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct writ_arena;
struct writ_files;
struct writ_imagined;

enum writ_resolution {
	WRIT_RESOLVED_UNSURE = 0, /* no permission, a loop, too long, a magic link of /proc, … */
	WRIT_RESOLVED_FOUND,
	WRIT_RESOLVED_MISSING, /* some last part of it does not exist */
};

/* A directory on the resolved path, or the file at its end. */
struct writ_place {
	dev_t dev; /* imagined things have a device of their own */
	ino_t ino;
	mode_t mode;
	uid_t owner;
	nlink_t links;
	uint64_t mount; /* id of the mount that it is seen through; 0: imagined, or not known */
	size_t end; /* length of the resolved text up to and with this place's name; 0 for "/" */
	const struct writ_imagined *imagined; /* NULL: real */
};

struct writ_resolved {
	enum writ_resolution state;
	int error;                       /* UNSURE: an errno; EOPNOTSUPP for a link of /proc */
	const char *text;                /* absolute, without links, "." and ".."; UNSURE: NULL */
	const struct writ_place *places; /* from "/" down to the last thing that exists */
	size_t n_places;
	/* Nobody but root can change: any directory or link that was passed (also those that ".."
	 * or a link left again) … */
	bool way_trusted;
	bool trusted;       /* … nor the file at the end */
	bool links_trusted; /* every link that was followed stood in trusted ways and is root's */
	/* The first thing that others can change; path is NULL if there is none. */
	struct {
		const char *path;
		uid_t owner;
		mode_t mode;
		bool fuse; /* a file system that a user may have made: its modes mean nothing */
	} offender;
};

/* Where a walk ended, as O_PATH descriptors: the very things that were judged. -1: none (imagined,
 * missing, unsure). */
struct writ_resolved_fds {
	int directory; /* the directory found, or the one that the file stands in */
	int file;      /* what was found, if it is no directory */
};

/*
 * Resolves text from cwd (NULL: a relative text is unsure) as whoever runs this; files may be NULL.
 * Magic links (/proc/self, /proc/PID/root, …/fd/N) depend on who looks: unsure.
 * ret_fds, if not NULL, is written in any case; its descriptors are the caller's to close.
 */
void writ_path_resolve(struct writ_arena *arena, const struct writ_files *files, const char *cwd,
		       const char *text, struct writ_resolved *ret,
		       struct writ_resolved_fds *ret_fds);

/* The last place; the state must be FOUND or MISSING. */
static inline const struct writ_place *writ_resolved_last(const struct writ_resolved *resolved)
{
	return &resolved->places[resolved->n_places - 1];
}

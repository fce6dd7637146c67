/* SPDX-License-Identifier: ISC */
#include "path_trust.h"

#include <linux/magic.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>

#include "arena.h"
#include "path_resolve.h"

/* Where another file system begins, it may be one that a user serves: its owners and modes are what
 * that user says. */
static bool is_fuse(const struct writ_place *place, int fd, dev_t above)
{
	struct statfs fs;

	if (fd < 0 || place->dev == above)
		return false;
	return fstatfs(fd, &fs) < 0 || fs.f_type == FUSE_SUPER_MAGIC;
}

/* A directory that its group may write to, if it were not mounted read-only. */
static bool is_read_only(const struct writ_place *place, int fd)
{
	struct statvfs fs;

	if (fd < 0 || !S_ISDIR(place->mode) || !(place->mode & S_ISVTX) || (place->mode & S_IWOTH))
		return false;
	return fstatvfs(fd, &fs) == 0 && (fs.f_flag & ST_RDONLY);
}

/* A link's own mode means nothing. */
static bool is_roots_alone(const struct writ_place *place, int fd)
{
	if (place->owner != 0)
		return false;
	return S_ISLNK(place->mode) || (place->mode & (S_IWGRP | S_IWOTH)) == 0 ||
	       is_read_only(place, fd);
}

void writ_path_judge(struct writ_arena *arena, const struct writ_place *place, int fd, dev_t above,
		     const char *path, struct writ_resolved *ret)
{
	bool fuse = is_fuse(place, fd, above);

	if (is_roots_alone(place, fd) && !fuse)
		return;
	ret->trusted = false;
	if (S_ISLNK(place->mode) || S_ISDIR(place->mode))
		ret->way_trusted = false;
	if (ret->offender.path)
		return;
	ret->offender.path = writ_arena_strdup(arena, path);
	ret->offender.owner = place->owner;
	ret->offender.mode = place->mode;
	ret->offender.fuse = fuse;
}

/* SPDX-License-Identifier: ISC */
#include "path_trust.h"

#include <linux/magic.h>
#include <sys/stat.h>
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

void writ_path_judge(struct writ_arena *arena, const struct writ_place *place, int fd, dev_t above,
		     const char *path, struct writ_resolved *ret)
{
	bool link = S_ISLNK(place->mode), fuse = is_fuse(place, fd, above);

	/* A link's own mode means nothing. */
	if (place->owner == 0 && (link || (place->mode & (S_IWGRP | S_IWOTH)) == 0) && !fuse)
		return;
	ret->trusted = false;
	if (link || S_ISDIR(place->mode))
		ret->way_trusted = false;
	if (ret->offender.path)
		return;
	ret->offender.path = writ_arena_strdup(arena, path);
	ret->offender.owner = place->owner;
	ret->offender.mode = place->mode;
	ret->offender.fuse = fuse;
}

/* SPDX-License-Identifier: ISC */
/*
 * A file system of the test's own, where "/" is an empty tmpfs that is root's: what the engine says
 * of owners, links and mounts can be tried on a real kernel, and nothing of the machine is touched.
 */
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

/* Why there is no world; NULL: there is one. */
static const char *world_missing = "the world was not entered";

/* Group setup: goes into the new world for good. Always 0: the tests skip if world_missing. */
static inline int world_enter(void **state)
{
	(void)state;
	if (geteuid() != 0) {
		world_missing = "not root";
		return 0;
	}
	if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("writ-test", "/tmp", "tmpfs", 0, "mode=0755") < 0) {
		world_missing = "mount namespaces are not permitted";
		return 0;
	}
	if (mkdir("/tmp/proc", 0555) < 0 ||
	    mount("/proc", "/tmp/proc", NULL, MS_BIND | MS_REC, NULL) < 0 || chroot("/tmp") < 0 ||
	    chdir("/") < 0) {
		world_missing = "chroot is not permitted";
		return 0;
	}
	umask(022);
	world_missing = NULL;
	return 0;
}

#define WORLD_OR_SKIP()                                                                            \
	do {                                                                                       \
		if (world_missing) {                                                               \
			fprintf(stderr, "# SKIP: %s\n", world_missing);                            \
			skip();                                                                    \
		}                                                                                  \
	} while (0)

/* Something to make. type: d directory, f file, l link (to target), p FIFO, h hard link, b bind
 * mount, r: the directory is mounted on itself, read-only. */
struct world_item {
	char type;
	const char *path;
	unsigned mode;
	unsigned owner;
	const char *target;
};

static inline int world_file(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	return fd < 0 ? -1 : close(fd);
}

static inline int world_make_one(const struct world_item *item)
{
	switch (item->type) {
	case 'd':
		if (mkdir(item->path, 0700) < 0 && errno != EEXIST)
			return -1;
		break;
	case 'f':
		if (world_file(item->path) < 0)
			return -1;
		break;
	case 'p':
		if (mkfifo(item->path, 0600) < 0)
			return -1;
		break;
	case 'l':
		return symlink(item->target, item->path) < 0 ||
				       lchown(item->path, item->owner, item->owner) < 0
			       ? -1
			       : 0;
	case 'h':
		return link(item->target, item->path);
	case 'b':
		return mount(item->target, item->path, NULL, MS_BIND, NULL);
	case 'r':
		return mount(item->path, item->path, NULL, MS_BIND, NULL) < 0
			       ? -1
			       : mount(NULL, item->path, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY,
				       NULL);
	default:
		errno = EINVAL;
		return -1;
	}
	return chown(item->path, item->owner, 0) < 0 || chmod(item->path, item->mode) < 0 ? -1 : 0;
}

/* Makes all, in order; fails the test if one cannot be made. */
static inline void world_make(const struct world_item *items, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (world_make_one(&items[i]) < 0)
			fail_msg("cannot make %s: %s", items[i].path, strerror(errno));
}

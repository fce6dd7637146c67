/* SPDX-License-Identifier: ISC */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arena.h"
#include "cleanup.h"
#include "error.h"
#include "path_resolve.h"

/* Nothing here may wait: what stands at a path could be a FIFO or a terminal. */
#define OPEN_FLAGS (O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)

static int open_retry(int fd, const char *path, int flags)
{
	int r;

	do
		r = openat(fd, path, flags);
	while (r < 0 && errno == EINTR);
	return r;
}

/* Says who besides root could change a thing. */
static int refuse(const char *path, uid_t owner, mode_t mode, bool fuse, struct writ_error *err)
{
	if (fuse)
		return writ_error_set(err, "%s is on a FUSE file system, which a user may serve",
				      path);
	if (owner != 0)
		return writ_error_set(err, "%s belongs to uid %u, not to root", path,
				      (unsigned)owner);
	return writ_error_set(err, "%s is writable by %s (mode %04o)", path,
			      mode & S_IWOTH ? "others" : "group", (unsigned)(mode & 07777));
}

static int check_resolved(const char *path, const struct writ_resolved *resolved,
			  struct writ_error *err)
{
	if (resolved->state == WRIT_RESOLVED_UNSURE)
		return writ_error_errno(err, resolved->error, "cannot be resolved");
	if (resolved->state == WRIT_RESOLVED_MISSING)
		return writ_error_errno(err, ENOENT, "cannot be opened");
	if (!resolved->trusted)
		return refuse(resolved->offender.path ? resolved->offender.path : path,
			      resolved->offender.owner, resolved->offender.mode,
			      resolved->offender.fuse, err);
	if (!S_ISREG(writ_resolved_last(resolved)->mode))
		return writ_error_set(err, "%s is not a regular file", resolved->text);
	return 0;
}

/* Opens what was resolved, below the directory that it stands in, and judges the descriptor. */
static int open_resolved(const struct writ_resolved *resolved, int directory,
			 struct writ_error *err)
{
	const struct writ_place *last = writ_resolved_last(resolved);
	auto_close int fd =
		open_retry(directory, strrchr(resolved->text, '/') + 1, OPEN_FLAGS | O_NOFOLLOW);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return writ_error_errno(err, errno, "cannot be opened");
	if (st.st_dev != last->dev || st.st_ino != last->ino)
		return writ_error_set(err, "was replaced while it was opened");
	if (!S_ISREG(st.st_mode))
		return writ_error_set(err, "%s is not a regular file", resolved->text);
	if (st.st_uid != 0 || (st.st_mode & (S_IWGRP | S_IWOTH)))
		return refuse(resolved->text, st.st_uid, st.st_mode, false, err);
	return TAKE_FD(fd);
}

static void set_file(struct writ_error *err, const char *path)
{
	if (err)
		snprintf(err->file, sizeof(err->file), "%s", path);
}

int writ_file_open_trusted(const char *path, struct writ_error *err)
{
	struct writ_arena *arena;
	struct writ_resolved resolved;
	struct writ_resolved_fds fds;
	int fd = -1;

	set_file(err, path);
	if (path[0] != '/')
		return writ_error_set(err, "is no absolute path");
	arena = writ_arena_new();
	if (!arena)
		return writ_error_set(err, "no memory");
	writ_path_resolve(arena, NULL, NULL, path, &resolved, &fds);
	if (check_resolved(path, &resolved, err) == 0)
		fd = open_resolved(&resolved, fds.directory, err);
	writ_cleanup_close(&fds.directory);
	writ_cleanup_close(&fds.file);
	writ_arena_free(arena);
	return fd;
}

static int open_any(const char *path, struct writ_error *err)
{
	auto_close int fd = open_retry(AT_FDCWD, path, OPEN_FLAGS);
	struct stat st;

	set_file(err, path);
	if (fd < 0 || fstat(fd, &st) < 0)
		return writ_error_errno(err, errno, "cannot be opened");
	if (!S_ISREG(st.st_mode))
		return writ_error_set(err, "is not a regular file");
	return TAKE_FD(fd);
}

/* Reads to the end, also of a file that grows meanwhile, up to the bound. */
static int read_all(int fd, size_t expected, char **ret_text, size_t *ret_length,
		    struct writ_error *err)
{
	size_t size = expected + 4096, used = 0;
	auto_free char *text = malloc(size);
	ssize_t n;

	for (;;) {
		if (!text)
			return writ_error_set(err, "no memory");
		n = read(fd, text + used, size - used - 1);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return writ_error_errno(err, errno, "cannot be read");
		if (n == 0)
			break;
		used += (size_t)n;
		if (used > WRIT_FILE_MAX)
			return writ_error_set(err, "is larger than %u bytes", WRIT_FILE_MAX);
		if (used + 1 == size) {
			char *more = realloc(text, size *= 2);

			if (!more)
				free(text);
			text = more;
		}
	}
	text[used] = '\0';
	*ret_text = TAKE_PTR(text);
	*ret_length = used;
	return 0;
}

int writ_file_read(const char *path, bool trusted, char **ret_text, size_t *ret_length,
		   struct writ_error *err)
{
	auto_close int fd = trusted ? writ_file_open_trusted(path, err) : open_any(path, err);
	struct stat st;

	if (fd < 0)
		return -1;
	set_file(err, path);
	if (fstat(fd, &st) < 0)
		return writ_error_errno(err, errno, "cannot be read");
	if (st.st_size > (off_t)WRIT_FILE_MAX)
		return writ_error_set(err, "is larger than %u bytes", WRIT_FILE_MAX);
	return read_all(fd, (size_t)st.st_size, ret_text, ret_length, err);
}

/* SPDX-License-Identifier: ISC */
#include "folder.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>

#include "cleanup.h"
#include "error.h"

/* How many folders at the end of a path may be made: /run/writ and sessions in it. A slip of the
 * pen at its beginning makes none. */
#define MADE_MAX 2

#define FOLDER_MODE 0711

bool writ_stat_is_roots(const struct stat *st, mode_t type)
{
	return (st->st_mode & S_IFMT) == type && st->st_uid == 0 &&
	       !(st->st_mode & (S_IWGRP | S_IWOTH));
}

static int open_one(int parent, const char *name)
{
	return openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* Makes a folder that is missing and opens it. Another login may be faster. */
static int make_one(int parent, const char *name, mode_t mode)
{
	auto_close int fd = -1;
	bool made;

	/* Nobody's to enter until it is as it should be. */
	made = mkdirat(parent, name, 0700) == 0;
	if (!made && errno != EEXIST)
		return -1;
	fd = open_one(parent, name);
	if (fd >= 0 && made && (fchown(fd, 0, 0) < 0 || fchmod(fd, mode) < 0))
		return -1;
	return TAKE_FD(fd);
}

int writ_folder_openat(int parent, const char *name, bool make, mode_t mode, struct writ_error *err)
{
	auto_close int fd = open_one(parent, name);
	struct stat st;

	if (fd < 0 && errno == ENOENT && make)
		fd = make_one(parent, name, mode);
	if (fd < 0 || fstat(fd, &st) < 0) {
		int why = errno;

		writ_error_errno(err, why, "%s", name);
		errno = why;
		return -1;
	}
	if (!writ_stat_is_roots(&st, S_IFDIR)) {
		errno = EPERM;
		return writ_error_set(err, "%s is not root's alone to write", name);
	}
	return TAKE_FD(fd);
}

/* Whether what is root's in this folder can be moved or replaced by root alone. */
static bool may_lead(int fd)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return false;
	if (st.st_mode & S_ISVTX)
		st.st_mode &= ~(mode_t)(S_IWGRP | S_IWOTH);
	return writ_stat_is_roots(&st, S_IFDIR);
}

static unsigned count_parts(const char *path)
{
	unsigned n = 0;

	for (const char *c = path; *c; c++)
		n += *c != '/' && (c[1] == '/' || !c[1]);
	return n;
}

/* Goes down one folder: fd becomes the next. */
static int descend(int *fd, const char *name, bool make, struct writ_error *err)
{
	auto_close int parent = *fd;
	struct stat st;
	int why;

	*fd = open_one(parent, name);
	/* What others can write to, they could fill with a folder of theirs first. */
	if (*fd < 0 && errno == ENOENT && make && fstat(parent, &st) == 0 &&
	    writ_stat_is_roots(&st, S_IFDIR))
		*fd = make_one(parent, name, FOLDER_MODE);
	if (*fd >= 0)
		return 0;
	why = errno;
	writ_error_errno(err, why, "%s", name);
	errno = why;
	return -1;
}

static int walk(char *path, bool make, struct writ_error *err)
{
	auto_close int fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	unsigned left = count_parts(path);
	char *save = NULL;

	for (char *name = strtok_r(path, "/", &save); name; name = strtok_r(NULL, "/", &save)) {
		if (fd < 0)
			return writ_error_errno(err, errno, "/");
		if (strcmp(name, "..") == 0 || strcmp(name, ".") == 0)
			return writ_error_set(err, "'%s' is no plain path", name);
		if (!may_lead(fd)) {
			errno = EPERM;
			return writ_error_set(
				err, "the folder above %s is not root's alone to write", name);
		}
		if (descend(&fd, name, make && left <= MADE_MAX, err) < 0)
			return -1;
		left--;
	}
	return TAKE_FD(fd);
}

int writ_folder_open(const char *path, bool make, struct writ_error *err)
{
	struct writ_error within = {0};
	auto_close int fd = -1;
	char copy[PATH_MAX];
	struct stat st;
	int why;

	if (*path != '/' || strlen(path) >= sizeof(copy))
		return writ_error_set(err, "%s is no absolute path", path);
	strcpy(copy, path);
	fd = walk(copy, make, &within);
	if (fd < 0) {
		why = errno;
		writ_error_set(err, "%.200s: %.250s", path, within.message);
		errno = why;
		return -1;
	}
	if (fstat(fd, &st) < 0 || !writ_stat_is_roots(&st, S_IFDIR)) {
		errno = EPERM;
		return writ_error_set(err, "%s is not root's alone to write", path);
	}
	return TAKE_FD(fd);
}

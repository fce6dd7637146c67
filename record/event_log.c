/* SPDX-License-Identifier: ISC */
#include "event_log.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>

#include "cleanup.h"
#include "config.h"
#include "error.h"
#include "guard.h"

#define LOCK_FILE "events.lock"
#define LOG_FILE "events.jsonl"

/* Root's, and nobody else's to change. */
static bool trusted(const struct stat *st, mode_t type)
{
	return (st->st_mode & S_IFMT) == type && st->st_uid == 0 &&
	       !(st->st_mode & (S_IWGRP | S_IWOTH));
}

static int open_folder(const char *path)
{
	return open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* The group that reads system logs, where there is one. Asked for only when something is made. */
static gid_t log_group(void)
{
	const struct group *group = getgrnam("adm");

	return group ? group->gr_gid : 0;
}

static int make_folder(const char *path, mode_t mode, gid_t group, struct writ_error *err)
{
	auto_close int parent = -1, made = -1;
	char above[PATH_MAX];
	struct stat st;

	if (strlen(path) >= sizeof(above))
		return writ_error_set(err, "%s: the path is too long", path);
	strcpy(above, path);
	*strrchr(above, '/') = '\0';
	parent = open_folder(*above ? above : "/");
	if (parent < 0 || fstat(parent, &st) < 0)
		return writ_error_errno(err, errno, "%s", above);
	if (!trusted(&st, S_IFDIR))
		return writ_error_set(err, "%s is missing and the folder above is not root's alone",
				      path);
	/* Nobody's to enter until it has its owner. Another writer may have been faster. */
	if (mkdirat(parent, strrchr(path, '/') + 1, 0700) < 0)
		return errno == EEXIST ? 0 : writ_error_errno(err, errno, "%s", path);
	made = open_folder(path);
	if (made < 0 || fchown(made, 0, group) < 0 || fchmod(made, mode) < 0)
		return writ_error_errno(err, errno, "%s", path);
	return 0;
}

/* Opens one of the log's folders, making it if it is missing. */
static int need_folder(const char *path, mode_t mode, bool for_logs, struct writ_error *err)
{
	auto_close int fd = open_folder(path);
	struct stat st;

	if (fd < 0 && errno == ENOENT) {
		if (make_folder(path, mode, for_logs ? log_group() : 0, err) < 0)
			return -1;
		fd = open_folder(path);
	}
	if (fd < 0 || fstat(fd, &st) < 0)
		return writ_error_errno(err, errno, "%s", path);
	if (!trusted(&st, S_IFDIR))
		return writ_error_set(err, "%s is not root's alone to write", path);
	return TAKE_FD(fd);
}

/* Waits for the lock by trying: a blocked flock cannot be given up again while signals are blocked.
 */
static int wait_for_lock(int fd, struct writ_error *err)
{
	struct timespec now, end, pause = {.tv_nsec = 500 * 1000};

	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += WRIT_EVENT_LOG_PATIENCE;
	while (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return writ_error_errno(err, errno, "%s/%s", WRIT_RUN_DIR, LOCK_FILE);
		clock_gettime(CLOCK_MONOTONIC, &now);
		if (now.tv_sec > end.tv_sec ||
		    (now.tv_sec == end.tv_sec && now.tv_nsec >= end.tv_nsec))
			return writ_error_set(err, "%s/%s is held by another process", WRIT_RUN_DIR,
					      LOCK_FILE);
		nanosleep(&pause, NULL);
		if (pause.tv_nsec < 16 * 1000 * 1000)
			pause.tv_nsec *= 2;
	}
	return 0;
}

/* The lock, held until the descriptor is closed; nothing is ever in the file. */
static int take_lock(struct writ_error *err)
{
	auto_close int folder = need_folder(WRIT_RUN_DIR, 0711, false, err), fd = -1;
	struct stat st;

	if (folder < 0)
		return -1;
	fd = openat(folder, LOCK_FILE, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC,
		    0600);
	if (fd < 0 || fstat(fd, &st) < 0)
		return writ_error_errno(err, errno, "%s/%s", WRIT_RUN_DIR, LOCK_FILE);
	/* A set-user-ID program's new files have the caller's group. */
	if (st.st_gid != 0 && fchown(fd, 0, 0) < 0)
		return writ_error_errno(err, errno, "%s/%s", WRIT_RUN_DIR, LOCK_FILE);
	/* Whoever may read it could hold the lock. */
	if (!trusted(&st, S_IFREG) || st.st_mode & (S_IRWXG | S_IRWXO))
		return writ_error_set(err, "%s/%s is not root's alone", WRIT_RUN_DIR, LOCK_FILE);
	if (wait_for_lock(fd, err) < 0)
		return -1;
	return TAKE_FD(fd);
}

static int open_log(struct writ_error *err)
{
	const int flags = O_RDWR | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
	auto_close int folder = need_folder(WRIT_EVENT_DIR, 0750, true, err), fd = -1;
	struct stat st;

	if (folder < 0)
		return -1;
	fd = openat(folder, LOG_FILE, flags);
	if (fd < 0 && errno == ENOENT) {
		fd = openat(folder, LOG_FILE, flags | O_CREAT | O_EXCL, 0600);
		if (fd >= 0 && (fchown(fd, 0, log_group()) < 0 || fchmod(fd, 0640) < 0))
			return writ_error_errno(err, errno, "%s/%s", WRIT_EVENT_DIR, LOG_FILE);
	}
	if (fd < 0 || fstat(fd, &st) < 0)
		return writ_error_errno(err, errno, "%s/%s", WRIT_EVENT_DIR, LOG_FILE);
	if (!trusted(&st, S_IFREG))
		return writ_error_set(err, "%s/%s is not a regular file of root's alone",
				      WRIT_EVENT_DIR, LOG_FILE);
	return TAKE_FD(fd);
}

/* Appends under the lock. What a dead writer left without a newline gets one first. */
static int write_line(int fd, const char *line, size_t length, struct writ_error *err)
{
	struct iovec parts[3] = {{(char *)"\n", 0}, {(char *)line, length}, {(char *)"\n", 1}};
	struct stat st;
	char last;
	ssize_t n;
	int why;

	if (fstat(fd, &st) < 0 || (st.st_size > 0 && pread(fd, &last, 1, st.st_size - 1) != 1))
		return writ_error_errno(err, errno, "%s/%s", WRIT_EVENT_DIR, LOG_FILE);
	parts[0].iov_len = st.st_size > 0 && last != '\n';
	errno = 0;
	n = writev(fd, parts, ARRAY_SIZE(parts));
	if (n == (ssize_t)(parts[0].iov_len + length + 1))
		return 0;
	why = errno ? errno : ENOSPC;
	if (n > 0 && ftruncate(fd, st.st_size) < 0)
		return writ_error_errno(err, errno,
					"%s/%s was written in part, and cutting it back failed",
					WRIT_EVENT_DIR, LOG_FILE);
	return writ_error_errno(err, why, "%s/%s", WRIT_EVENT_DIR, LOG_FILE);
}

static int append(const char *line, size_t length, struct writ_error *err)
{
	auto_close int lock = take_lock(err);
	auto_close int fd = -1;

	if (lock < 0)
		return -1;
	/* Only now: the file of before may have been rotated away meanwhile. */
	fd = open_log(err);
	if (fd < 0)
		return -1;
	return write_line(fd, line, length, err);
}

int writ_event_log_append(const char *line, size_t length, struct writ_error *err)
{
	struct writ_guard guard;
	int ret;

	ret = writ_guard_begin(&guard, err);
	if (ret == 0)
		ret = append(line, length, err);
	writ_guard_end(&guard);
	return ret;
}

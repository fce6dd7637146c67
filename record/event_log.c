/* SPDX-License-Identifier: ISC */
#include "event_log.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/fsuid.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <time.h>

#include "cleanup.h"
#include "config.h"
#include "error.h"
#include "folder.h"
#include "guard.h"
#include "timestamp.h"

#define LOCK_FILE "events.lock"
#define LOG_FILE "events.jsonl"

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

/* What is made has its group and mode from the first moment on: a writer that is killed leaves
 * nothing half made, and a set-user-ID program's new files would have the caller's group. */
static int make(int folder, const char *name, int flags, mode_t mode, gid_t group)
{
	gid_t before = (gid_t)setfsgid(group);
	int ret, why;

	ret = flags & O_DIRECTORY ? mkdirat(folder, name, mode)
				  : openat(folder, name, flags | O_CREAT, mode);
	why = errno;
	setfsgid(before);
	errno = why;
	return ret;
}

static int make_folder(const char *path, mode_t mode, gid_t group, struct writ_error *err)
{
	auto_close int parent = -1;
	char above[PATH_MAX];
	struct stat st;

	if (strlen(path) >= sizeof(above))
		return writ_error_set(err, "%s: the path is too long", path);
	strcpy(above, path);
	*strrchr(above, '/') = '\0';
	parent = open_folder(*above ? above : "/");
	if (parent < 0 || fstat(parent, &st) < 0)
		return writ_error_errno(err, errno, "%s", above);
	if (!writ_stat_is_roots(&st, S_IFDIR))
		return writ_error_set(err, "%s is missing and the folder above is not root's alone",
				      path);
	/* Another writer may have been faster. */
	if (make(parent, strrchr(path, '/') + 1, O_DIRECTORY, mode, group) < 0 && errno != EEXIST)
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
	if (!writ_stat_is_roots(&st, S_IFDIR))
		return writ_error_set(err, "%s is not root's alone to write", path);
	return TAKE_FD(fd);
}

/* Who holds the lock, for the administrator: as /proc/locks has it; 0 if that does not say. */
static int holder(int fd)
{
	unsigned major, minor;
	unsigned long inode;
	char line[200];
	struct stat st;
	FILE *locks;
	int pid = 0;

	if (fstat(fd, &st) < 0 || !(locks = fopen("/proc/locks", "re")))
		return 0;
	while (!pid && fgets(line, sizeof(line), locks))
		if (sscanf(line, "%*s FLOCK %*s %*s %d %x:%x:%lu", &pid, &major, &minor, &inode) !=
			    4 ||
		    inode != st.st_ino || makedev(major, minor) != st.st_dev)
			pid = 0;
	fclose(locks);
	return pid;
}

static int give_up(int fd, struct writ_error *err)
{
	int pid = holder(fd);

	if (pid > 0)
		return writ_error_set(err, "%s/%s is held by process %d", WRIT_RUN_DIR, LOCK_FILE,
				      pid);
	return writ_error_set(err, "%s/%s is held by another process", WRIT_RUN_DIR, LOCK_FILE);
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
			return give_up(fd, err);
		nanosleep(&pause, NULL);
		if (pause.tv_nsec < 16 * 1000 * 1000)
			pause.tv_nsec *= 2;
	}
	return 0;
}

static int open_lock(int folder, struct writ_error *err)
{
	const int flags = O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
	auto_close int fd = make(folder, LOCK_FILE, flags, 0600, 0);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return writ_error_errno(err, errno, "%s/%s", WRIT_RUN_DIR, LOCK_FILE);
	/* Whoever may read it could hold the lock. */
	if (!writ_stat_is_roots(&st, S_IFREG) || st.st_mode & (S_IRWXG | S_IRWXO))
		return writ_error_set(err, "%s/%s is not root's alone", WRIT_RUN_DIR, LOCK_FILE);
	return TAKE_FD(fd);
}

/* Whether it is still the file of that name: somebody may have cleared the folder meanwhile, and
 * others lock a new one. */
static bool is_lock(int folder, int fd)
{
	struct stat named, held;

	return fstatat(folder, LOCK_FILE, &named, AT_SYMLINK_NOFOLLOW) == 0 &&
	       fstat(fd, &held) == 0 && named.st_dev == held.st_dev && named.st_ino == held.st_ino;
}

/* The lock, held until the descriptor is closed; nothing is ever in the file. */
static int take_lock(struct writ_error *err)
{
	for (int tries = 0; tries < 3; tries++) {
		auto_close int folder = need_folder(WRIT_RUN_DIR, 0711, false, err);
		auto_close int fd = folder < 0 ? -1 : open_lock(folder, err);

		if (fd < 0 || wait_for_lock(fd, err) < 0)
			return -1;
		if (is_lock(folder, fd))
			return TAKE_FD(fd);
	}
	return writ_error_set(err, "%s/%s is deleted again and again", WRIT_RUN_DIR, LOCK_FILE);
}

static int open_log(struct writ_error *err)
{
	const int flags = O_RDWR | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
	auto_close int folder = need_folder(WRIT_EVENT_DIR, 0750, true, err), fd = -1;
	struct stat st;

	if (folder < 0)
		return -1;
	fd = openat(folder, LOG_FILE, flags);
	if (fd < 0 && errno == ENOENT)
		fd = make(folder, LOG_FILE, flags, 0640, log_group());
	if (fd < 0 || fstat(fd, &st) < 0)
		return writ_error_errno(err, errno, "%s/%s", WRIT_EVENT_DIR, LOG_FILE);
	if (!writ_stat_is_roots(&st, S_IFREG))
		return writ_error_set(err, "%s/%s is not a regular file of root's alone",
				      WRIT_EVENT_DIR, LOG_FILE);
	return TAKE_FD(fd);
}

/* The line in parts: what comes before its time, the time of now, and the rest. What does not begin
 * as an event stays as it is, in the last part. */
static void split(const char *line, size_t length, char now[WRIT_TIMESTAMP_MAX],
		  struct iovec ret[3])
{
	static const char opening[] = "{\"time\":\"";
	const size_t from = sizeof(opening) - 1, to = from + WRIT_TIMESTAMP_SIZE - 1;
	struct timespec time;

	ret[0] = ret[1] = (struct iovec) {0};
	ret[2] = (struct iovec) {(char *)line, length};
	if (length <= to || memcmp(line, opening, from) != 0 ||
	    clock_gettime(CLOCK_REALTIME, &time) < 0)
		return;
	writ_timestamp_write(&time, now);
	if (strlen(now) != to - from || line[to] != '"')
		return;
	ret[0] = (struct iovec) {(char *)line, from};
	ret[1] = (struct iovec) {now, to - from};
	ret[2] = (struct iovec) {(char *)line + to, length - to};
}

/* Some file systems (NFS, FUSE) say only when a descriptor is closed that there was no room. */
static int flush(int fd)
{
	int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);

	return copy < 0 ? -1 : close(copy);
}

/* Appends under the lock. What a dead writer left without a newline gets one first. */
static int write_line(int fd, const char *line, size_t length, struct writ_error *err)
{
	struct iovec parts[5] = {{(char *)"\n", 0}, [4] = {(char *)"\n", 1}};
	char last, now[WRIT_TIMESTAMP_MAX];
	struct stat st;
	ssize_t n;
	int why;

	if (fstat(fd, &st) < 0 || (st.st_size > 0 && pread(fd, &last, 1, st.st_size - 1) != 1))
		return writ_error_errno(err, errno, "%s/%s", WRIT_EVENT_DIR, LOG_FILE);
	parts[0].iov_len = st.st_size > 0 && last != '\n';
	split(line, length, now, parts + 1);
	errno = 0;
	n = writev(fd, parts, ARRAY_SIZE(parts));
	if (n == (ssize_t)(parts[0].iov_len + length + 1) && flush(fd) == 0)
		return 0;
	why = errno ? errno : ENOSPC;
	if (n > 0 && ftruncate(fd, st.st_size) < 0)
		return writ_error_errno(err, errno,
					"%s/%s was written in part, and cutting it back failed",
					WRIT_EVENT_DIR, LOG_FILE);
	return writ_error_errno(err, why, "%s/%s", WRIT_EVENT_DIR, LOG_FILE);
}

/* Whether the file that was written to is gone: rotated away since it was opened, compressed and
 * deleted. That takes two rotations, which only a writer that was frozen meanwhile can meet. */
static bool is_gone(int fd)
{
	struct stat st;

	return fstat(fd, &st) < 0 || st.st_nlink == 0;
}

static int append(const char *line, size_t length, struct writ_error *err)
{
	auto_close int lock = take_lock(err);

	if (lock < 0)
		return -1;
	for (int tries = 0; tries < 3; tries++) {
		/* Only now: the file of before may have been rotated away meanwhile. */
		auto_close int fd = open_log(err);

		if (fd < 0 || write_line(fd, line, length, err) < 0)
			return -1;
		if (!is_gone(fd))
			return 0;
	}
	return writ_error_set(err, "%s/%s is deleted while it is written", WRIT_EVENT_DIR,
			      LOG_FILE);
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

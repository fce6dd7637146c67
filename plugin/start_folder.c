/* SPDX-License-Identifier: ISC */
#include "start_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "arena.h"
#include "cleanup.h"
#include "error.h"
#include "own_file.h"
#include "target.h"

int writ_start_folder_open(const char *path, struct writ_arena *arena, const char **ret_path,
			   struct writ_error *err)
{
	auto_close int fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	char link[32], where[PATH_MAX];
	ssize_t n;

	if (fd < 0)
		return writ_error_errno(err, errno, "%.300s", path);
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, where, sizeof(where) - 1);
	if (n < 0)
		return writ_error_errno(err, errno, "%s", link);
	where[n] = '\0';
	*ret_path = writ_arena_strdup(arena, where);
	if (*where != '/' || n == sizeof(where) - 1 || !*ret_path)
		return writ_error_set(err, "where %.300s is cannot be told", path);
	return TAKE_FD(fd);
}

/* In a process of its own, which is the target user's for good. */
static int walk_as(const struct writ_target *target, const char *path, const struct stat *want)
{
	struct stat st;
	int fd;

	if (initgroups(target->user, target->gid) < 0 ||
	    setresgid(target->gid, target->gid, target->gid) < 0 ||
	    setresuid(target->uid, target->uid, target->uid) < 0)
		return errno;
	fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0)
		return errno;
	return st.st_dev == want->st_dev && st.st_ino == want->st_ino ? 0 : ENOENT;
}

int writ_start_folder_admits(int fd, const char *path, const struct writ_target *target,
			     struct writ_error *err)
{
	struct stat want;
	int status = 0;
	pid_t pid;

	if (target->uid == 0)
		return 0;
	if (fstat(fd, &want) < 0)
		return writ_error_errno(err, errno, "%.300s", path);
	pid = fork();
	if (pid == 0)
		_exit(walk_as(target, path, &want));
	while (pid > 0 && waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			pid = -1;
	if (pid < 0)
		return writ_error_errno(err, errno, "%.300s", path);
	if (status == 0)
		return 0;
	return writ_error_errno(err, WIFEXITED(status) ? WEXITSTATUS(status) : EINTR,
				"%.300s, for %s", path, target->user);
}

int writ_start_folder_check(const char *path, struct writ_arena *arena, struct writ_error *err)
{
	const char *where;
	auto_close int fd = writ_start_folder_open(path, arena, &where, err);

	if (fd < 0)
		return -1;
	if (strcmp(path, where) != 0)
		return writ_error_set(err, "%.300s is another folder's path", path);
	return writ_own_file_check_path(path, S_IFDIR, err);
}

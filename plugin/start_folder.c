/* SPDX-License-Identifier: ISC */
#include "start_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arena.h"
#include "cleanup.h"
#include "error.h"
#include "own_file.h"

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
